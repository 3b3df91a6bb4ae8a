"""Queries are files: a `.rq` with a header of `#+ key: value` lines, which runs as it is.

A key that stands on several lines has one value, that of all lines.

A parameter is a variable `?_name`; unbound it stands for anything. It is bound by writing the term in its place,
which is safe (terms are serialized by the engine) and right for aggregates too.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from graph.errors import QueryError

HEADER = re.compile(r"^#\+ (?P<key>[\w-]+): *(?P<value>.*)$", re.MULTILINE)
PARAMETER = re.compile(r"\?_(?P<name>\w+)")


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

    def bind(self, **terms: NamedNode | Literal) -> str:
        """Return the text with the terms in place of the parameters.

        Raises:
            QueryError: there is no such parameter.
        """
        if unknown := sorted(terms.keys() - set(self.parameters)):
            raise QueryError(f"{self.name} has no parameter {unknown[0]!r}; it has {', '.join(self.parameters)}.")
        return PARAMETER.sub(lambda found: str(terms.get(found["name"], found[0])), self.text)


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
