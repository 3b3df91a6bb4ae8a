"""Files of the web are fetched politely: on where it broke off, again when a server says so, never when unchanged."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import Run, refused
from peers import AnsweringHandler, serving
from test_build import files_no_larger_than

from graph.errors import FetchError
from graph.fetching import fetcher as fetching
from graph.fetching.catalogue import catalogue
from graph.fetching.fetcher import CHANGED, KEPT, NEW, UNCHANGED, Facts, Fetcher, again, waiting
from graph.files import ROOT
from graph.importers import importers
from graph.versions.home import Home

pytestmark = pytest.mark.usefixtures("quick_retries")

DATA = bytes(range(256)) * 4096  # 1 MB
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Web:
    """A server of one file, which answers as is planned for each request and then as it should."""

    data: bytes = DATA
    tag: str = '"one"'
    planned: list[Answer] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    address: str = ""

    def answer(self, headers: dict[str, str]) -> Answer:
        """Return the answer to a request, by RFC 9110."""
        self.asked.append(headers)
        if self.planned:
            return self.planned.pop(0)
        reported = {"ETag": self.tag, "Content-Length": str(len(self.data))}
        if headers.get("If-None-Match") == self.tag:
            return 304, {"ETag": self.tag}, b""
        start = int(headers.get("Range", "bytes=0-")[6:-1])
        if start and headers.get("If-Range") == self.tag:
            if start >= len(self.data):
                return 416, {}, b""
            reported["Content-Range"] = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
            reported["Content-Length"] = str(len(self.data) - start)
            return 206, reported, self.data[start:]
        return 200, reported, self.data


@pytest.fixture
def web() -> Iterator[Web]:
    """A server on the loopback interface."""
    web = Web()

    class Handler(AnsweringHandler):
        def reply(self, _: bytes) -> None:
            status, headers, body = web.answer(dict(self.headers))
            self.answer(status, body, headers, web.breaks.pop(0) if web.breaks else None)

    with serving(Handler) as address:
        web.address = f"{address}/files/data.bin"
        yield web


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher("mailto:who@example.org", pause=0.0)


def test_a_file_is_fetched_with_its_checksum_and_the_user_agent(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    found = fetcher.fetch(web.address, tmp_path / "deep" / "data.bin")
    assert (found.state, found.path.read_bytes()) == (NEW, DATA)
    facts = Facts.read(found.path)
    assert facts
    assert (facts.sha256, facts.size, facts.tag) == (sha256(DATA).hexdigest(), len(DATA), '"one"')
    assert web.asked[0]["User-Agent"].startswith("Convocation/")
    assert "mailto:who@example.org" in web.asked[0]["User-Agent"]
    assert sorted(path.name for path in found.path.parent.iterdir()) == [".data.bin.fetched", "data.bin"]


def test_a_file_that_is_unchanged_is_not_sent_again(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.fetch(web.address, tmp_path / "data.bin")
    assert fetcher.fetch(web.address, tmp_path / "data.bin").state == UNCHANGED
    assert web.asked[1]["If-None-Match"] == '"one"'


def test_a_file_that_changed_is_fetched_again(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.fetch(web.address, tmp_path / "data.bin")
    web.data, web.tag = DATA[::-1], '"two"'
    found = fetcher.fetch(web.address, tmp_path / "data.bin")
    assert (found.state, found.path.read_bytes(), found.facts.tag) == (CHANGED, DATA[::-1], '"two"')


def test_a_new_tag_on_the_same_bytes_is_no_change(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.fetch(web.address, tmp_path / "data.bin")
    web.tag = '"two"'
    assert fetcher.fetch(web.address, tmp_path / "data.bin").state == UNCHANGED


def test_a_file_of_another_address_is_no_old_state_of_this_one(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.fetch(web.address, tmp_path / "data.bin")
    assert fetcher.fetch(f"{web.address}?other", tmp_path / "data.bin").state == NEW
    assert "If-None-Match" not in web.asked[1]


def test_a_transfer_that_breaks_off_goes_on_there(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    web.breaks = [300_000, 200_000]
    found = fetcher.fetch(web.address, tmp_path / "data.bin")
    assert found.path.read_bytes() == DATA
    assert [each.get("Range") for each in web.asked] == [None, "bytes=300000-", "bytes=500000-"]


def test_another_run_goes_on_where_the_last_one_broke_off(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    web.breaks = [100_000] * fetching.ATTEMPTS
    with pytest.raises(FetchError, match=r"cannot be fetched: .*; run the command again, which goes on where it broke"):
        fetcher.fetch(web.address, tmp_path / "data.bin")
    assert not (tmp_path / "data.bin").exists()
    assert fetcher.fetch(web.address, tmp_path / "data.bin").path.read_bytes() == DATA
    assert web.asked[-1]["Range"] == f"bytes={100_000 * fetching.ATTEMPTS}-"


def test_a_file_that_changed_meanwhile_begins_again(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    web.breaks = [100_000] * fetching.ATTEMPTS
    with pytest.raises(FetchError):
        fetcher.fetch(web.address, tmp_path / "data.bin")
    web.data, web.tag = b"new", '"two"'
    assert fetcher.fetch(web.address, tmp_path / "data.bin").path.read_bytes() == b"new"


def test_a_file_of_which_there_is_less_than_here_begins_again(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    (tmp_path / ".data.bin.part").write_bytes(DATA + b"more")
    Facts(web.address, '"one"').write(tmp_path / ".data.bin.part")
    assert fetcher.fetch(web.address, tmp_path / "data.bin").path.read_bytes() == DATA


def test_a_server_that_asks_to_wait_is_left_in_peace(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    web.planned = [(429, {"Retry-After": "1"}, b""), (503, {"Retry-After": "1"}, b"")]
    begun = time.monotonic()
    assert fetcher.fetch(web.address, tmp_path / "data.bin").state == NEW
    assert (len(web.asked), time.monotonic() - begun >= 2) == (3, True)


def test_errors_of_a_server_are_tried_again(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    web.planned = [(500, {}, b""), (502, {}, b""), (504, {}, b"")]
    assert fetcher.fetch(web.address, tmp_path / "data.bin").state == NEW


@pytest.mark.parametrize(
    ("answer", "words", "times"),
    [
        ((500, {}, b""), "500 Internal Server Error, 6 times; try again later", fetching.ATTEMPTS),
        ((404, {}, b""), "404 Not Found; look whether the address has changed", 1),
        ((403, {}, b""), "403 Forbidden; look whether", 1),
        ((429, {"Retry-After": "7200"}, b""), "and to be asked again in 7,200 s; do so then", 1),
    ],
)
def test_a_refusal_is_reported_and_the_file_stays(
    web: Web, tmp_path: Path, answer: Answer, words: str, times: int
) -> None:
    fetcher = Fetcher(pause=0.0)
    fetcher.fetch(web.address, tmp_path / "data.bin")
    web.planned = [answer] * 9
    with pytest.raises(FetchError, match=words):
        fetcher.fetch(web.address, tmp_path / "data.bin")
    assert (len(web.asked) - 1, (tmp_path / "data.bin").read_bytes()) == (times, DATA)


def test_a_server_that_is_not_there_is_reported(fetcher: Fetcher, tmp_path: Path) -> None:
    with pytest.raises(
        FetchError, match=r"http://127\.0\.0\.1:9/x cannot be fetched: .*refused; run the command again"
    ):
        fetcher.fetch("http://127.0.0.1:9/x", tmp_path / "x")


def test_who_is_offline_gets_what_is_here(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.fetch(web.address, tmp_path / "data.bin")
    away = Fetcher(offline=True)
    assert away.fetch(web.address, tmp_path / "data.bin").state == KEPT
    with pytest.raises(FetchError, match="was never fetched, and CONVOCATION_OFFLINE lets nobody ask; unset it"):
        away.fetch(web.address, tmp_path / "other.bin")
    assert len(web.asked) == 1


def test_a_full_disk_is_reported_and_the_file_stays(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.fetch(web.address, tmp_path / "data.bin")
    web.tag = '"two"'
    with files_no_larger_than(100_000), pytest.raises(FetchError, match="cannot be written: File too large; free some"):
        fetcher.fetch(web.address, tmp_path / "data.bin")
    assert (tmp_path / "data.bin").read_bytes() == DATA


def test_a_host_is_asked_only_so_often(web: Web, tmp_path: Path) -> None:
    fetcher, begun = Fetcher(pause=0.3), time.monotonic()
    for number in range(3):
        fetcher.fetch(f"{web.address}?{number}", tmp_path / str(number))
    assert time.monotonic() - begun >= 0.6


def test_waiting_is_reported_in_seconds_or_by_a_date() -> None:
    assert waiting("90") == timedelta(seconds=90)
    date = waiting(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True))
    assert date
    assert timedelta(seconds=85) < date <= timedelta(seconds=90)
    assert waiting(format_datetime(datetime(2001, 1, 1, tzinfo=UTC), usegmt=True)) == timedelta()
    assert [waiting(text) for text in ("", "soon", "-1")] == [None] * 3
    assert again(ValueError()) is False


def zipped(**files: bytes) -> bytes:
    """Return a ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return file.getvalue()


