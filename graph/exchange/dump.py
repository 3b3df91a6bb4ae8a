"""Writes a version to a file of sorted N-Quads, or to a folder with its checksums and its description in DCAT.

<folder>/graph.nq.gz   the quads of all graphs in order, so that two dumps of one graph are the same file
<folder>/dcat.ttl      what it is: title, license, version, base of the IRIs, size, checksum
<folder>/sources.tar   what the imported sources say, where there are any, so that the next import goes on from there
<folder>/SHA256SUMS    the checksums of them all, as `sha256sum --check` reads them

The texts of documents that were given to a build are not in it: they belong to others.
"""

import gzip
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import IO

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from graph.errors import StoreError
from graph.exchange.void import DCAT, MEDIA_TYPE, Description
from graph.store import Store
from graph.system.progress import Step, nothing
from graph.system.streams import in_blocks, in_order
from graph.terms import DCTERMS, RDF, VOID, XSD, Namespace
from graph.versions.home import Version
from graph.versions.ledgers import ARCHIVE, pack

GRAPH, DESCRIPTION, SUMS = "graph.nq.gz", "dcat.ttl", "SHA256SUMS"
SPDX = Namespace("http://spdx.org/rdf/terms#")
USED = {"dcat": DCAT.prefix, "dcterms": DCTERMS.prefix, "spdx": SPDX.prefix, "void": VOID.prefix, "xsd": XSD.prefix}
HERE = "file:///here/"  # stands for the folder, whatever its name: the addresses in the description are relative
LEVEL = 5  # of gzip


def dump_file(store: Store, path: Path, step: Step = nothing) -> None:
    """Write all quads in order, compressed if the name ends in .gz; raise StoreError if reading or writing fails."""
    with _aside(path) as part:
        _write(store, part, step, compressed=path.suffix == ".gz")
        part.replace(path)


def dump_folder(store: Store, version: Version, license_: str, path: Path, step: Step = nothing) -> None:
    """Write quads, description and checksums to a new folder; raise StoreError if it exists or anything fails."""
    if path.exists():
        words = f"There is something at {path} already, which is left as it is"
        raise StoreError(f"{words}; give the path of a new folder.")
    with _aside(path) as part:
        part.mkdir()
        _write(store, part / GRAPH, step, compressed=True)
        checksum = sha256(part / GRAPH)
        _describe(part, version, license_, checksum)
        if version.store.is_dir():  # it is a version of this home, not of another engine
            pack(version.ledgers, part / ARCHIVE)
        lines = (f"{sha256(each)}  {each.name}\n" for each in sorted(part.iterdir()))
        (part / SUMS).write_text("".join(lines), encoding="ascii")
        part.rename(path)


def sha256(path: Path) -> str:
    """Return the SHA-256 checksum of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write(store: Store, path: Path, step: Step, *, compressed: bool) -> None:
    with path.open("wb") as plain, _packed(plain, compressed=compressed) as file:
        for block in in_blocks(in_order(store.blocks(), path.parent)):
            file.write(block)
            step(block.count(b"\n"))
        file.flush()
        os.fsync(plain.fileno())


@contextmanager
def _packed(plain: IO[bytes], *, compressed: bool) -> Iterator[IO[bytes] | gzip.GzipFile]:
    """Give a file that compresses what is written; it holds no time, so that equal graphs give equal files."""
    if not compressed:
        yield plain
        return
    with gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=plain, mtime=0) as file:
        yield file


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """Yield a temporary place next to a path, removed afterwards; raise StoreError if it cannot be written."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".dump-", dir=path.parent))
        try:
            yield folder / path.name
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{path} cannot be written: {reason}; give another path, or free some space there.") from error


def _describe(folder: Path, version: Version, license_: str, checksum: str) -> None:
    triples = [*_description(version, license_, (folder / GRAPH).stat().st_size, checksum)]
    text = (serialize(triples, format=RdfFormat.TURTLE, prefixes=USED) or b"").decode()
    (folder / DESCRIPTION).write_text(text.replace(f"<{HERE}", "<"), encoding="utf-8")


def _description(version: Version, license_: str, size: int, checksum: str) -> Iterator[Triple]:
    about = Description(version, None, NamedNode(license_))
    yield from about.general()
    dataset, part, digest = about.dataset, NamedNode(f"{HERE}{GRAPH}"), NamedNode(f"{HERE}{GRAPH}#checksum")
    facts: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (dataset, RDF.type, DCAT.Dataset),
        (dataset, DCAT.version, Literal(str(version.number))),
        (dataset, VOID.uriSpace, Literal(version.base)),
        (dataset, DCAT.distribution, part),
        (part, RDF.type, DCAT.Distribution),
        (part, DCTERMS.license, about.license),
        (part, DCAT.downloadURL, part),
        (part, DCAT.mediaType, MEDIA_TYPE["application/n-quads"]),
        (part, DCAT.compressFormat, MEDIA_TYPE["application/gzip"]),
        (part, DCAT.byteSize, Literal(str(size), datatype=XSD.nonNegativeInteger)),
        (part, SPDX.checksum, digest),
        (digest, RDF.type, SPDX.Checksum),
        (digest, SPDX.algorithm, SPDX.checksumAlgorithm_sha256),
        (digest, SPDX.checksumValue, Literal(checksum, datatype=XSD.hexBinary)),
    ]
    yield from (Triple(*fact) for fact in facts)
