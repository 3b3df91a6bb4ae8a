"""No text leads the engine to an address that is not allowed, or is kept though its answer changes."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from conftest import Server, answering
from flask.testing import FlaskClient
from hostile import calling, changing, seeded, updating
from peers import JSON_ROWS, AnsweringHandler, serving
from pyoxigraph import Literal, QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from graph.errors import ConvocationError, QueryError, RefusedError
from graph.files import ROOT
from graph.policy import asking, confine, decide, look
from graph.settings import Settings
from graph.store import construct
from graph.store.embedded import EmbeddedStore
from graph.store.writable import WritableStore
from server.__main__ import cli
from server.application import create_app
from server.engine.client import Engine
from server.engine.frames import Question
from server.engine.relay import relayed

PEER = "https://query.example.org/sparql"
CALLS = [
    f"SELECT * {{ SERVICE <{PEER}> {{ ?s ?p ?o }} }}",
    f"PREFIX peer: <{PEER}> SELECT * {{ service silent peer: {{ ?s ?p ?o }} }}",
    "SELECT * { BIND (<http://127.0.0.1/> AS ?e) SERVICE SILENT ?e { ?s ?p ?o } }",
    f"SELECT * {{ SERVICE SILENT <x:a> {{ ?s ?p ?o }} SERVICE <{PEER}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICE SILENT <x:a> {{ ?s ?p ?o }} {{ SELECT * {{ {{ SERVICE <{PEER}> {{ }} }} }} }} }}",
    f"ASK {{ FILTER NOT EXISTS {{ GRAPH ?g {{ SERVICE/**/<{PEER}> {{ ?s ?p ?o }} SERVICE<{PEER}>{{}} }} }} }}",
    f"SELECT * {{ SERVICE \r# SILENT\r <{PEER}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ \\U00000053ERVICE SILENT <{PEER}> {{ ?s ?p ?o }} }}",
    f"BASE <{PEER}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    f'SELECT * {{ ?s ?p """a\\""""SERVICE <{PEER}> {{ ?s ?p ?o }} }}',
    "SELECT * { BIND (<http://127.0.0.1/> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    f"SELECT * {{ SERVICE # a comment\n <{PEER}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ \\u0053ERVICE <{PEER}> {{ ?s ?p ?o }} }}",
    "SELECT * { SERVICE <https://query.example.org/sparq\\u006c> { ?s ?p ?o } }",
    f"SELECT * {{ FILTER('it''s' = \"#\") SERVICE<{PEER}>{{?s ?p ?o}} }}",
    f"SELECT * {{ FILTER(?a<?b) SERVICE <{PEER}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 1.SERVICE<{PEER}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p trueSERVICE <{PEER}> {{ ?s ?p ?o }} }}",
    f"PREFIX e: <{PEER}> SELECT * {{ SERVICEe: {{ ?s ?p ?o }} }}",
    f"PREFIX e: <{PEER}> SELECT * {{ SERVICESILENTe: {{ ?s ?p ?o }} }}",
    "SELECT * { SERVICESILENT?e { ?s ?p ?o } }",
    f'SELECT * {{ VALUES ?x {{ """a" }} SERVICE <{PEER}> {{ ?s ?p ?o }} #\\x"""\n }}',
    f"PREFIX e: <{PEER}> SELECT * {{ BIND(1 AS ?a) FILTER(?a<2)SERVICEe:#>\n{{ ?s ?p ?o }} }}",
    f"PREFIX : <{PEER}> SELECT * {{ BIND(1 AS ?a) FILTER (?a<2)#> GRAPH\nSERVICE:{{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES ?x {{ e:、\\' }} SERVICE <{PEER}> {{ ?s ?p ?o }} #'\n }}",
    f"SELECT * {{ VALUES ?x {{ e:、\\# }} SERVICE <{PEER}> {{ ?s ?p ?o }} \n }}",
    f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE<{PEER}>{{ ?s ?p ?o }} }}",
]
HARMLESS = [
    "SELECT ?service { ?service a <http://example.org/SERVICE> }",
    "SELECT ?service { ?s ?service ?x { ?a ?b ?c } }",
    'SELECT * { ?s ?p "SERVICE <http://example.org/> {" } # SERVICE <http://example.org/> {',
    "# SERVICE <x:a> { }\nSELECT * { ?s ?p <x:a#b> }",
    "PREFIX service: <http://example.org/> SELECT * { ?s service:SERVICE 'x'@service }",
    "SELECT * { ?s ?p '''it's SERVICE <x> {''' }",
    "PREFIX service: <x:> SELECT * { GRAPH service:g { ?s service:p ?o } OPTIONAL { ?s service:q ?r } }",
    "PREFIX web-service: <x:> SELECT * FROM web-service:g { ?s web-service:p ?o FILTER EXISTS { ?o ?q ?services } }",
    "PREFIX load: <x:> INSERT DATA { load:a load:b 'LOAD <x:d>' ; load:c 'load: 7' . <x:a> load:d 1 } # LOAD <x:d>",
    "DELETE WHERE { ?load <x:LOAD> ?LOAD }",
    "SELECT * { ?version ?p 'VERSION \"9\"' }",
]
LOADS = [
    "LOAD <http://example.org/d>",
    "PREFIX e: <http://example.org/> load silent e:d into graph <x:g>",
    "PREFIX e: <http://example.org/> LOAD e:d",
    "PREFIX e: <http://example.org/> LOADe:d",
    "PREFIX e:<http://example.org/d#>LOADe:",
    "CLEAR ALL ; LOAD # a comment\n <http://example.org/d>",
    "CLEAR ALL ; # LOAD\nLOAD<http://example.org/d>",
    "\\u004COAD <http://example.org/d>",
    "VERSION'1.2'LOAD<http://example.org/d>",
    "INSERT DATA { <x:a> <x:p> '}' } ; LOADe:",
    "INSERT DATA { <x:a> <x:p> '''}\"''' } ; LOAD<http://example.org/d>",
]


