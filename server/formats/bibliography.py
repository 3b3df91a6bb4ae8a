"""References as plain text, for reading and pasting: authors, year, title, proceedings, address."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from server.display.works import OF, Work, has_works, works
from server.formats import Format
from server.http.media import Media

MOST = 10  # authors that are named


def write(thing: NamedNode) -> Iterator[str]:
    """Yield a reference for each paper of a thing."""
    return write_works(works(thing))


def write_works(found: Iterable[Work]) -> Iterator[str]:
    """Yield a reference for each work, one on each line."""
    return (f"{reference(work)}\n" for work in found)


def reference(work: Work) -> str:
    """Return a reference in one line."""
    place = f"In {work.proceedings}" if work.proceedings and work.is_accepted else ""
    pages = f"{work.first_page}\N{EN DASH}{work.last_page}" if work.last_page else work.extent
    parts = (_names(work), work.year, work.title, ", ".join(filter(None, (place, pages))), work.publisher, work.status)
    doi = work.identifier("doi")
    text = " ".join(each if each.endswith((".", "?", "!")) else f"{each}." for each in parts if each)
    return f"{text} {f'https://doi.org/{doi}' if doi else work.address}"


def _names(work: Work) -> str:
    names = [each.name for each in work.authors]
    if work.authors_left_out or len(names) > MOST:
        return f"{', '.join(names[:MOST])}, et al."
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


MEDIA = Media("txt", "text/x-bibliography", None, (), ("bibliography",))
FORMAT = Format(MEDIA, "Plain text", OF, write, has_works, write_works)
