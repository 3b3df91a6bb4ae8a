"""The summary of an import, in which records read are those published, merged and left out: as text and as JSON."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from graph.importing.reading import FileOutcome
from graph.importing.run import ImportResult
from graph.importing.tally import Tally, total
from graph.sources.records import Notice

EXAMPLES, WIDTH = 3, 200
Groups = dict[tuple[str, str], list[tuple[str, Notice]]]


def notice_lines(outcomes: Iterable[FileOutcome]) -> Iterator[str]:
    """Yield the notices of the files that were read in groups, each with its number and some examples."""
    groups: Groups = defaultdict(list)
    for outcome in outcomes:
        for each in () if outcome.unchanged else outcome.notices:
            groups[each.severity, each.kind].append((outcome.file.name, each))
    for (severity, kind), found in sorted(groups.items()):
        yield f"{severity}: {kind}: {sum(each.count for _, each in found):,}"
        for name, each in found[:EXAMPLES]:
            yield f"    {name}, {each.place}: {each.detail}"[:WIDTH]
    if hidden := sum(max(len(found) - EXAMPLES, 0) for found in groups.values()):
        yield f"{hidden:,} more are on the pages of the sources, and in what --format json prints."


def result_lines(result: ImportResult, *, dry: bool) -> Iterator[str]:
    """Yield the sums of an import: records by outcome, editions that lost most of them, the difference, the version."""
    counts: Counter[str] = Counter()
    for outcome in result.outcomes:
        counts.update(outcome.counts)
    yield ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items())) or "no records"
    yield in_words(total(each.tally for each in result.outcomes))
    for edition, tally in sorted(by_edition(result.outcomes).items()):
        if edition and tally.lost_most:
            yield f"warning: {edition} lost most of its records: {in_words(tally)}"
    if dry:
        yield "Nothing was written (--dry-run)."
        return
    names = ("unchanged", "added", "removed", "gone")
    same, added, removed, gone = (sum(getattr(each, name) for each in result.outcomes) for name in names)
    yield f"{added:,} statements added, {removed:,} removed; {gone:,} records gone from their source"
    yield f"unchanged: {same:,} of {len(result.outcomes):,} files"
    if result.version:
        yield f"Published version {result.version.number} ({result.version.seconds} s)"
    else:
        yield "Nothing has changed, so there is no new version."


def in_words(tally: Tally) -> str:
    """Return a tally as a sum."""
    parts = f"{tally.published:,} published, {tally.merged:,} merged, {tally.left_out:,} left out"
    return f"{tally.read:,} record{'s' * (tally.read != 1)} read: {parts}"


def by_edition(outcomes: Iterable[FileOutcome]) -> dict[str, Tally]:
    """Return the tallies of all files by edition."""
    found: dict[str, Tally] = {}
    for each in outcomes:
        for edition, tally in each.tallies.items():
            found[edition] = found.get(edition, Tally()) + tally
    return found


def as_json(result: ImportResult) -> str:
    """Return the outcome of each file with all its notices, and the sums, as JSON."""
    editions = by_edition(result.outcomes)
    content = {
        "records": _numbers(total(editions.values())),
        "files": [_file(each) for each in result.outcomes],
        "failures": [{"file": str(path), "error": words} for path, words in result.failures],
        "version": result.version.number if result.version else None,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode()


def _file(outcome: FileOutcome) -> dict[str, object]:
    return {
        "file": str(outcome.file),
        "unit": outcome.unit,
        "unchanged": outcome.unchanged,
        "records": _numbers(outcome.tally),
        "editions": {each: _numbers(tally) for each, tally in sorted(outcome.tallies.items()) if each},
        "statements": {"added": outcome.added, "removed": outcome.removed},
        "gone": outcome.gone,
        "notices": [msgspec.structs.asdict(each) for each in outcome.notices],
    }


def _numbers(tally: Tally) -> dict[str, int]:
    names = ("read", "published", "merged", "left_out")
    return {name: getattr(tally, name) for name in names}