class Peer(AnsweringHandler):
    """An endpoint inside, which counts who asks it."""

    count = 0
    protocol_version = "HTTP/1.1"

    def reply(self, _: bytes) -> None:
        """Answer with one solution."""
        Peer.count += 1
        body = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"inside"}}]}}'
        self.answer(200, body, JSON_ROWS)


@pytest.fixture(scope="module")
def listener() -> Iterator[str]:
    """The address of an endpoint at loopback."""
    with serving(Peer) as address:
        yield f"{address}/internal"


@pytest.fixture
def peer(listener: str) -> str:
    """The same, which no query has used yet."""
    Peer.count = 0
    return listener


def evaluated(text: str) -> bytes | None:
    """Return what the bare engine answers, None for a text that it refuses."""
    try:
        results = Store().query(text, base_iri="http://example.org/")
        if isinstance(results, QueryBoolean | QuerySolutions):
            return results.serialize(format=QueryResultsFormat.JSON)
        return "\n".join(map(str, results)).encode()
    except (SyntaxError, ValueError, RuntimeError, OSError):
        return None


@pytest.mark.parametrize("text", CALLS)
def test_a_call_is_refused_unless_allowed_however_it_is_written(text: str) -> None:
    with pytest.raises(RefusedError, match="CONVOCATION_SERVICES"):
        decide(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_the_word_alone_is_no_call_and_no_load(text: str) -> None:
    assert decide(text).calls == ()


@pytest.mark.parametrize("text", LOADS)
def test_a_load_is_refused_unless_allowed_however_it_is_written(text: str) -> None:
    with pytest.raises(RefusedError, match="CONVOCATION_LOADS"):
        decide(text)


def test_what_is_allowed_may_be_asked_and_loaded() -> None:
    decide(f"SELECT * {{ SERVICE<{PEER}>{{ ?s ?p ?o }} }}", frozenset({PEER}))
    decide(f"LOAD<{PEER}>INTO GRAPH <x:g>", loads=frozenset({PEER}))


@pytest.mark.parametrize(
    "text", [f"SELECT * {{ service silent <{PEER}> {{}} }}", "ASK { SERVICE # so\n SILENT <g> {} }", "LOADSILENT<x:d>"]
)
def test_what_is_silent_may_name_others_but_the_engine_may_not_ask_them(text: str) -> None:
    assert len(decide(text).calls) == 1
    with pytest.raises(RefusedError):
        confine(text)


@pytest.mark.parametrize("text", [*CALLS, "SELECT (RAND() AS ?x) {}", "SELECT * {} ORDER BYRAND()"])
@pytest.mark.parametrize("more", ["", " # a 'comment'\n", " # NOW ()"])
def test_what_may_change_is_not_kept(text: str, more: str) -> None:
    assert not look(text + more).repeatable


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { FILTERRAND() }",
        "SELECT * { VALUES ?x { 1 } FILTERNOW() }",
        "SELECT (strUUID( ) AS ?x) {}",
        "SELECT * {} ORDER BYBNODE()",
        "SELECT (\\u0052AND() AS ?x) {}",
    ],
)
def test_a_function_that_is_glued_to_its_neighbors_is_seen(text: str) -> None:
    assert not look(text).repeatable


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?now (COUNT(*) AS ?n) { ?s ?now ?o } GROUP BY ?now",
        "SELECT * { ?s <http://xmlns.com/foaf/0.1/knows> ?o } # RAND() NOW()",
        "SELECT * { ?s ?p 'RAND()' , '''it's NOW()''' , <x:RAND> }",
        "SELECT ?brand { ?brand a <x:Brand> }",
    ],
)
def test_a_word_that_calls_nothing_does_not_keep_an_answer_from_being_kept(text: str) -> None:
    assert look(text).repeatable


