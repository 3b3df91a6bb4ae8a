"""RIS, which reference managers read."""

from collections.abc import Iterator

import rispy
from pyoxigraph import NamedNode

from server.display.works import OF, has_works, named, works
from server.formats import Format
from server.http.media import Media


def write(thing: NamedNode) -> Iterator[str]:
    """Yield a record for each paper."""
    for work in works(thing):
        said = {
            "type_of_reference": "CPAPER",
            "id": work.key,
            "title": work.title,
            "authors": [named(each).inverted for each in work.authors],
            "secondary_title": work.proceedings,
            "year": work.year,
            "doi": work.identifier("doi"),
            "urls": [work.address],
        }
        text: str = rispy.dumps([{key: value for key, value in said.items() if value}])
        yield text.partition("\n")[2] if text.startswith("1.\n") else text


FORMAT = Format(Media("ris", "application/x-research-info-systems", None), "RIS", OF, write, has_works)
