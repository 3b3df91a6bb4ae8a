"""A document is read as it was written, and a passage is found by its lines and its words."""

from hashlib import sha256
from pathlib import Path

import pytest

from graph.curated.documents import Document, find_documents, open_document
from graph.errors import DocumentError
from graph.files import ROOT

TEXT = "First line.\n\n  We wind   a spring,\tand it\nremembers. \nIt winds again.\nLast line."
DOCUMENT = Document(Path("made-up.txt"), TEXT)


def test_a_document_has_lines_and_a_checksum() -> None:
    assert DOCUMENT.lines[2:4] == ["  We wind   a spring,\tand it", "remembers. "]
    assert DOCUMENT.sha256 == sha256(TEXT.encode()).hexdigest()


@pytest.mark.parametrize(
    ("lines", "start", "end", "expected"),
    [
        (("1",), None, None, "First line."),
        (("3-4",), None, None, "We wind a spring, and it remembers."),
        (("1", "6"), None, None, "First line. Last line."),
        (("1-3",), None, None, "First line. We wind a spring, and it"),
        (("3-4",), "a spring", None, "a spring, and it remembers."),
        (("3-4",), None, "a spring", "We wind a spring"),
        (("3-4",), "spring", "remembers", "spring, and it remembers"),
        (("3-5",), "wind", "wind", "wind"),
        (("3-5",), "It", "winds", "It winds"),
        (("2",), None, None, ""),
    ],
)
def test_a_passage_is_one_line_of_text(lines: tuple[str, ...], start: str, end: str, expected: str) -> None:
    assert DOCUMENT.passage(lines, start, end) == expected


@pytest.mark.parametrize(
    ("start", "end", "missing"),
    [
        ("a wheel", None, "a wheel"),
        (None, "a wheel", "a wheel"),
        ("a wheel", "another", "a wheel"),
        ("remembers", "a spring", "a spring"),
        ("First", None, "First"),
    ],
)
def test_words_that_are_not_there_are_refused(start: str, end: str, missing: str) -> None:
    with pytest.raises(DocumentError) as error:
        DOCUMENT.passage(("3-4",), start, end)
    assert str(error.value) == f"made-up.txt: lines 3-4 do not hold the words {missing!r}; check both."


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfA\n", b"A\r\nB\r\n", b"A", b"", "Gen\u00e8ve".encode()])
def test_the_checksum_is_that_of_the_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    assert open_document(tmp_path / "a.txt").sha256 == sha256(content).hexdigest()


def test_a_document_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Gen\xe8ve")
    with pytest.raises(DocumentError, match=r"a\.txt: this is not UTF-8 text; give the document as the curated file"):
        open_document(tmp_path / "a.txt")


def test_a_document_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="No such file or directory; give the path of a text file"):
        open_document(tmp_path / "a.txt")


def test_a_folder_is_not_a_document(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="Is a directory; give the path of a text file"):
        open_document(tmp_path)


def test_the_documents_of_a_folder_are_its_texts_by_checksum(tmp_path: Path) -> None:
    for name in ("a.txt", "b.md", "c.pdf", "d"):
        (tmp_path / name).write_text(name)
    found = find_documents(tmp_path)
    assert {checksum: document.path.name for checksum, document in found.items()} == {
        sha256(b"a.txt").hexdigest(): "a.txt",
        sha256(b"b.md").hexdigest(): "b.md",
    }


def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.pdf").write_text("c")
    with pytest.raises(DocumentError, match=r"holds no \.txt or \.md file; give the folder of the documents"):
        find_documents(tmp_path)


def test_a_folder_with_a_text_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(DocumentError, match=r"b\.txt: Is a directory"):
        find_documents(tmp_path)


def test_the_document_of_the_valid_file_is_found_by_its_path() -> None:
    path = ROOT / "tests" / "curated" / "valid.txt"
    [document] = find_documents(path).values()
    assert len(document.lines) == 23