def test_our_own_queries_ask_nobody() -> None:
    files = [path for path in ROOT.rglob("*.rq") if ".venv" not in path.parts and "node_modules" not in path.parts]
    assert len(files) > 100
    asking = [path for path in files if look(path.read_text(encoding="utf-8")).calls]
    assert {path.parent.name for path in asking} == {"federated"}  # asked only when a visitor sends the form


def test_no_call_of_the_engine_is_missed(peer: str) -> None:
    random, asked = seeded(11), 0
    for _ in range(3000):
        text, before = calling(random, peer), Peer.count
        evaluated(text)
        if Peer.count > before:
            asked += 1
            assert look(text).targets, text
    assert asked > 1000  # the texts do what they are for


def test_no_load_or_call_of_an_update_is_missed(peer: str) -> None:
    random, asked = seeded(12), 0
    for _ in range(1500):
        text, before = updating(random, peer), Peer.count
        with suppress(SyntaxError, RuntimeError, OSError, ValueError):
            Store().update(text, base_iri="http://example.org/")
        if Peer.count > before:
            asked += 1
            assert look(text).calls, text
    assert asked > 500


def test_no_answer_that_changes_is_kept() -> None:
    random, changed = seeded(13), 0
    for _ in range(1500):
        text = changing(random)
        if len({evaluated(text) for _ in range(3)}) > 1:
            changed += 1
            assert not look(text).repeatable, text
    assert changed > 500


def test_no_text_leads_the_stores_to_an_address_that_is_not_allowed(peer: str) -> None:
    random, settings = seeded(14), Settings()
    for _ in range(400):
        text = calling(random, peer)
        with suppress(ConvocationError), relayed(text, settings) as relay:
            EmbeddedStore.memory(()).query(relay.text)
        with suppress(ConvocationError), relayed(text := updating(random, peer), settings) as relay:
            WritableStore.memory(()).update(relay.text, "http://example.org/")
    assert Peer.count == 0


