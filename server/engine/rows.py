"""Counts the rows of results while they are serialized, exactly, from the bytes of their format."""

import re
from dataclasses import dataclass

TRUTH = re.compile(rb'^\{"head":\{\},"boolean":|<boolean>')


@dataclass
class Rows:
    """Counts rows as they are serialized; one instance per answer."""

    count: int = 0

    def add(self, data: bytes) -> None:
        """Count the rows in the next bytes."""


@dataclass
class Xml(Rows):
    """A row is a `<result>`; the text of a term cannot hold one."""

    tail: bytes = b""

    def add(self, data: bytes) -> None:
        """Count the elements, also one that is cut in two."""
        data = self.tail + data
        self.count += data.count(b"<result>")
        self.tail = data[-len(b"result>") :]


@dataclass
class Tsv(Rows):
    """A row is a line behind the first; the text of a term cannot hold a line feed."""

    count: int = -1

    def add(self, data: bytes) -> None:
        """Count the lines."""
        self.count += data.count(b"\n")


@dataclass
class Csv(Rows):
    """A row is a line behind the first, but for line feeds between quotation marks."""

    count: int = -1
    quoted: int = 0

    def add(self, data: bytes) -> None:
        """Count the line feeds outside of quotation marks."""
        parts = data.split(b'"')
        self.count += sum(part.count(b"\n") for part in parts[self.quoted :: 2])
        self.quoted ^= (len(parts) - 1) & 1


@dataclass
class Json(Rows):
    """A row is an object in an array; the objects of terms follow a key."""

    quoted: int = 0
    rest: bytes = b""
    last: bytes = b""

    def add(self, data: bytes) -> None:
        """Count the objects behind `[` or `,` outside of strings."""
        data = self.rest + data
        self.rest = b"\\" if (len(data) - len(data.rstrip(b"\\"))) & 1 else b""
        data = data.removesuffix(self.rest).replace(b"\\\\", b"").replace(b'\\"', b"")
        parts = data.split(b'"')
        outside = self.last + b"".join(parts[self.quoted :: 2])
        self.quoted ^= (len(parts) - 1) & 1
        self.count += outside.count(b",{") + outside.count(b"[{")
        self.last = outside[-1:] if outside[-1:] != b"{" else b""


FORMATS: dict[str, type[Rows]] = {"xml": Xml, "tsv": Tsv, "csv": Csv, "json": Json}


def counter(suffix: str) -> Rows:
    """Return a counter for a format."""
    return FORMATS[suffix]()


def rows(body: bytes, suffix: str) -> int | None:
    """Return the number of solutions or triples of a whole answer; None for a truth value or an unknown format."""
    if suffix in ("nt", "nq"):
        return body.count(b"\n")
    if suffix not in FORMATS or body in (b"true", b"false") or TRUTH.search(body):
        return None
    counted = counter(suffix)
    counted.add(body)
    return counted.count
