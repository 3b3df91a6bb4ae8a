"""Keys of references such as `kirk-etal-2024-prism`: first author, year, first significant word of the title."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from graph.names import digest, distinct, slug
from server.display.works import Work

INSIGNIFICANT = frozenset({
    "a", "all", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "how", "in", "into",
    "is", "it", "its", "not", "of", "on", "or", "over", "s", "the", "to", "toward", "towards", "under", "via", "what",
    "when", "where", "which", "who", "why", "with", "without",
})  # fmt: skip
TWO, MOST = 2, 4  # authors that are named; words of a title that a key may have
LONGEST = 3  # words of a name


def citation_key(work: Work, words: int = 1) -> str:
    """Return the key of a work, with some words of its title."""
    title = slug(work.title).split("-")
    telling = [each for each in title if each not in INSIGNIFICANT and not each.isdecimal()] or title
    return "-".join(filter(None, (*_names(work), work.year, *telling[:words])))


def keyed(works: Iterable[Work]) -> Iterator[Work]:
    """Yield works with keys that are unique among them: of equal ones the later have more words of the title."""
    taken = set[str]()
    for work in works:
        keys = (citation_key(work, words) for words in range(1, MOST + 1))
        key = next((each for each in keys if each not in taken), "")
        key = key or distinct(f"{citation_key(work)}-{digest(work.iri.value, length=4)}", taken)
        taken.add(key)
        yield replace(work, key=key)


def _names(work: Work) -> list[str]:
    names = ["-".join(slug(each.family or each.name).split("-")[:LONGEST]) for each in work.authors]
    if len(names) > TWO or (work.authors_left_out and names):
        return [names[0], "etal"]
    return names or ["anonymous"]
