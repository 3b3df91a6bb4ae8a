"""Pages of a graph with paper lists (in a drill all): some of each kind and the longest, and where they lead."""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from conftest import BASE, DRILL
from flask.testing import FlaskClient
from pyoxigraph import NamedNode
from test_crawl import EXPENSIVE, Crawl, is_there, read

from graph.files import ROOT
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home
from server.application import create_app

LISTS = ROOT.parent / "shared" / "data" / "paperlists"
SOME = "colm", "corl", "kdd"
IMPORTED = [str(LISTS)] if DRILL else [str(LISTS / each) for each in SOME]
EVENLY, LONGEST, OTHERS = (40, 8, 400) if DRILL else (15, 4, 150)  # things of each kind, and other addresses
PAGE = re.compile(r"/(?:page|id)/([^?]+)$")


@dataclass
class Large:
    """The graph with the paper lists: its store, what shows it, and what was found."""

    store: EmbeddedStore
    client: FlaskClient
    found: Crawl

    def chosen(self) -> list[str]:
        """Return paths of things of each kind, from end to end and those that most things point to."""
        start = f"{BASE}id/"
        by_kind: dict[str, set[str]] = defaultdict(set)
        pointed = Counter[str]()
        for quad in self.store.default_quads():
            for end in (quad.subject, quad.object):
                if isinstance(end, NamedNode) and end.value.startswith(start):
                    path = end.value.removeprefix(start)
                    pointed[path] += end is not quad.subject
                    by_kind[path.partition("/")[0]].add(path)
        found: dict[str, None] = {}
        for paths in map(sorted, by_kind.values()):
            found.update(dict.fromkeys(paths[:: max(1, len(paths) // EVENLY)]))
            found.update(dict.fromkeys(sorted(paths, key=lambda path: -pointed[path])[:LONGEST]))
        return list(found)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    """Such a graph; to make it takes some minutes."""
    home = Home(tmp_path_factory.mktemp("large"))
    for command in (["build", "--base", BASE], ["import", "paperlists", *IMPORTED]):
        whole = [sys.executable, "-P", "-m", "server", *command, "--home", str(home.folder)]
        subprocess.run(whole, check=True, capture_output=True)
    app = create_app(Settings(home=str(home.folder), base=BASE, access_log="no"))
    large = Large(EmbeddedStore.open(home.needed().store), app.test_client(), Crawl())
    for path in large.chosen():
        for link in read(large.client, f"/page/{path}", large.found):
            large.found.links.setdefault(link, path)
    return large


needed = pytest.mark.skipif(not LISTS.is_dir(), reason="the paper lists are next to the repository, in ../shared")


@needed
@pytest.mark.slow
def test_pages_of_a_large_graph_answer_are_valid_html_and_say_the_source_of_their_numbers(large: Large) -> None:
    assert large.store.engine.contains_named_graph(NamedNode(f"{BASE}graph/findings"))
    assert len(large.found.ids) > (500 if DRILL else 200)
    assert large.found.wrong == []


@needed
@pytest.mark.slow
def test_no_page_of_a_large_graph_leads_nowhere(large: Large) -> None:
    places = {urldefrag(link).url: page for link, page in large.found.links.items()}
    things = {place: found[1] for place in places if (found := PAGE.match(place))}
    dead = [place for place, path in things.items() if not is_there(large.store, unquote(path))]
    assert [f"/page/{places[place]} leads to {place}" for place in dead] == []
    others = sorted(place for place in places if place not in things and not EXPENSIVE.match(place))
    kinds = {re.sub(r"/[^/?]+$|=[^&]*", "", place): place for place in others}  # one of each form
    for place in [*kinds.values(), *others[:: max(1, len(others) // OTHERS)]]:
        if urlsplit(place).path.startswith("/data/"):
            continue  # formats are tested elsewhere
        answer = large.client.get(place, headers={"Accept": "text/html"}, follow_redirects=True, buffered=True)
        assert answer.status_code == 200, f"/page/{places[place]} leads to {place}"
