"""The people of a field of BibTeX, which `and` parts; lists that semicolons or commas part are read, too."""

import html
import re
from collections.abc import Iterator

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from graph.sources.authors import author, author_named, divided
from graph.sources.parts import LONGEST, SUFFIX, NameParts
from graph.sources.records import Author
from graph.sources.text import stands_for_others

OTHERS = re.compile(r"[\s,]+(?:and\s+)?et\.? al\.?\s*$", re.IGNORECASE)
NUMBERS = re.compile(r"(?<=\w)\s*\d+(?:\s*,\s*\d+)*\s*$")  # of footnotes, or that dblp gives to namesakes
GROUPED = re.compile(r"\{[^{}\\]*\s[^{}]*\}")
FORM = 3  # sections of a name in BibTeX, which are the family name, the suffix and the given name
FULL = 2  # words that a full name has at least
DIVIDED = "authors parted by commas or semicolons"


def people(text: str) -> tuple[tuple[Author, ...], bool, str]:
    """Return the people of a field, whether some are left out, and the kind of the notice on it, if any."""
    names = split_multiple_persons_names(html.unescape(text))
    bare = [OTHERS.sub("", each) for each in names if not stands_for_others(each)]
    mixed = any("," not in each for each in bare)  # beside such names, a comma parts people
    every = [each for name in bare for each in _separated(name, FORM - 1 if mixed else FORM)]
    found = [_author(each) for each in every]
    known = tuple(each for each in found if each)
    left_out = bare != names or len(known) < len(found)
    return known, left_out, DIVIDED if len(every) > len(bare) else ""


def _separated(name: str, count: int) -> list[str]:
    """Return the people of one name of BibTeX: itself, unless semicolons or commas part `count` or more full names."""
    several = [each.strip() for each in _sections(name, ";") if each.strip()]
    if len(several) > 1:
        return several
    sections = [each.strip() for each in _sections(NUMBERS.sub("", name), ",")]
    if len(sections) > FORM or (len(sections) >= count and all(len(each.split()) >= FULL for each in sections)):
        return divided(sections)
    return [name]


def _sections(text: str, mark: str) -> Iterator[str]:
    """Yield the parts of a text between marks that are in no braces."""
    level, start = 0, 0
    for place, sign in enumerate(text):
        level += (sign == "{") - (sign == "}")
        if sign == mark and not level:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def _author(name: str) -> Author | None:
    """Return the author of a name, whose parts a comma or braces give."""
    bare = NUMBERS.sub("", name.strip())
    if len(bare) > LONGEST:
        return author_named(bare)
    if bare.startswith("{") and _is_closed(bare):
        return author(NameParts(bare[1:-1]))
    sections = [each for each in _sections(bare, ",") if each.strip()]
    if len(sections) == 1 and not GROUPED.search(bare):
        return author_named(bare)
    if len(sections) == FORM and SUFFIX.fullmatch(sections[2].strip()):  # as in Smith, Ann, Jr.
        sections = [sections[0], sections[2], sections[1]]
    words = parse_single_name_into_parts(",".join(sections), strict=False)
    return author(NameParts(*(" ".join(each) for each in (words.last, words.first, words.von, words.jr))))


def _is_closed(text: str) -> bool:
    """Return whether the brace that opens a text closes at its end, and holds no macro such as an accent."""
    level = 0
    for place, sign in enumerate(text):
        level += (sign == "{") - (sign == "}")
        if not level:
            return place == len(text) - 1 and not text.startswith("{\\")
    return False
