"""Where the bundled files are, in a checkout and in an installed wheel alike; and how a file is written."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import StoreError
from graph.system.room import unwritten

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
CODES = ONTOLOGY / "codes"
ALIGNMENTS = ONTOLOGY / "align"
QUESTIONS = ONTOLOGY / "questions"
FIRST_QUERIES = ONTOLOGY / "first-queries"
SHAPES = ROOT / "shapes"
RULES = SHAPES / "rules"
QUERIES = ROOT / "graph" / "queries"
CURATED = ROOT / "graph" / "data" / "curated"
IDENTITY = CURATED / "identity.yaml"  # decisions about who is who, of no document
CURATED_FILES = tuple(sorted(each for each in CURATED.glob("*.yaml") if each != IDENTITY))
CURATION = ROOT / "graph" / "data" / "curation.yaml"
LINKS = ROOT / "graph" / "data" / "links"
CATALOGUE = ROOT / "graph" / "data" / "catalogue.yaml"
CITIES = ROOT / "graph" / "data" / "cities.tsv"  # this and the next are written by .ci/gazetteer.py
TERRITORIES = ROOT / "graph" / "data" / "territories.tsv"
TOPICS = ROOT / "graph" / "data" / "topics.yaml"
VENUES = ROOT / "graph" / "data" / "venues.yaml"
WORDS = ROOT / "graph" / "data" / "words.yaml"


def save(path: Path, text: str) -> None:
    """Write a text to a file as UTF-8; raise StoreError if the file cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}; give another path.") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give another file, in the same folder, which takes the place of a file as a whole when the block ends well.

    Raises:
        StoreError: it cannot be written; the file is as it was.
    """
    part = path.with_name(f".{path.name}-{os.getpid()}")
    part.unlink(missing_ok=True)
    try:
        yield part
        if part.exists():
            part.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise unwritten(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def link(old: Path, new: Path) -> None:
    """Have the files of a folder in another, by hard links; so none of them may be changed, only replaced."""
    for each in sorted(old.rglob("*")) if old.is_dir() else ():
        place = new / each.relative_to(old)
        if each.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(each, place)
