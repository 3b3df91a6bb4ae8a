"""CSL-JSON, the input of citation processors (Citation Style Language 1.0.2, appendix)."""

import json
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from graph.sources.parts import NameParts
from server.display.citation_keys import citation_key, keyed
from server.display.words import whole_number
from server.display.works import OF, Work, has_works, works
from server.formats import Format
from server.http.media import Media


def write(thing: NamedNode) -> Iterator[str]:
    """Yield a list of items, one for each paper of a thing."""
    return write_works(works(thing))


def write_works(found: Iterable[Work]) -> Iterator[str]:
    """Yield a list of items, one for each work."""
    start = "["
    for work in keyed(found):
        yield f"{start}\n{json.dumps(item(work), ensure_ascii=False, indent=1)}"
        start = ","
    yield "[]\n" if start == "[" else "\n]\n"


def item(work: Work) -> dict[str, object]:
    """Return a paper as an item."""
    others = [{"literal": "others"}] if work.authors_left_out else []  # as Pandoc reads BibTeX
    said = {
        "id": work.key or citation_key(work),
        "type": "paper-conference" if work.is_accepted else "manuscript",
        "title": work.title,
        "author": [*map(_name, work.authors), *others],
        "editor": [*map(_name, work.editors)],
        "container-title": work.proceedings if work.is_accepted else "",
        "event-title": work.edition,
        "publisher": work.publisher,
        "page": f"{work.first_page}-{work.last_page}" if work.last_page else work.extent,
        "issued": {"date-parts": [[year]]} if (year := whole_number(work.year)) else None,
        "DOI": work.identifier("doi"),
        "URL": work.address,
        "status": "retracted" if work.is_retracted else "",
        "note": "" if work.is_accepted else work.status,
    }
    return {key: value for key, value in said.items() if value}


def _name(name: NameParts) -> dict[str, str]:
    """Return a name as a name variable; one without parts is literal."""
    if name.is_whole:
        return {"literal": name.name} if " " in name.name else {"family": name.family}
    parts = {"family": name.family, "given": name.given, "non-dropping-particle": name.particle, "suffix": name.suffix}
    return {part: text for part, text in parts.items() if text}


MEDIA = Media("csl.json", "application/vnd.citationstyles.csl+json", None, (), ("csl",))
FORMAT = Format(MEDIA, "CSL-JSON", OF, write, has_works, write_works)
