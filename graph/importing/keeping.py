"""Takes what was imported from one version into the next that is built of curated files."""

from collections.abc import Callable, Iterable, Sequence

from graph.curated.decisions import PlacedDecision, decisions_digest
from graph.errors import HomeError
from graph.importing.assembling import Assembly
from graph.importing.claims import Claims, about_things
from graph.importing.folder import CURATED, NAME, Folder
from graph.importing.lines import Iris
from graph.importing.reading import program
from graph.importing.renaming import FormerNames, Renaming
from graph.names import Names
from graph.rules.renewal import examine
from graph.store.writable import WritableStore, let_go
from graph.versions.home import Draft, Version

Report = Callable[[str], None]


def keep(
    current: Version | None,
    draft: Draft,
    curated: Iterable[str],
    decisions: Sequence[PlacedDecision] = (),
    report: Report = lambda _: None,
) -> int:
    """Take what the current version has imported into a draft that holds the curated part; return how many papers.

    `curated` are the lines of the curated part of the default graph, `decisions` those about who is who.

    Raises:
        HomeError: the imported data have IRIs under another base.
        StoreError: it cannot be written.
    """
    index = Folder(current.folder / NAME).index() if current else None
    if current is None or index is None or not index.units:
        return 0
    if current.base != draft.base:
        hint = f"give --base {current.base}, or move the graph with: convocation rebase {draft.base}"
        raise HomeError(f"The imported data have IRIs under {current.base}, not under {draft.base}; {hint}.")
    draft.keep_sources(current)
    folder, lines = Folder(draft.folder / NAME), about_things(curated, Names(draft.base))
    fresh = lines != folder.lines(CURATED) or index.program != program()
    formers, again = FormerNames.of(decisions), index.decisions != decisions_digest(decisions)
    if fresh or again:
        folder.write(CURATED, lines)
        names = Names(draft.base)
        renamed = Renaming(folder, index, Iris(names), formers).run(report, again=again)
        assembly = Assembly(folder, index, names, Claims.of(lines), decisions=decisions, formers=formers)
        assembly.make(assembly.editions if fresh else renamed, report)
        folder.set_index(index)
    store = WritableStore.open(draft.store)
    store.load_lines(folder.read(name) for name in folder.shards() if name != CURATED)
    store.optimize()
    examine(store, Names(draft.base))
    del store
    let_go()
    report(f"kept what was imported: {len(index.units)} files")
    return sum(index.papers.values())