def test_no_text_leads_a_worker_to_an_address_that_is_not_allowed(peer: str, settings: Settings) -> None:
    random = seeded(15)
    with answering(settings.changed(query_seconds="5")) as path:
        engine = Engine(path, settings.queries, settings.waiting)
        for number in range(600):
            text = calling(random, peer)
            question = Question(text, 1, "json", "nt", "http://example.org/", 5, check=number % 2 == 0)
            with suppress(ConvocationError):
                engine.ask(question)
    assert Peer.count == 0


def test_a_relayed_call_reaches_what_is_allowed_and_nothing_else(peer: str) -> None:
    settings, random = Settings(services=peer, private_hosts="127.0.0.1"), seeded(16)
    for _ in range(60):
        text = calling(random, peer)
        with suppress(ConvocationError), relayed(text, settings) as relay:
            assert peer not in {call.iri for call in look(relay.text).targets}
            EmbeddedStore.memory(()).query(relay.text)
    with relayed(f"SELECT ?s {{ {{}}SERVICE<{peer}>{{?s ?p ?o}} }}", settings) as relay:
        results = EmbeddedStore.memory(()).query(relay.text)
        assert isinstance(results, QuerySolutions)
        assert [row["s"] for row in results] == [Literal("inside")]


HIDDEN = [
    "SELECT ?s {{ {{}} SERVICESILENT<{peer}>{{?s ?p ?o}} }}",
    "PREFIX e: <{peer}> SELECT ?s {{ {{}} SERVICEe: {{?s ?p ?o}} }}",
    'SELECT * {{ VALUES ?x {{ """a" }} SERVICE<{peer}>{{?s ?p ?o}} #\\x"""\n }}',
]


@pytest.mark.parametrize("query", HIDDEN)
def test_no_entrance_of_the_application_lets_a_call_through(client: FlaskClient, peer: str, query: str) -> None:
    text = query.format(peer=peer)
    answers = [
        client.get("/sparql", query_string={"query": text}),
        client.post("/sparql", data={"query": text}),
        client.post("/sparql", data=text, content_type="application/sparql-query"),
        client.open("/sparql", method="QUERY", data=text, content_type="application/sparql-query"),
        client.post("/sparql/check", data=text),
    ]
    silent = "SILENT" in text
    assert {each.status_code for each in answers} == ({200} if silent else {403})
    assert Peer.count == 0
    assert not any("inside" in each.text for each in answers)


@pytest.mark.parametrize("query", HIDDEN)
def test_no_update_or_patch_lets_a_call_through(editable: Callable[..., FlaskClient], peer: str, query: str) -> None:
    client, text = editable(), query.format(peer=peer)
    where = text[text.index("{") :]
    head = text[: text.index("SELECT")]
    update = f"{head}INSERT {{ <x:a> <x:b> ?s }} WHERE {where}"
    client.post("/sparql", data={"update": update})
    client.patch("/store?default", data=update, content_type="application/sparql-update")
    client.post("/sparql", data={"update": f"LOADSILENT<{peer}>"})
    client.post("/sparql", data={"update": f"PREFIX e:<{peer}>LOADe:"})
    assert Peer.count == 0


def test_a_parameter_of_a_view_leads_nowhere(client: FlaskClient, peer: str) -> None:
    for value in (f"> }} SERVICE <{peer}> {{ ?s ?p ?o }} #", f'" }} SERVICESILENT<{peer}>{{}} #'):
        client.get("/view/attendance-by-year.csv", query_string={"series": value})
    assert Peer.count == 0


