"""Topics: the keywords of papers, under one IRI whatever their case, accents and punctuation."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from graph.importing.lines import ALSO, Iris, Triple, cvn, described, number, text
from graph.importing.paper_merging import MergedPaper
from graph.names import slug


class TopicShare(Struct, frozen=True):
    """A topic of the papers of one edition: how many papers have it under which name, who says so, how many in all."""

    path: str
    names: tuple[tuple[str, int], ...]
    voices: tuple[str, ...]
    papers: int


def topics(met: Iterable[MergedPaper]) -> list[TopicShare]:
    """Return the topics of papers, by their paths."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    voices: dict[str, set[str]] = defaultdict(set)
    papers: Counter[str] = Counter()
    for paper in met:
        there = {(slug(name), name, voice.unit.name) for voice, each in paper.records for name in each.topics}
        for path, name, voice in there:
            names[path][name] += 1
            voices[path].add(voice)
        papers.update({path for path, _, _ in there})
    return [
        TopicShare(each, tuple(sorted(names[each].items())), tuple(sorted(voices[each])), papers[each])
        for each in sorted(papers)
    ]


def triples(path: str, of_editions: Iterable[TopicShare], iris: Iris) -> Iterator[Triple]:
    """Yield what is said of a topic; its name is the one that most papers have."""
    me, names, voices, papers = iris("topic", path), Counter[str](), set[str](), 0
    for each in of_editions:
        names.update(dict(each.names))
        voices.update(each.voices)
        papers += each.papers
    label, *others = sorted(names, key=lambda name: (-names[name], name))
    yield from described(me, label, "Topic")
    yield from ((me, ALSO, text(each)) for each in others)
    yield me, cvn("paperCount"), number(papers)
    yield from ((me, cvn("source"), iris("source", voice)) for voice in sorted(voices))
