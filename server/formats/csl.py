"""CSL-JSON, the input of citation processors (Citation Style Language 1.0.2, appendix)."""

import json
from collections.abc import Iterator

from pyoxigraph import NamedNode

from server.display.words import whole_number
from server.display.works import OF, Work, has_works, named, works
from server.formats import Format
from server.http.media import Media


def write(thing: NamedNode) -> Iterator[str]:
    """Yield a list of items, one for each paper."""
    start = "["
    for work in works(thing):
        yield f"{start}\n{json.dumps(item(work), ensure_ascii=False, indent=1)}"
        start = ","
    yield "[]\n" if start == "[" else "\n]\n"


def item(work: Work) -> dict[str, object]:
    """Return a paper as an item."""
    authors = [{"family": name.family, "given": name.given} for name in map(named, work.authors)]
    said = {
        "id": work.key,
        "type": "paper-conference",
        "title": work.title,
        "author": [{part: text for part, text in each.items() if text} for each in authors],
        "container-title": work.proceedings,
        "event-title": work.edition,
        "issued": {"date-parts": [[year]]} if (year := whole_number(work.year)) else None,
        "DOI": work.identifier("doi"),
        "URL": work.address,
    }
    return {key: value for key, value in said.items() if value}


MEDIA = Media("csl.json", "application/vnd.citationstyles.csl+json", None, (), ("csl",))
FORMAT = Format(MEDIA, "CSL-JSON", OF, write, has_works)