@pytest.fixture
def table(web: Web, tmp_path: Path) -> Path:
    """A table of sources at that server."""
    path = tmp_path / "catalogue.yaml"
    facts = {"license": "CC0 1.0", "imports": "ror", "pause": 0}
    whole, listing = web.address, web.address.replace("data.bin", "list")
    files = {
        "plain": [{"address": whole}],
        "parts": [{"address": f"{whole}?v={{part}}", "name": "v{part}.bib"}],
        "zip": [{"address": whole, "name": "all.zip", "unpack": ["*.json"]}],
        "paged": [{"address": f"{whole}?of={{part}}&from={{offset}}", "name": "{part}-{offset}.json", "paged": 2}],
        "listed": [{"from": listing, "address": ".zip", "name": "all.zip"}],
    }
    path.write_text(json.dumps({name: facts | {"title": name, "files": each} for name, each in files.items()}))
    return path


@pytest.mark.usefixtures("empty_home")
def test_a_source_is_fetched_by_name(run: Run, table: Path, web: Web, tmp_path: Path) -> None:
    done = run("fetch", "plain", "--catalogue", table)
    place = tmp_path / "home" / "fetched" / "plain"
    assert (done.code, (place / "data.bin").read_bytes()) == (0, DATA)
    assert f"new, 1.0 MB, SHA-256 {sha256(DATA).hexdigest()[:12]}" in done.out
    assert done.out.endswith(f"Import it: convocation import ror {place}\n")
    assert "unchanged" in run("fetch", "plain", "--catalogue", table).out
    assert len(web.asked) == 2


