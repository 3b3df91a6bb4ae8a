"""A real browser sees no error, breaks no policy, asks no other host, and finds everything accessible.

Needs the extra `browser` and Chromium; `.ci/run` installs both and asks for them by CONVOCATION_REQUIRE_BROWSER=1.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from conftest import BASE, Server
from pyoxigraph import NamedNode, parse

from graph.files import ROOT
from graph.store.embedded import EmbeddedStore
from graph.terms import OWL, RDF
from server.http import manifest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REQUIRED = os.environ.get("CONVOCATION_REQUIRE_BROWSER") == "1"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
if not REQUIRED:
    pytest.importorskip("playwright.sync_api", reason="the extra browser is not installed")
    pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra browser is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM and not REQUIRED, reason="there is no Chromium on this machine"),
    pytest.mark.skipif(not manifest.built() and not REQUIRED, reason="the scripts are not built: convocation assets"),
]
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
COUNTS = "SELECT ?s ?n { ?s <https://w3id.org/convocation/ontology#authorCount> ?n } LIMIT 9"
VAR = "neurips-2024/visual-autoregressive-modeling-scalable-image-55c8b937"
KINDS = {
    "award": "award/neurips-best-paper",
    "round": "edition/neurips-2024/award/best-paper-main",
    "conferral": f"conferral/{VAR.replace('/', '/neurips-2024/')}",
    "claim": "claim/neurips-2024-fact-sheet/past-figures-are-attendance",
    "committee": "committee/neurips-2024/best-paper-main",
    "edition": "edition/neurips-2024",
    "rule": "rule/same-cell-two-sources",
    "finding": "finding/same-cell-two-sources/383567c9d189",
    "check": "check/same-cell-two-sources/d4fc31c93327",
    "link": "link/women-in-ml/website/women-in-ml-website",
    "organization": "org/neural-information-processing-systems-foundation",
    "group": "org/global-south-in-ai",
    "paper": f"paper/{VAR}",
    "authorship": f"authorship/{VAR}/liwei-wang",
    "person": "person/jie-tang",
    "place": "place/us",
    "room": "venue/ernest-n-morial-convention-center/r06-r09",
    "session": "edition/neurips-2023/session/oral-4b",
    "talk": "edition/neurips-2024/talk/a-match-made-in-silicon-the-co-evolution-of-syst",
    "role": "role/iclr-2024/press-contact/becky-obbema",
    "series": "series/neurips",
    "name": "series/neurips/name/neurips",
    "source": "source/neurips-2024-fact-sheet",
    "statistic": "stat/iclr-2018/countries/iclr-2024-fact-sheet",
    "derived": "derived/iclr-2023/ratio-before/acceptance-rate",
    "decision": "decision/08b273a5dc54",
    "topic": "topic/machine-learning",
    "track": "edition/neurips-2024/track/main",
}
PAGES = {
    "home": "/",
    "views": "/views",
    "line": "/view/attendance-by-year",
    "bars": "/view/acceptance-rate-by-track",
    "heat": "/view/completeness",
    "map": "/view/participants-per-country",
    "network": "/view/co-authors?edition=edition/neurips-2024",
    "scatter": "/view/who-serves-and-publishes",
    "embedded": "/view/attendance-by-year?embed=1",
    "form": "/sparql",
    "answer": f"/sparql?query={quote(COUNTS)}",
    **{name: f"/page/{path}" for name, path in KINDS.items()},
    "checks": "/checks/",
    "findings": "/checks/of/edition/neurips-2024",
    "code": "/code/measure/registrations",
    "ontology": "/ontology",
    "shapes": "/shapes",
    "sources": "/sources",
    "about": "/about",
    "use": "/use",
    "changes": "/changes",
    "contact": "/contact",
    "papers": "/browse/papers?year=2024",
    "people": "/browse/people",
    "search": "/search?q=neurips",
    "error": "/page/nothing",
}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # The list of completions is driven by aria-activedescendant, which the rule does not know.
    "rules": {"scrollable-region-focusable": {"enabled": False}},
}


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, without what it sends by itself."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture(scope="module")
def here(serving: Callable[..., Server]) -> str:
    """The address of a server."""
    return f"http://127.0.0.1:{serving().port}"


@contextmanager
def opened(browser: "Browser", here: str, **more: Any) -> Iterator["Page"]:
    """Give a page; afterwards nothing may have gone wrong in it."""
    given = {"viewport": {"width": 1180, "height": 860}, "base_url": here, **more}
    with browser.new_context(**given) as context:
        page, faults = context.new_page(), list[str]()
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((here, "data:")) else faults.append(asked.url))
        page.on("requestfailed", lambda asked: None if "ABORTED" in (asked.failure or "") else faults.append(asked.url))
        yield page
        expected = ("status of 404", "status of 400")  # of the pages of errors, and of refused queries
        assert not [fault for fault in faults if not any(words in fault for words in expected)]


def violations(page: "Page") -> list[tuple[str, str]]:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - an extra

    found = Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:160]) for each in found]


def fits(page: "Page") -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("kind", sorted({path.stem for path in (ROOT / "ontology").glob("*.ttl")} - {"codes"}))
def test_a_page_of_each_kind_is_looked_at(store: EmbeddedStore, kind: str) -> None:
    own = {triple.subject for triple in parse(path=ROOT / "ontology" / f"{kind}.ttl") if triple.object == OWL.Class}
    things = [NamedNode(f"{BASE}id/{path}") for path in KINDS.values()]
    looked_at = {quad.object for thing in things for quad in store.stating(thing, RDF.type, None)}
    assert not own or own & looked_at


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_is_accessible_in_light_and_dark(browser: "Browser", here: str, path: str, scheme: str) -> None:
    with opened(browser, here, color_scheme=scheme) as page:
        page.goto(path, wait_until="networkidle")
        assert violations(page) == []


@pytest.mark.parametrize("script", [True, False], ids=["live", "plain"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_fits_a_phone(browser: "Browser", here: str, path: str, script: bool) -> None:  # noqa: FBT001
    with opened(browser, here, viewport={"width": 390, "height": 844}, java_script_enabled=script) as page:
        page.goto(path, wait_until="networkidle")
        assert fits(page)


@pytest.mark.parametrize("path", [PAGES[name] for name in ("home", "line", "map", "edition", "form")])
def test_a_page_prints_light_with_its_pictures(browser: "Browser", here: str, path: str) -> None:
    with opened(browser, here, color_scheme="dark") as page:
        page.goto(path, wait_until="networkidle")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not page.locator("form:visible").count()
        for chart in page.locator(".drawn").all():
            assert chart.is_visible()
        assert page.pdf()[:5] == b"%PDF-"


def test_a_chart_follows_the_surroundings_without_a_script(browser: "Browser", here: str) -> None:
    color = "getComputedStyle(document.querySelector('.drawn path[aria-roledescription=point]')).fill"
    with opened(browser, here, java_script_enabled=True) as page:
        page.goto("/view/attendance-by-year", wait_until="networkidle")
        assert page.evaluate(color) == "rgb(31, 95, 139)"
        assert (
            "measure: participants" in page.locator(".drawn path[aria-roledescription=point] title").first.inner_html()
        )
        page.emulate_media(color_scheme="dark")
        assert soon(page, f"{color} == 'rgb(111, 177, 220)'")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nothing_jumps_while_a_page_loads(browser: "Browser", here: str, path: str, width: int) -> None:
    with opened(browser, here, viewport={"width": width, "height": 900}) as page:
        page.add_init_script(
            "window.shifts = 0; new PerformanceObserver(list => { for (const each of list.getEntries())"
            " if (!each.hadRecentInput) window.shifts += each.value }).observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(path, wait_until="networkidle")
        assert page.evaluate("window.shifts") < 0.05


def soon(page: "Page", expression: str) -> bool:
    """Return whether an expression is true within ten seconds; the page itself may not evaluate texts."""
    for _ in range(100):
        if page.evaluate(expression):
            return True
        page.wait_for_timeout(100)
    return False


def test_a_network_shows_the_neighbors_of_a_name(browser: "Browser", here: str) -> None:
    with opened(browser, here) as page:
        page.goto(PAGES["network"], wait_until="networkidle")
        page.locator("svg.network a.n").first.focus()
        assert page.locator("svg.network .n.on").count() > 1
        page.click("button[data-zoom='1.5']")
        assert soon(page, "document.querySelector('svg.network .view').getAttribute('transform').includes('scale(1.5')")


def test_the_editor_completes_and_runs(browser: "Browser", here: str) -> None:
    with opened(browser, here) as page:
        page.goto("/sparql", wait_until="networkidle")
        rewrite(page, "SELECT ?title WHERE { ?paper a Pap")
        choose(page, "cvn:Paper")
        page.keyboard.type(" ; titl", delay=25)
        choose(page, "dcterms:title")
        page.keyboard.type(" ?title ")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#results tbody tr")
        assert page.locator("#results tbody tr").count() == 33
        assert page.inner_text("#status").startswith("33 rows in ")
        written = page.evaluate("convocationEditor.state.doc.toString()")
        assert "PREFIX cvn: <https://w3id.org/convocation/ontology#>" in written
        assert "PREFIX dcterms: <http://purl.org/dc/terms/>" in written
        assert violations(page) == []


def test_the_editor_takes_text_over_a_selection_and_writes_a_prefix(browser: "Browser", here: str) -> None:
    with opened(browser, here) as page:
        page.goto("/sparql", wait_until="networkidle")
        page.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type("SELECT ?paper { ?paper a cvn:Paper ", delay=25)
        page.keyboard.press("Escape")
        page.wait_for_selector(".cm-lint-marker-error")
        page.keyboard.press("Control+Shift+M")  # the list of mistakes
        page.locator(".cm-panel .cm-diagnosticAction").click()
        written = page.evaluate("convocationEditor.state.doc.toString()")
        assert written.startswith("PREFIX cvn: <https://w3id.org/convocation/ontology#>\nSELECT ?paper { ?paper a")


def rewrite(page: "Page", text: str) -> None:
    """Write a text in place of what the editor has."""
    page.evaluate(
        "() => { const all = {from: 0, to: convocationEditor.state.doc.length, insert: ''};"
        " convocationEditor.dispatch({changes: all}); convocationEditor.focus(); }"
    )
    page.keyboard.type(text, delay=25)


def choose(page: "Page", label: str) -> None:
    """Take the completion that is offered first, which is this; ask for it, since a slow machine may offer late."""
    page.keyboard.press("Control+Space")
    page.wait_for_selector(f".cm-tooltip-autocomplete li[aria-selected]:has-text('{label}')")
    page.wait_for_timeout(150)  # the editor takes no key sooner, so that none is meant for the text
    page.keyboard.press("Enter")


def test_the_editor_marks_a_mistake_where_it_is(browser: "Browser", here: str) -> None:
    with opened(browser, here) as page:
        page.goto("/sparql", wait_until="networkidle")
        rewrite(page, "SELECT * WHERE { ?s ?p")
        page.wait_for_selector(".cm-lint-marker-error")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#status.refused")
        assert "line 1" in page.inner_text("#status").lower()


def test_an_answer_with_numbers_is_drawn_and_shared(browser: "Browser", here: str) -> None:
    with opened(browser, here) as page:
        page.goto("/sparql?view=attendance-by-year&series=series/neurips", wait_until="networkidle")
        page.click("form.ask button.primary")
        page.wait_for_selector("#results .is-live svg")
        shared = page.locator("a[data-share]").get_attribute("href") or ""
        page.goto(shared, wait_until="networkidle")
        assert page.locator("#results tbody tr").count() == 15
        page.wait_for_selector("#results .is-live svg")


def test_a_field_for_people_suggests_them_and_takes_several(browser: "Browser", here: str) -> None:
    with opened(browser, here) as page:
        page.goto("/view/people-compared", wait_until="networkidle")
        field = page.locator("#of-person")
        for letters in ("jie ta", "keyu t"):
            field.press("End")
            field.press_sequentially(("; " if field.input_value() else "") + letters)
            page.wait_for_selector(".field .suggestions li")
            field.press("ArrowDown")
            field.press("Enter")
        assert field.input_value() == "person/jie-tang; person/keyu-tian"
        page.click("form.parameters button.primary")
        page.wait_for_url("**/view/people-compared?*")
        shown = page.locator("main table").first.inner_text()
        assert all(name in shown for name in ("Jie Tang", "Keyu Tian"))


def test_everything_works_without_scripts(browser: "Browser", here: str) -> None:
    with opened(browser, here, java_script_enabled=False) as page:
        page.goto("/sparql")
        page.fill("textarea", "SELECT ?s WHERE { ?s ?p ?o } LIMIT 3")
        page.click("form.ask button.primary")
        assert page.locator("#results tbody tr").count() == 3
        page.goto("/view/attendance-by-year")
        page.click("summary")
        page.check("input[value='series/iclr']")
        page.click("form.parameters button")
        assert page.locator("tbody tr").count() == 7
        page.wait_for_load_state()
        assert page.locator("figure img").evaluate("img => img.complete && img.naturalWidth > 0")
        page.goto(PAGES["network"])
        assert page.locator("svg.network a.n").count() > 20
        assert not page.locator(".toolbar").is_visible()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """The address of another host, whose pages are the files of a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that writes no log."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(("query", "stands"), [("?embed=1", True), ("", False)], ids=["embedded", "page"])
def test_a_view_is_in_the_page_of_another_host(  # noqa: PLR0913, PLR0917 - fixtures
    browser: "Browser",
    here: str,
    host: str,
    tmp_path: Path,
    query: str,
    stands: bool,  # noqa: FBT001
) -> None:
    frame = f'<iframe src="{here}/view/attendance-by-year{query}" width="700" height="600"></iframe>'
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Another host</title>{frame}", encoding="utf-8")
    with browser.new_context() as context:
        page, faults = context.new_page(), list[str]()
        page.on("console", lambda reported: faults.append(reported.text) if reported.type == "error" else None)
        page.goto(f"{host}/index.html", wait_until="networkidle")
        assert (page.frame_locator("iframe").locator(".drawn svg").count() == 1) == stands
        assert any("frame-ancestors" in fault for fault in faults) != stands
