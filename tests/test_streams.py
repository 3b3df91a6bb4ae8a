"""Large texts go by in blocks, wherever a block is cut."""

import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from graph.errors import PayloadError
from graph.system import streams
from graph.system.streams import Body, in_blocks, in_order, rebased, whole_lines

OLD, NEW = "http://127.0.0.1:5000/", "https://kg.example.org/x/"
LINES = (
    f"<{OLD}id/person/a> <http://xmlns.com/foaf/0.1/page> <http://archive.example.org/{OLD}x> <{OLD}graph/one> .\n"
    f'<{OLD}id/person/a> <{OLD}p> "see <{OLD}id/b>, ({OLD}id/c), {OLD}" .\n'
    f'<{OLD}id/person/a> <http://example.org/p> "{OLD}"^^<http://www.w3.org/2001/XMLSchema#anyURI> .\n'
    '<http://127.0.0.1:50001/> <http://example.org/p> "http://127.0.0.1:5000" .\n'
)
MOVED = (
    f"<{NEW}id/person/a> <http://xmlns.com/foaf/0.1/page> <http://archive.example.org/{OLD}x> <{NEW}graph/one> .\n"
    f'<{NEW}id/person/a> <{NEW}p> "see <{NEW}id/b>, ({NEW}id/c), {NEW}" .\n'
    f'<{NEW}id/person/a> <http://example.org/p> "{NEW}"^^<http://www.w3.org/2001/XMLSchema#anyURI> .\n'
    '<http://127.0.0.1:50001/> <http://example.org/p> "http://127.0.0.1:5000" .\n'
)


def cut(text: str, size: int) -> Iterator[bytes]:
    """Yield a text in blocks of some bytes."""
    data = text.encode()
    yield from (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_iris_below_the_old_base_move_and_nothing_else(size: int) -> None:
    assert b"".join(rebased(cut(LINES, size), OLD, NEW)).decode() == MOVED


def test_a_new_base_may_begin_as_the_old_one() -> None:
    assert b"".join(rebased([f"<{OLD}a> .\n".encode()], OLD, f"{OLD}kg/")).decode() == f"<{OLD}kg/a> .\n"


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("text", ["", "\n", "a\nb", "a\n\nbcd\n", "no end"])
def test_blocks_are_cut_at_the_ends_of_lines(text: str, size: int) -> None:
    blocks = list(whole_lines(cut(text, size)))
    assert b"".join(blocks).decode() == text
    assert all(each.endswith(b"\n") for each in blocks[:-1])


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LONGEST", 1 << 20)
    with pytest.raises(PayloadError, match="A line has more than 1 MB, which no quad has; give a file of N-Quads"):
        list(whole_lines(b"x" * 1000 for _ in range(2000)))


@pytest.mark.parametrize("at_once", [1, 100, 1 << 20])
def test_lines_are_sorted_in_memory_and_on_disk_alike(tmp_path: Path, at_once: int) -> None:
    lines = [f"{number * 7919 % 1000:04} line é\n" for number in range(1000)]
    found = [line.decode() for line in in_order(cut("".join(lines), 50), tmp_path, at_once)]
    assert found == sorted(lines)
    assert not list(tmp_path.iterdir())


def test_lines_are_put_together_in_blocks() -> None:
    blocks = list(in_blocks((b"0123456789\n" for _ in range(100)), 50))
    assert b"".join(blocks) == b"0123456789\n" * 100
    assert all(50 <= len(each) < 61 for each, _ in pairwise(blocks))


def test_blocks_can_be_read_as_a_file() -> None:
    file = io.BufferedReader(Body(iter([b"ab", b"", b"cdef", b"g"])))
    assert (file.read(3), file.read()) == (b"abc", b"defg")