@pytest.mark.usefixtures("empty_home")
def test_parts_are_fetched_each(run: Run, table: Path, tmp_path: Path) -> None:
    assert run("fetch", "parts", "1", "conf/x", "--catalogue", table).code == 0
    place = tmp_path / "home" / "fetched" / "parts"
    assert sorted(path.name for path in place.glob("*.bib")) == ["v1.bib", "vconf-x.bib"]


@pytest.mark.usefixtures("empty_home")
def test_an_archive_is_unpacked_as_far_as_it_is_wanted(run: Run, table: Path, web: Web, tmp_path: Path) -> None:
    web.data = zipped(**{"a__one.json": b"1", "a__two.txt": b"2", "..__..__out.json": b"3"})
    assert "  2 files of it in" in run("fetch", "zip", "--catalogue", table).out
    place = tmp_path / "home" / "fetched" / "zip"
    assert sorted(str(path.relative_to(place)) for path in place.rglob("*.json") if path.is_file()) == [
        "all/a/one.json",
        "all/out.json",
    ]
    web.data, web.tag = zipped(b__one=b""), '"two"'
    assert "holds no *.json; look whether its layout has changed" in run("fetch", "zip", "--catalogue", table).err
    assert (place / "all" / "a" / "one.json").read_bytes() == b"1"
    assert "holds no *.json" in run("fetch", "zip", "--catalogue", table).err
    web.data, web.tag = zipped(c__three=b"", **{"c__four.json": b"4"}), '"three"'
    assert "  1 files of it in" in run("fetch", "zip", "--catalogue", table).out
    assert "  1 files of it in" in run("fetch", "zip", "--catalogue", table).out
    assert not (place / "all" / "a").exists()


@pytest.mark.usefixtures("empty_home")
def test_a_damaged_archive_is_reported(run: Run, table: Path) -> None:
    done = run("fetch", "zip", "--catalogue", table)
    assert "all.zip cannot be unpacked: File is not a zip file; remove it and fetch it again" in done.err


