"""The examples of deployment work: valid configuration, and a proxy that reaches the server."""

import json
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import create_connection, socket
from time import sleep

import pytest
from conftest import Server

from graph.files import ROOT
from graph.settings import Settings

DEPLOY = ROOT / "docs" / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "convocation.service").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
COPIED = [path for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for path in line.split()]
EXPOSED = 2.5  # of 10, by `systemd-analyze security`


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("path", COPIED)
def test_the_image_copies_nothing_that_is_not_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.slow
def test_what_the_image_copies_is_enough_to_build_the_wheel(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for path in COPIED:
        copy = shutil.copytree if (ROOT / path).is_dir() else shutil.copy
        copy(ROOT / path, source / path)
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(source)], check=True, timeout=300)
    assert list(tmp_path.glob("convocation-*.whl"))


def test_the_image_runs_as_a_user_without_privileges_and_has_no_secret() -> None:
    assert instructions("USER") == ["convocation"]
    assert DOCKERFILE.index("USER convocation") < DOCKERFILE.index("ENTRYPOINT")
    assert not re.search(r"TOKEN|PASSWORD|https?://[^k1]", DOCKERFILE)


def test_the_image_installs_nothing_without_the_pins() -> None:
    assert "PIP_CONSTRAINT=/source/constraints.txt" in DOCKERFILE
    assert DOCKERFILE.index("PIP_CONSTRAINT=") < DOCKERFILE.index("pip install")


def test_the_image_sets_no_setting_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in instructions("ENV")[2:]:
        for name, _, value in (word.partition("=") for word in words.split()):
            monkeypatch.setenv(name, value)
    assert Settings.from_environment().home == "/data"


def test_the_health_check_of_the_image_passes_with_a_server_and_fails_without(serve: Callable[..., Server]) -> None:
    command = json.loads(re.findall(r"^HEALTHCHECK .*? CMD (.*)$", DOCKERFILE, re.MULTILINE)[0])
    for port, code in ((str(serve().port), 0), (str(unused()), 1)):
        done = subprocess.run(
            [sys.executable, *command[1:]], env={"CONVOCATION_PORT": port}, capture_output=True, timeout=30, check=False
        )
        assert done.returncode == code


def unused() -> int:
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_the_environment_of_the_service_has_only_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (DEPLOY / "convocation.env").read_text(encoding="utf-8").splitlines()
    for name, _, value in (line.partition("=") for line in lines if line and not line.startswith("#")):
        monkeypatch.setenv(name, value)
    settings = Settings.from_environment()
    assert (settings.base, settings.proxies, settings.token) == ("https://uni.example/kg/", 1, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze on this machine")
def test_the_unit_is_valid_and_allows_little(tmp_path: Path) -> None:
    unit = tmp_path / "convocation.service"
    unit.write_text(UNIT.replace("/opt/convocation/bin/convocation", sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []
    command = ["systemd-analyze", "security", "--offline=yes", str(unit)]
    text = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    [level] = re.findall(r"Overall exposure level for \S+: (\d+\.\d+)", text)
    assert float(level) <= EXPOSED


@contextmanager
def proxied(folder: Path, upstream: int) -> Iterator[int]:
    """Run nginx with the example in front of a server, and yield its port for HTTPS."""
    plain, secure = unused(), unused()
    certificate = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=uni.example -keyout key.pem -out cert.pem"
    subprocess.run(["openssl", *certificate.split()], cwd=folder, check=True, capture_output=True, timeout=60)
    text = re.sub(r"^.*listen \[::\].*\n", "", NGINX, flags=re.MULTILINE)
    for old, new in {
        "127.0.0.1:5000": f"127.0.0.1:{upstream}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen 443": f"listen 127.0.0.1:{secure}",
        "/etc/letsencrypt/live/uni.example/fullchain.pem": str(folder / "cert.pem"),
        "/etc/letsencrypt/live/uni.example/privkey.pem": str(folder / "key.pem"),
    }.items():
        assert old in text
        text = text.replace(old, new)
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    head = f"daemon off;\npid {folder}/pid;\nerror_log {folder}/errors;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{head}http {{\naccess_log off;\n{paths}{text}}}\n", encoding="utf-8")
    nginx = [
        shutil.which("nginx") or "",
        "-p",
        str(folder),
        "-e",
        str(folder / "errors"),
        "-c",
        str(folder / "nginx.conf"),
    ]
    subprocess.run([*nginx, "-t"], check=True, capture_output=True, timeout=30)
    with subprocess.Popen(nginx) as process:
        _await(secure)
        yield secure
        process.terminate()


def _await(port: int) -> None:
    for _ in range(100):
        try:
            create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise AssertionError("nginx does not listen")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("nginx"), reason="there is no nginx on this machine")
def test_the_proxy_serves_the_graph_below_its_path_and_hides_no_client(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    server = serve(base="https://uni.example/kg/", proxies="1", rate="3/minute", home=str(tmp_path / "home"))
    trusting = ssl.create_default_context()
    with proxied(tmp_path, server.port) as port:
        trusting.load_verify_locations(tmp_path / "cert.pem")
        trusting.check_hostname = False
        address = f"https://127.0.0.1:{port}/kg/"
        text = urllib.request.urlopen(address, timeout=30, context=trusting).read().decode()
        assert 'href="/kg/views"' in text
        forged = urllib.request.Request(f"{address}sparql.csv?query=ASK%7B%7D")  # noqa: S310
        codes = []
        for number in range(6):
            forged.add_header("X-Forwarded-For", f"192.0.2.{number}")
            try:
                codes.append(urllib.request.urlopen(forged, timeout=30, context=trusting).status)  # noqa: S310
            except urllib.error.HTTPError as error:
                codes.append(error.code)
    assert codes[-1] == 429
