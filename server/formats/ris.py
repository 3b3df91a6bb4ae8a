"""RIS, which reference managers read."""

from collections.abc import Iterable, Iterator

import rispy
from pyoxigraph import NamedNode

from graph.sources.parts import NameParts
from server.display.citation_keys import keyed
from server.display.works import OF, Work, has_works, works
from server.formats import Format
from server.http.media import Media


def write(thing: NamedNode) -> Iterator[str]:
    """Yield a record for each paper of a thing."""
    return write_works(works(thing))


def write_works(found: Iterable[Work]) -> Iterator[str]:
    """Yield a record for each work."""
    for work in keyed(found):
        notes = (
            "Some authors are left out." if work.authors_left_out else "",
            f"{work.status}." if work.status else "",
        )
        said = {
            "type_of_reference": "CPAPER" if work.is_accepted else "UNPB",
            "id": work.key,
            "title": work.title,
            "authors": [*map(_name, work.authors)],
            "secondary_authors": [*map(_name, work.editors)],
            "secondary_title": work.proceedings if work.is_accepted else "",
            "year": work.year,
            "start_page": work.first_page or work.extent,
            "end_page": work.last_page,
            "publisher": work.publisher,
            "notes": [each for each in notes if each],
            "doi": work.identifier("doi"),
            "urls": [work.address],
        }
        text: str = rispy.dumps([{key: value for key, value in said.items() if value}])
        yield text.partition("\n")[2] if text.startswith("1.\n") else text


def _name(name: NameParts) -> str:
    """Return a name as RIS has it: the family name, the given name and the suffix."""
    return ", ".join(filter(None, (name.surname, name.given, name.suffix))) if name.given else name.name


FORMAT = Format(Media("ris", "application/x-research-info-systems", None), "RIS", OF, write, has_works, write_works)
