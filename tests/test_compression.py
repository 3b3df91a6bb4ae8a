"""Compressed answers: by Accept-Encoding, whole or streamed, and a broken one stays broken."""

import gzip
import zlib

import pytest
import zstandard
from flask.testing import FlaskClient

from graph.settings import Settings
from server.application import create_app
from server.http.logs import CutOffError

LARGE = "SELECT * { ?s ?p ?o } LIMIT 2000"
MIDDLE = "SELECT * { ?s ?p ?o } LIMIT 50"


@pytest.mark.parametrize("query", [LARGE, MIDDLE], ids=["streamed", "whole"])
@pytest.mark.parametrize("suffix", ["json", "xml", "csv", "tsv"])
def test_an_answer_comes_compressed_to_clients_that_accept_it(client: FlaskClient, query: str, suffix: str) -> None:
    plain = client.get("/sparql", query_string={"query": query, "format": suffix})
    packed = client.get(
        "/sparql", query_string={"query": query, "format": suffix}, headers={"Accept-Encoding": "br, gzip"}
    )
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 3
    for response in (plain, packed):
        assert {"Accept", "Accept-Encoding"} <= set(response.vary)
    assert packed.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize("query", [LARGE, MIDDLE], ids=["streamed", "whole"])
def test_an_answer_comes_by_zstd_too(client: FlaskClient, query: str) -> None:
    given = {"query": query, "format": "csv"}
    packed = client.get("/sparql", query_string=given, headers={"Accept-Encoding": "zstd"})
    assert packed.headers["Content-Encoding"] == "zstd"
    opened = zstandard.ZstdDecompressor().decompressobj().decompress(packed.data)
    assert opened == client.get("/sparql", query_string=given).data
    assert len(packed.data) < len(opened) / 3


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf", "nq", "trig", "n3"])
def test_a_graph_comes_compressed_too(client: FlaskClient, suffix: str) -> None:
    query = {"query": "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 200", "format": suffix}
    packed = client.get("/sparql", query_string=query, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == client.get("/sparql", query_string=query).data


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0.5, identity;q=0.1", "gzip"),
        ("x-unknown, gzip;q=0.001", "gzip"),
        ("", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("gzip;q=0, *", None),
        ("*;q=0", None),
        ("gzip;q=0.1, identity;q=0.9", None),
        ("deflate", None),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, zstd;q=0.5", "gzip"),
        ("gzip;q=0, zstd", "zstd"),
        ("zstd;q=0, identity", None),
    ],
)
def test_the_client_says_what_it_can_read(client: FlaskClient, accepted: str, encoding: str | None) -> None:
    response = client.get("/sparql", query_string={"query": MIDDLE}, headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding


def test_a_small_answer_stays_as_it_is(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "ASK {}"}, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


def test_the_first_rows_of_a_stream_can_be_read_before_the_last_are_there(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": LARGE}, headers={"Accept-Encoding": "gzip"}, buffered=False)
    first = next(iter(response.iter_encoded()))
    assert zlib.decompressobj(31).decompress(first).startswith(b'{"head":{"vars":["')
    response.close()


def test_pages_and_data_of_things_are_compressed_too(client: FlaskClient) -> None:
    for path in ("/ontology.ttl", "/", "/void"):
        response = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.data) == client.get(path).data


def test_a_compressed_answer_that_is_cut_off_does_not_look_whole(settings: Settings, engine: str) -> None:
    client = create_app(settings.changed(query_size="1"), engine).test_client()
    query = {"query": "SELECT * { ?s ?p ?o . ?o ?q ?r }"}
    response = client.get("/sparql", query_string=query, headers={"Accept-Encoding": "gzip"}, buffered=False)
    unpacked = zlib.decompressobj(31)
    texts: list[bytes] = []
    with pytest.raises(CutOffError, match="limit of 1 MB"):
        texts.extend(map(unpacked.decompress, response.iter_encoded()))
    assert not unpacked.eof
