"""Names the records in which papers of one edition have one title."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from graph.rules.rule import Ask, Row

SHOWN = 3


def judge(rows: Iterable[Row], ask: Ask) -> Iterator[Row]:
    """Yield each title with the first papers that have it; `ask` gives where a paper is listed."""
    for row in rows:
        papers = sorted(row["papers"].value.split())[:SHOWN]
        known = [ask(NamedNode(paper)) for paper in papers]
        said = {
            "outcome": "caution",
            "places": "; ".join(map(_place, known)),
            "papers": " ".join(papers),
            "sources": " ".join(dict.fromkeys(each["source"].value for each in known if "source" in each)),
        }
        yield row | {name: Literal(value) for name, value in said.items()}


def _place(known: Row) -> str:
    record = f"record {known['record'].value} of " if "record" in known else ""
    return f"{record}the {known['document'].value}" if known else "one without a source"
