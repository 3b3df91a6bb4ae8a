"""One measurement of a validation in its own process, as JSON: `python -m benchmarks.validating <what> <place>`.

`store` validates the store of a version on disk and writes the report, `pyshacl` has pyshacl validate the default graph
of an N-Quads file, `ours` our validation the same file, `change` validates after changes of one paper each.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import rdflib
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from benchmarks.reference import found_by_pyshacl, found_here
from benchmarks.report import spread
from graph.files import SHAPES
from graph.inspection.formats import FORMATS, Inspection, LocatedFinding
from graph.store.embedded import EmbeddedStore
from graph.store.writable import WritableStore
from graph.terms import CVN, DCTERMS, RDF
from graph.validate.incremental import incremental
from graph.validate.shapes import read_shapes
from graph.validate.whole import results

Facts = dict[str, object]
CHANGES = 40
EVERY = 97  # every n-th paper is changed


def store(place: Path) -> Facts:
    """Validate the store of a version, and write the report in Turtle."""
    found = results(EmbeddedStore.open(place))
    text = FORMATS["ttl"](Inspection.of("version", map(LocatedFinding.of_result, found)))
    return {"results": len(found), "report": len(text)}


def view(place: Path) -> list[Quad]:
    """Return the default graph of an N-Quads file."""
    read = parse(path=place, format=RdfFormat.N_QUADS, lenient=True)
    return [each for each in read if isinstance(each.graph_name, DefaultGraph)]


def ours(place: Path) -> Facts:
    """Validate the default graph of a file by our validation."""
    return _reported(sorted(map(str, found_here(results(EmbeddedStore.memory(view(place)), read_shapes())))))


def pyshacl(place: Path) -> Facts:
    """Validate the default graph of a file by pyshacl as it is installed, over rdflib's own store."""
    quads = EmbeddedStore.memory(view(place)).quads()
    text = serialize((each.triple for each in quads), format=RdfFormat.N_TRIPLES) or b""
    data, shapes = rdflib.Graph().parse(data=text, format="nt"), rdflib.Graph()
    for path in sorted(SHAPES.glob("*.ttl")):
        if path.stem != "ontology":
            shapes.parse(path)
    begun = time.process_time()
    found = found_by_pyshacl(data, shapes)
    return _reported(sorted(map(str, found))) | {"validation": time.process_time() - begun}


def change(place: Path) -> Facts:
    """Give papers another title, one after the other, and validate each time what that reaches."""
    before = EmbeddedStore.open(place)
    with TemporaryDirectory(dir=place.parent) as folder:
        after = WritableStore.copy(place, Path(folder) / "store")
        papers = [each.subject for each in before.engine.quads_for_pattern(None, RDF.type, CVN.Paper, DefaultGraph())]
        _changed(before, after, papers[0])  # shapes are compiled once
        chosen = papers[EVERY::EVERY][:CHANGES]
        least, median, most = spread([_changed(before, after, each) for each in chosen])
    return {"changes": len(chosen), "least": least, "median": median, "most": most}


def _changed(before: EmbeddedStore, after: WritableStore, paper: object) -> float:
    assert isinstance(paper, NamedNode)  # noqa: S101 - the corpus has no blank nodes
    old = list(before.engine.quads_for_pattern(paper, DCTERMS.title, None, DefaultGraph()))
    new = [Quad(paper, DCTERMS.title, Literal("Another title"), DefaultGraph())]
    after.replace(old, new)
    begun = time.perf_counter()
    found = incremental(before, after.reading(), [*old, *new])
    assert found.nodes  # noqa: S101 - else nothing was measured
    return time.perf_counter() - begun


def _reported(found: list[str]) -> Facts:
    return {"results": len(found), "found": found}


WHAT: dict[str, Callable[[Path], Facts]] = {"store": store, "ours": ours, "pyshacl": pyshacl, "change": change}


def peak() -> int:
    """Return the most memory that this process has had, in KiB; getrusage would report that of its parent if more."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    """Measure what the arguments ask for."""
    begun, used = time.perf_counter(), time.process_time()
    facts = WHAT[sys.argv[1]](Path(sys.argv[2]))
    facts |= {"wall": time.perf_counter() - begun, "cpu": time.process_time() - used}
    facts["memory"] = peak() / 2**20  # GiB
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
