"""The page of a source shows its text where that was given: what is covered, what is not, nothing private."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.build import Inputs, build
from graph.curated.documents import Document
from graph.settings import Settings
from graph.versions.home import Home
from server.application import create_app

BASE = "http://127.0.0.1:5000/"
SAID = {1: "COGS, which is a conference", 3: "COGS 2031 had", 4: "about 7 people", 8: "one more thing"}
PRIVATE = {9: "write to someone@example.org", 10: "or call (555) 010-1234 or +44 20 7946 0958"}
LINES = [SAID.get(n) or PRIVATE.get(n) or "" for n in range(1, 31)]
EDITION = "editions:\n  - {line: 3-4, edition: cogs-2031}\n"
PAGE = "/page/source/made-up"


@pytest.fixture
def documented(write: Callable[..., Path], tmp_path: Path) -> FlaskClient:
    """A client of a graph of a made-up document, which was given to its build."""
    document = Document(tmp_path / "document.txt", "\n".join(LINES))
    home = Home(tmp_path / "home")
    path = write(EDITION, sha256=document.sha256)
    build(home, BASE, Inputs((path,), documents={document.sha256: document}))
    return create_app(Settings(home=str(home.folder), base=BASE)).test_client()


def lines(client: FlaskClient) -> dict[int, tuple[str, str]]:
    block = client.get(PAGE).text.partition('<ol class="document">')[2].partition("</ol>")[0]
    found = re.findall(r'<li id="text-(\d+)"(?: class="(covered)")?>.*?<span>([^<]*)</span></li>', block, re.DOTALL)
    return {int(number): (covered, text) for number, covered, text in found}


def test_every_line_is_shown_and_those_with_statements_are_marked(documented: FlaskClient) -> None:
    shown = lines(documented)
    assert [number for number, (covered, _) in shown.items() if covered] == [1, 3, 4]
    assert {number: text for number, (_, text) in shown.items() if number in SAID} == SAID


def test_a_marked_line_leads_to_what_is_said_on_it(documented: FlaskClient) -> None:
    text = documented.get(PAGE).text
    for place in re.findall(r'href="(\?line=\d+#line-\d+)" aria-label="what line', text):
        assert f'id="{place.partition("#")[2]}"' in documented.get(PAGE + place).text


def test_lines_with_words_on_which_nothing_is_said_are_listed(documented: FlaskClient) -> None:
    hint = documented.get(PAGE).text.partition('id="text-title"')[2].partition("</p>")[0]
    assert re.findall(r'href="#text-(\d+)"', hint) == ["8", "9", "10"]


def test_nothing_private_is_shown(documented: FlaskClient) -> None:
    shown = lines(documented)
    assert shown[9][1] == "write to [withheld]"
    assert shown[10][1] == "or call [withheld] or [withheld]"


def test_without_its_text_a_source_has_no_such_part(client: FlaskClient) -> None:
    assert 'id="text"' not in client.get("/page/source/neurips-2024-fact-sheet").text