def test_a_burst_of_like_queries_does_not_open_another_way(serve: Callable[..., Server], peer: str) -> None:
    server = serve()
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        for number in range(40):
            text = f"SELECT (4{number:05} AS ?x) {{}}"
            if number % 4 == 3:
                text = HIDDEN[number // 4 % 3].format(peer=peer)
            connection.request("GET", f"/sparql?query={quote(text)}", headers={"Accept": "text/csv"})
            assert b"inside" not in connection.getresponse().read()
    assert Peer.count == 0


@pytest.mark.usefixtures("served")
def test_the_command_asks_only_what_is_allowed(peer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    query = f"SELECT ?s {{ {{}}SERVICE<{peer}>{{?s ?p ?o}} }}"
    assert isinstance(CliRunner().invoke(cli, ["query", "-"], input=query).exception, RefusedError | SystemExit)
    assert Peer.count == 0
    monkeypatch.setenv("CONVOCATION_SERVICES", peer)
    assert "inside" in CliRunner().invoke(cli, ["query", "-"], input=query).stdout


def test_a_check_asks_nobody_be_it_allowed(settings: Settings, engine: str, peer: str) -> None:
    client = create_app(settings.changed(services=peer, private_hosts="127.0.0.1"), engine).test_client()
    text = f"SELECT * {{ SERVICE # now\n SILENT\n<{peer}> {{ ?s ?p ?o }} {{}}SERVICE<{peer}>{{?s ?p ?o}}"
    assert client.post("/sparql/check", data=f"{text} }}").get_json() == {"ok": True}
    with pytest.raises(SyntaxError) as error:
        Store().query(f"{text} ; }}")
    reported = client.post("/sparql/check", data=f"{text} ; }}").get_json()
    assert not reported["ok"]
    assert f"error at {reported['line']}:{reported['column']}:" in str(error.value)
    assert Peer.count == 0


def test_a_store_asks_by_itself_only_what_it_is_given() -> None:
    text = "SELECT * { SERVICE <http://127.0.0.1:9/a> { ?s ?p ?o } }"
    with asking(frozenset({"http://127.0.0.1:9/b"})), pytest.raises(RefusedError):
        EmbeddedStore.memory(()).query(text)
    with pytest.raises(RefusedError):
        construct(EmbeddedStore.memory(()), text)


def test_a_decision_on_a_large_update_takes_no_time_of_its_square() -> None:
    part = "<x:a#b> <x:p> 'download: it\\'s' ; load:x \"load: 7\" . # '\n"
    text = f"PREFIX load: <x:> INSERT DATA {{ {part * 10_000} }} ; LOAD <{PEER}>"
    assert [call.iri for call in look(text).loads] == [PEER]


@pytest.mark.parametrize(
    "part", ["<x:a> <x:b> 'to download: it' .\n", "<x:a> <x:b> 'a load: it' . ", "<x:a> <x:b> 'now (and' .\n"]
)
def test_words_in_the_texts_of_a_large_update_do_not_hold_it_up(part: str) -> None:
    seconds = []
    for count in (2_000, 20_000):
        text = f"INSERT DATA {{ {part * count} }}"
        begun = time.process_time()
        assert look(text).calls == ()
        seconds.append(time.process_time() - begun)
    assert seconds[1] < 40 * seconds[0]


def test_a_text_that_can_be_read_in_very_many_ways_is_refused_and_not_read_for_long() -> None:
    text = "SELECT * { " + "?a<b#'{>\"}<c#}'{>\n" * 3000 + f" SERVICE <{PEER}> {{ ?s ?p ?o }} }}"
    with pytest.raises(RefusedError):
        decide(text)


def test_a_version_of_sparql_that_is_not_known_is_refused(client: FlaskClient) -> None:
    for text in ('VERSION "9.9" SELECT * {}', "BASE <x:>VERSION'2'ASK{}", "# c\nVERSION '1.2' VERSION '7' ASK {}"):
        with pytest.raises(QueryError, match="VERSION"):
            decide(text)
        assert client.get("/sparql", query_string={"query": text}).status_code == 400
    for text in ('VERSION "1.2" ASK {}', "PREFIX e: <x:> SELECT * { ?s e:version '9.9' ; ?version '9' }"):
        assert client.get("/sparql", query_string={"query": text}).status_code == 200