@pytest.mark.usefixtures("empty_home")
def test_a_file_is_looked_up_in_a_list(run: Run, table: Path, web: Web, tmp_path: Path) -> None:
    files = [{"key": "x.csv", "links": {"self": "x"}}, {"key": "v1.zip", "links": {"self": f"{web.address}?v1"}}]
    web.planned = [(200, {}, json.dumps({"files": files}).encode())]
    assert run("fetch", "listed", "--catalogue", table).code == 0
    assert (tmp_path / "home" / "fetched" / "listed" / "all.zip").read_bytes() == DATA
    web.planned = [(200, {}, b"{}")]
    assert refused(
        run("fetch", "listed", "--catalogue", table), "lists no file ….zip; look whether its form has changed"
    )


@pytest.mark.usefixtures("empty_home")
def test_a_list_is_fetched_page_by_page_up_to_its_end(run: Run, table: Path, web: Web, tmp_path: Path) -> None:
    place = tmp_path / "home" / "fetched" / "paged"
    web.planned = [(200, {}, json.dumps({"notes": notes, "count": 5}).encode()) for notes in ([1, 2], [3, 4], [5])]
    assert run("fetch", "paged", "a/b", "--catalogue", table).code == 0
    assert sorted(path.name for path in place.glob("a-b-?.json")) == ["a-b-0.json", "a-b-2.json", "a-b-4.json"]
    web.planned = [(200, {}, b'{"notes": [1]}')]
    assert run("fetch", "paged", "a/b", "--catalogue", table).code == 0
    assert sorted(path.name for path in place.iterdir()) == [".a-b-0.json.fetched", "a-b-0.json"]
    web.planned = [(200, {}, b"<html>")]
    assert "is not JSON (" in run("fetch", "paged", "a/b", "--catalogue", table).err


@pytest.mark.usefixtures("empty_home")
def test_offline_nobody_is_asked(run: Run, table: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    run("fetch", "plain", "--catalogue", table)
    monkeypatch.setenv("CONVOCATION_OFFLINE", "1")
    assert "data.bin: kept, 1.0 MB" in run("fetch", "plain", "--catalogue", table).out
    assert refused(run("fetch", "listed", "--catalogue", table), "was never fetched, and CONVOCATION_OFFLINE")
    assert len(web.asked) == 1


@pytest.mark.usefixtures("empty_home")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["wheel"], "There is no source 'wheel'; there are acl-anthology, dblp, "),
        (["pmlr"], "is fetched in parts; say which: convocation fetch <name> <part>"),
        (["ror", "1"], "Research Organization Registry has no parts; leave the parts away"),
        (["pmlr", "../x"], "'../x' is no part of"),
        (["pmlr", "a b"], "'a b' is no part of"),
        (["ror", "--catalogue", "nowhere.yaml"], "nowhere.yaml cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_fetched_is_reported(run: Run, arguments: list[str], words: str) -> None:
    assert refused(run("fetch", *arguments), words)


@pytest.mark.usefixtures("empty_home")
@pytest.mark.parametrize("text", ["[", "wheel", "x: {}", "x: {title: x}", "\x00"])
def test_a_table_that_is_invalid_is_reported(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "table.yaml").write_text(text)
    assert refused(run("fetch", "x", "--catalogue", tmp_path / "table.yaml"), "table.yaml is no table of sources: ")


@pytest.mark.usefixtures("empty_home")
def test_without_a_name_the_sources_are_listed(run: Run) -> None:
    lines = run("fetch").out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(catalogue())
    assert all(line.endswith("]") for line in lines)


@pytest.mark.slow
def test_what_is_fetched_can_be_imported(run: Run, copied: Home, web: Web, tmp_path: Path) -> None:
    sample = ROOT / "tests" / "importers" / "openreview" / "cogs-2031.json"
    web.data = sample.read_bytes()
    place = web.address.replace("data.bin", "notes?of={part}&from={offset}")
    files = [{"address": place, "name": "{part}-{offset}.json", "paged": 1000}]
    facts = {"title": "Notes", "license": "none", "imports": "openreview", "pause": 0, "files": files}
    (tmp_path / "table.json").write_text(json.dumps({"notes": facts}))
    done = run("fetch", "notes", "COGS.cc/2031", "--catalogue", tmp_path / "table.json")
    assert done.code == 0, done.err
    words = done.out.splitlines()[-1].removeprefix("Import it: convocation ").split()
    assert words[:2] == ["import", "openreview"]
    done = run(*words)
    assert (done.code, "5 paper" in done.out) == (0, True), done.err
    assert copied.numbers() == [1, 2]


def test_every_source_of_the_table_has_an_importer() -> None:
    assert {each.imports for each in catalogue().values()} <= importers().keys()
