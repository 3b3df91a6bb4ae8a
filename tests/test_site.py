"""Pages about the site: how a number is chosen, what changed, how to get the data, and whom to ask."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import BASE, Run, Server
from flask.testing import FlaskClient
from werkzeug import Response

from graph.errors import SettingError
from graph.settings import Settings
from graph.versions.home import Home
from server.application import create_app

PAGE = "/page/edition/neurips-2024"


def shown(client: FlaskClient, path: str) -> str:
    return unescape(client.get(path, headers={"Accept": "text/html"}).text)


def report(settings: Settings, feedback: str, path: str = PAGE) -> str:
    """Return where the foot of a page leads to report a problem."""
    text = shown(create_app(replace(settings, feedback=feedback)).test_client(), path)
    (found,) = re.findall(r'href="([^"]*)"[^>]*>Report a problem with this page', text)
    return str(found)


def test_the_method_is_explained_by_a_number_and_a_finding_of_this_version(client: FlaskClient) -> None:
    text = shown(client, "/about")
    assert re.search(r'class="figure"><a[^>]*>19,756<.*?class="figure"><a[^>]*>16,500<', text, re.DOTALL)
    assert "together 19,755; it prints" in re.sub(r"<[^>]+>", "", text)


def test_a_problem_is_reported_by_mail_with_the_page_and_the_version(settings: Settings) -> None:
    place = urlsplit(report(settings, "mailto:graph@uni.example"))
    asked = parse_qs(place.query)
    assert (place.scheme, place.path) == ("mailto", "graph@uni.example")
    assert asked["subject"] == [f"Problem with {BASE[:-1]}{PAGE}"]
    assert asked["body"][0].startswith(f"Page: {BASE[:-1]}{PAGE}\r\nVersion: 1, built ")


@pytest.mark.parametrize(
    ("feedback", "title"),
    [
        ("https://git.example.org/graph/issues/new", "title"),
        ("https://git.example.org/graph/issues/new?labels=data", "title"),
        ("https://git.example.org/graph/-/issues/new", "issue[title]"),
    ],
)
def test_a_problem_is_reported_to_a_tracker(settings: Settings, feedback: str, title: str) -> None:
    place = report(settings, feedback, f"{PAGE}?group=papers")
    assert place.startswith(feedback)
    assert parse_qs(urlsplit(place).query)[title] == [f"Problem with {BASE[:-1]}{PAGE}?group=papers"]


def test_without_an_address_the_link_leads_to_what_to_write(settings: Settings, client: FlaskClient) -> None:
    place = report(settings, "")
    assert parse_qs(urlsplit(place).query)["about"] == [PAGE]
    text = shown(client, place)
    assert "gave no address" in text
    assert f"Page: {BASE[:-1]}{PAGE}\nVersion: 1, built " in text
    assert "example.org" not in shown(client, "/contact?about=//example.org/")


@pytest.mark.parametrize("value", ["graph@uni.example", "mailto:graph", "mailto:a@b?cc=c@d", "javascript:alert(1)"])
def test_an_address_that_no_report_reaches_is_refused(value: str) -> None:
    with pytest.raises(SettingError, match="CONVOCATION_FEEDBACK must be such as mailto:"):
        Settings().changed(feedback=value)


def test_what_an_import_changed_is_listed_and_data(listed: Home, settings: Settings) -> None:
    client = create_app(replace(settings, home=str(listed.folder))).test_client()
    text = shown(client, "/changes")
    assert "New since version 1" in text
    change = client.get("/changes.json?since=1").json["changes"]  # type: ignore[index]
    papers = next(each for each in change["classes"] if each["label"] == "paper")
    assert papers["added"] > 0
    assert f'<a href="{papers["new"][0]["href"]}">{papers["new"][0]["label"]}</a>' in text
    assert client.get("/changes?since=2").status_code == 404
    assert client.get("/changes?since=x").status_code == 404


def test_the_first_version_has_nothing_to_be_compared_with(client: FlaskClient) -> None:
    assert "first version kept here" in shown(client, "/changes")
    assert client.get("/changes.json").json["changes"] is None  # type: ignore[index]


@pytest.fixture
def offering(run: Run, copied: Home, settings: Settings) -> FlaskClient:
    """A client of a home with one dump."""
    assert "version-1" in run("dump").out
    (copied.folder / "dumps" / "notes").mkdir()
    (copied.folder / "dumps" / "notes" / "private.txt").write_text("no checksums, so no dump")
    return create_app(replace(settings, home=str(copied.folder))).test_client()


def fetched(client: FlaskClient, place: str, method: str = "GET", **headers: str) -> Response:
    """Return an answer that was read whole, so that its file is closed."""
    with client.open(place, method=method, headers=headers, buffered=True) as answer:
        return answer


def test_a_dump_is_listed_with_its_checksum_and_sent_in_parts(offering: FlaskClient, copied: Home) -> None:
    place = "/dumps/version-1/graph.nq.gz"
    whole = (copied.folder / place[1:]).read_bytes()
    head = fetched(offering, place, "HEAD")
    tag = head.headers["ETag"]
    assert (head.headers["Accept-Ranges"], head.content_length) == ("bytes", len(whole))
    assert tag.strip('"') in shown(offering, "/use")
    assert fetched(offering, place).data == whole
    part = fetched(offering, place, **{"Range": "bytes=100-199", "If-Range": tag})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (
        206, whole[100:200], f"bytes 100-199/{len(whole)}",
    )  # fmt: skip
    assert fetched(offering, place, Range="bytes=-5").data == whole[-5:]
    assert fetched(offering, place, **{"If-None-Match": tag}).status_code == 304
    assert fetched(offering, place, **{"Range": "bytes=0-9", "If-Range": '"older"'}).data == whole
    assert fetched(offering, place, Range="bytes=0-1,5-6").data == whole
    beyond = fetched(offering, place, Range=f"bytes={len(whole)}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")


@pytest.mark.parametrize("name", ["notes/private.txt", "../current", "version-1/../../current", "version-1", "x"])
def test_nothing_else_of_the_home_is_sent(offering: FlaskClient, name: str) -> None:
    assert offering.get(f"/dumps/{name}").status_code == 404


def blocks(text: str) -> list[str]:
    return re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", text, re.DOTALL)


def test_the_lines_to_copy_work(serve: Callable[..., Server]) -> None:
    server = serve()
    answer = server.open("/use", Accept="text/html")
    found = blocks(unescape(answer[2].decode()))
    here = f"http://127.0.0.1:{server.port}/"
    programs = [each.replace(BASE, here) for each in found if each.startswith("import ")]
    assert len(programs) == 2
    for each in programs:
        done = subprocess.run([sys.executable, "-c", each], capture_output=True, text=True, check=True)
        assert "NeurIPS" in done.stdout
    (place,) = re.findall(r"-o graph.ttl '(.*?)'", "".join(found))  # without a dump
    assert server.open(place.removeprefix(BASE[:-1]), Accept="text/turtle")[0] == 200
    if shutil.which("curl"):
        (line,) = (each for each in found if "--data-urlencode" in each)
        done = subprocess.run(["sh", "-c", line.replace(BASE, here)], capture_output=True, text=True, check=True)
        assert "19756" in done.stdout
