"""Queries are files: a `.rq` with a header of `#+ key: value` lines, which runs as it is.

A key on several lines has one value, that of all lines.

A parameter is a variable `?_name`; unbound it stands for anything. It is bound by writing the term in its place,
which is safe (terms are serialized by the engine) and right for aggregates too. One that the text lists, as
`VALUES ?_name { UNDEF }`, takes several terms.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from graph.errors import QueryError

HEADER = re.compile(r"^#\+ (?P<key>[\w-]+): *(?P<value>.*)$", re.MULTILINE)
PARAMETER = re.compile(r"\?_(?P<name>\w+)")
LISTED = re.compile(r"VALUES \?_(?P<listed>\w+) \{ UNDEF \}")
PLACE = re.compile(f"{LISTED.pattern}|{PARAMETER.pattern}")  # in one pass, so that no term is read as a parameter
Terms = NamedNode | Literal | Iterable[NamedNode | Literal]


@dataclass(frozen=True)
class Query:
    """A query of a file: its name, what its header says, its text."""

    name: str
    header: Mapping[str, str] = field(hash=False)
    text: str

    @property
    def parameters(self) -> list[str]:
        """The names of its parameters, in order."""
        body = HEADER.sub("", self.text)
        return list(dict.fromkeys(found["name"] for found in PARAMETER.finditer(body)))

    @property
    def listed(self) -> frozenset[str]:
        """The names of the parameters that take several terms."""
        return frozenset(found["listed"] for found in LISTED.finditer(self.text))

    def bind(self, **terms: Terms) -> str:
        """Return the text with the terms in place of the parameters, several where the text lists them.

        Raises:
            QueryError: there is no such parameter, or it does not take several.
        """
        if unknown := sorted(terms.keys() - set(self.parameters)):
            raise QueryError(f"{self.name} has no parameter {unknown[0]!r}; it has {', '.join(self.parameters)}.")
        written = {name: self._written(name, given) for name, given in terms.items()}
        return PLACE.sub(lambda found: _bound(found, written, self.listed), self.text)

    def _written(self, name: str, given: Terms) -> str:
        terms = [given] if isinstance(given, NamedNode | Literal) else list(given)
        if len(terms) != 1 and name not in self.listed:
            raise QueryError(f"{self.name} takes one {name!r}, not {len(terms)}.")
        return " ".join(map(str, terms))


def _bound(found: re.Match[str], written: Mapping[str, str], listed: frozenset[str]) -> str:
    """Return the replacement of a parameter; one without a value is unbound, without a clause."""
    if name := found["listed"]:
        return f"VALUES ?_{name} {{ {written[name]} }}" if written.get(name) else ""
    return found[0] if found["name"] in listed else written.get(found["name"], found[0])


def read_query(path: Path) -> Query:
    """Return the query of a file."""
    text, header = path.read_text(encoding="utf-8"), defaultdict[str, list[str]](list)
    for found in HEADER.finditer(text):
        header[found["key"]].append(found["value"])
    return Query(path.stem, {key: " ".join(values) for key, values in header.items()}, text)


def read_queries(folder: Path) -> list[Query]:
    """Return the queries of a folder, by `#+ order` and then by name."""
    queries = [read_query(path) for path in folder.glob("*.rq")]
    return sorted(queries, key=lambda query: (int(query.header.get("order", "500")), query.name))
