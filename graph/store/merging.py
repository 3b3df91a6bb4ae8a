"""The dataset of a query: the graphs that the request or FROM names (SPARQL 1.1, section 13.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pyoxigraph import BlankNode, DefaultGraph, NamedNode

from graph.errors import QuerySyntaxError
from graph.store.reading import read_head

FROM = re.compile(r"\bFROM\b", re.IGNORECASE)
Graphs = Iterable[NamedNode] | None


@dataclass(frozen=True)
class Dataset:
    """The default graphs and the named graphs of a query, each once; None leaves them to the query or the store."""

    default: list[NamedNode | BlankNode | DefaultGraph] | None
    named: list[NamedNode | BlankNode] | None

    @classmethod
    def of(cls, text: str, base: str | None, default: Graphs, named: Graphs) -> Self:
        """Return the dataset that is given, else the one of the query where FROM names several graphs."""
        if default is None and named is None and len(FROM.findall(text)) > 1:
            try:
                head = read_head(text, base or "")
            except (QuerySyntaxError, ValueError):
                return cls(None, None)  # the engine says what is wrong
            if len(head.default_graphs) > 1:
                default, named = head.default_graphs, head.named_graphs
        return cls(
            None if default is None else list(dict.fromkeys(default)),
            None if named is None else list(dict.fromkeys(named)),
        )

    @property
    def merges(self) -> bool:
        """Whether the default graph is made of several graphs."""
        return self.default is not None and len(self.default) > 1
