"""A consistency rule, read from its file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from pyoxigraph import NamedNode

from graph.files import RULES
from graph.query import Query, read_queries, read_query
from graph.terms import Term

JUDGES = Path(__file__).parent / "judges"

Row = dict[str, Term]
Ask = Callable[[NamedNode], Row]
Judge = Callable[[Iterable[Row]], Iterable[Row]] | Callable[[Iterable[Row], Ask], Iterable[Row]]


@dataclass(frozen=True)
class Rule:
    """A query that examines the graph, with what its header says.

    The header has a `label`, an `explanation`, a `formula`, the `severity` of a contradiction, the columns of the
    things that an instance `involves` and `concerns`, and a sentence for each outcome (`contradicts`, `explained`,
    `caution`, `holds`) or, where a row has one, for its `?case`, which begins with the outcome.
    Where the rows for a term depend on what is said of it and near it alone, the query lists it as its parameter, so
    that only the terms that a change reaches are examined again.
    """

    query: Query

    @property
    def name(self) -> str:
        """The name in URLs."""
        return self.query.name

    @property
    def text(self) -> str:
        """The query without its header, asked of the whole graph."""
        return "".join(line for line in self.query.bind().splitlines(keepends=True) if not line.startswith("#+"))

    def said(self, key: str) -> str:
        """Return what the header says of something, or nothing."""
        return self.query.header.get(key, "")

    def columns(self, key: str) -> list[str]:
        """Return the columns that the header names for something."""
        return self.said(key).split()

    @property
    def judge(self) -> Judge | None:
        """What decides instead of the query, if anything does."""
        name = self.name.replace("-", "_")
        if not (JUDGES / f"{name}.py").exists():
            return None
        judge: Judge = import_module(f"graph.rules.judges.{name}").judge
        return judge

    @property
    def further(self) -> Query | None:
        """The query of a judge on a term of the rows, in the file next to it, if there is one."""
        path = JUDGES / f"{self.name.replace('-', '_')}.rq"
        return read_query(path) if path.exists() else None


@cache
def rules(folder: Path = RULES) -> tuple[Rule, ...]:
    """Return the rules of a folder, in their order."""
    return tuple(map(Rule, read_queries(folder)))
