"""Compares the letters of real titles and names before and after cleaning; run it to see the table of all of them."""

import gzip
import html
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import split_multiple_persons_names
from samples import files

from graph.importers.bibtex.people import people
from graph.sources.authors import author, author_named
from graph.sources.parts import NameParts
from graph.sources.text import clean

MACRO = re.compile(r"\\[a-zA-Z]+|\\.")
TAG = re.compile(r"</?[a-z-]+(?:\s+[\w-]+\s*=[^<>]*)?\s*/?>", re.IGNORECASE)
SIGN = re.compile(r"/spl \w+/|/su[bp] |(?<=\w)/")
KINDS = (  # of letters that are lost on purpose, by what the text has
    ("garbled bytes", re.compile("[\u00c2\u00c3\u00e2\ufffd\u0080-\u009f]")),
    ("e-mail address", re.compile("@")),
    ("note in parentheses", re.compile(r"[(\[]")),
    ("number or mark of a note", re.compile(r"[\d*\u2020\u2021\u00b9\u00b2\u00b3\u2070-\u2079#]")),
    ("and at the beginning", re.compile(r"^\s*and\s", re.IGNORECASE)),
    ("nobody", re.compile(r"^\W*(?:anonymous.*|et al|others|\w?)\W*$", re.IGNORECASE)),
)
SAME, SIGNS, GAINED, LOST = "the same", "the same letters, other signs", "letters for macros", "letters lost"
SHOWN = 5
Texts = Iterator[tuple[str, str]]  # a text as it is in the file, and as we have it


def letters(text: str) -> str:
    """Return the letters and digits of a text without accents and case."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(each for each in plain if each.isalnum())


def kind(before: str, after: str) -> str:
    """Return how a text differs from what it was."""
    shown = html.unescape(html.unescape(before))
    if " ".join(shown.split()) == after:
        return SAME
    core, rest = letters(TAG.sub("", SIGN.sub("", MACRO.sub("", shown)))), letters(after)
    if core == rest or sorted(core) == sorted(rest):
        return SIGNS
    if _is_within(core, rest):
        return GAINED
    return next((name for name, words in KINDS if words.search(shown)), LOST)


def _is_within(core: str, rest: str) -> bool:
    """Return whether the letters of a text are in another in order."""
    left = iter(rest)
    return all(each in left for each in core)


def titles(step: int = 1) -> Texts:
    """Yield the titles of all sources, of `step` records one, before and after."""
    yield from ((text, clean(text)) for source in RECORDS for text, _ in _records(source, step) if text.strip())


def names(step: int = 1) -> Texts:
    """Yield the names of the authors of all sources, of `step` records one, before and after."""
    for source, (_, shown) in RECORDS.items():
        for _, found in _records(source, step):
            yield from ((" ".join(filter(None, each)), shown(each)) for each in found)


def _records(source: str, step: int) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield the title and the parts of the names of each record of a source."""
    return islice((record for path in files(source) for record in RECORDS[source][0](path)), 0, None, step)


def _json(path: Path) -> Iterable[dict[str, Any]]:
    text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()
    if ".jsonl" in path.name:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    found = json.loads(text)
    records: list[dict[str, Any]] = found["papers"] if isinstance(found, dict) else found
    return records


def _list(path: Path) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    for each in _json(path):
        text = html.unescape(html.unescape(each.get("author") or ""))
        yield each.get("title") or "", [(name,) for name in text.split(";" if ";" in text else ",") if name.strip()]


def _anthology(path: Path) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    for each in _json(path):
        yield each["title"], [(a["given"], a.get("prefix", ""), a["family"]) for a in each.get("authors", ())]


def _acl(path: Path) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    for paper in ET.parse(path).iter("paper"):  # noqa: S314 - a file of ours
        parts = [[each.find("first"), each.find("last")] for each in paper.iterfind("author")]
        found = [tuple("".join(part.itertext()) for part in each if part is not None) for each in parts]
        title = paper.find("title")
        yield "".join(title.itertext()) if title is not None else "", [each for each in found if "".join(each).strip()]


def _bibtex(path: Path) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    for entry in parse_string(path.read_text(encoding="utf-8")).entries:
        fields = {each.key.lower(): each.value for each in entry.fields}
        yield fields.get("title", ""), [(each,) for each in split_multiple_persons_names(fields.get("author", ""))]


def _named(found: Any) -> str:
    return found.name if found else ""


def _parts(given: str, prefix: str, family: str) -> NameParts:
    return NameParts(family or given, family and given, prefix)


RECORDS: dict[str, tuple[Callable[[Path], Iterator[Any]], Callable[[tuple[str, ...]], str]]] = {
    "paperlists": (_list, lambda each: _named(author_named(each[0]))),
    "mlanthology": (_anthology, lambda each: _named(author(_parts(*each)))),
    "acl_anthology": (_acl, lambda each: _named(author(NameParts(each[-1], " ".join(each[:-1]))))),
    "bibtex": (_bibtex, lambda each: " ".join(one.name for one in people(each[0])[0])),
}


def counted(texts: Texts) -> tuple[Counter[str], dict[str, list[tuple[str, str]]]]:
    """Return how many texts there are of each kind of difference, and the texts of each kind but the same."""
    counts: Counter[str] = Counter()
    examples: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for before, after in texts:
        found = kind(before, after)
        counts[found] += 1
        if found != SAME:
            examples[found].append((before, after))
    return counts, examples


def main() -> None:
    """Print the table, with some texts of each kind."""
    for name, texts in (("titles", titles()), ("names", names())):
        counts, examples = counted(texts)
        print(f"{name}: {counts.total():,}")
        for each, count in counts.most_common():
            print(f"  {count:>9,}  {each}")
            for before, after in examples[each][: SHOWN if each != LOST else None]:
                print(f"               {before!r} -> {after!r}")


if __name__ == "__main__":
    main()
