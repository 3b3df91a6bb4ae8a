"""The entries of a file of BibTeX, with what was corrected in them; `#` joins the parts of a value."""

import logging
from collections.abc import Iterable

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares.middleware import LibraryMiddleware, Middleware
from bibtexparser.middlewares.parsestack import default_parse_stack
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    Field,
    ParsingFailedBlock,
    String,
)

from graph.sources.file import SourceFile
from graph.sources.records import Notice

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")  # that each style defines


class Concatenation(LibraryMiddleware):
    """Replaces each value that `#` joins by one text, which the middlewares of the library do not do."""

    def transform(self, library: Library) -> Library:
        """Return the library, changed in place."""
        known = {each: each for each in MONTHS}
        for block in library.blocks:
            values: Iterable[Field | String] = block.fields if isinstance(block, Entry) else ()
            for each in [block] if isinstance(block, String) else values:
                if "#" in str(each.value) and (text := _joined(each.value, known)) is not None:
                    each.value = f"{{{text}}}"
            if isinstance(block, String):
                known[block.key.lower()] = _bare(block.value)
        return library


def _joined(value: str, known: dict[str, str]) -> str | None:
    """Return the text of a value in parts, or None if it has one part or a name that the file does not define."""
    parts = list(_parts(value))
    if len(parts) == 1 or not all(each[0] in '"{' or each.isdecimal() or each.lower() in known for each in parts):
        return None
    return "".join(known.get(each.lower(), _bare(each)) for each in parts)


def _bare(value: str) -> str:
    """Return a value without the quotation marks or braces around it."""
    return value[1:-1] if value[:1] + value[-1:] in ('""', "{}") else value


def _parts(value: str) -> Iterable[str]:
    """Yield the parts of a value with their quotation marks or braces; # within these is a sign."""
    level, start, opened = 0, 0, ""
    for place, sign in enumerate(f"{value}#"):
        if sign == "#" and not level and not opened:
            yield value[start:place].strip()
            start = place + 1
        elif sign == '"' and not level:
            opened = "" if opened else sign
        else:
            level += (sign == "{") - (sign == "}")


def entries(file: SourceFile) -> tuple[list[tuple[str, Entry]], list[Notice]]:
    """Return the entries of a file, each with its line, and what was corrected or left out."""
    text, notices = _text(file)
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # its messages become notices
    library = parse_string(text, parse_stack=_steps())
    found: list[tuple[str, Entry]] = []
    for block in library.blocks:
        place = f"line {(block.start_line or 0) + 1}"
        entry, notice = _entry(block, place, library.strings)
        if notice:
            notices.append(notice)
        if entry:
            found.append((place, entry))
    return found, notices


def _steps() -> list[Middleware]:
    return [Concatenation(), *default_parse_stack()]


def _entry(block: Block, place: str, strings: list[String]) -> tuple[Entry | None, Notice | None]:
    if isinstance(block, Entry):
        return block, _undefined(block, place)
    if not isinstance(block, ParsingFailedBlock):
        return None, None
    inner = block.ignore_error_block
    if isinstance(inner, Entry) and isinstance(block, DuplicateFieldKeyBlock | DuplicateBlockKeyBlock):
        kind = "field" if isinstance(block, DuplicateFieldKeyBlock) else "key"
        entry, notice = _entry(_processed(inner, strings), place, strings)
        return entry, notice or Notice(f"{kind} given twice", place, inner.key)
    reason = getattr(block.error, "abort_reason", "") or str(block.error) or "it does not end"
    return None, Notice("broken entry", place, " ".join(reason.split()), "left out")


def _undefined(entry: Entry, place: str) -> Notice | None:
    """Remove the fields whose parts the file does not define, and return a notice if there are any."""
    left = [each for each in entry.fields if each.enclosing == "no-enclosing" and "#" in str(each.value)]
    entry.fields = [each for each in entry.fields if each not in left]
    names = ", ".join(each.key for each in left)
    return (
        Notice("field with an abbreviation that the file does not define", place, names, "left out") if left else None
    )


def _processed(entry: Entry, strings: list[String]) -> Block:
    """Return an entry that was set aside, processed as the others are; of a field given twice the first holds."""
    entry.fields = list({each.key.lower(): each for each in reversed(entry.fields)}.values())
    library = Library([*strings, entry])
    for step in _steps():
        library = step.transform(library)
    return library.blocks[-1]


def _text(file: SourceFile) -> tuple[str, list[Notice]]:
    data = file.whole()
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return data.decode("latin-1"), [Notice("bytes that are not UTF-8", f"line {line}", "read as Latin-1")]
