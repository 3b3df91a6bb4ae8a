"""Records in JSON: an array of objects, or an object on each line; broken records are reported, the others read."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

from graph.errors import ImportFileError
from graph.sources.file import SourceFile
from graph.sources.importer import unknown_fields
from graph.sources.records import Item, Notice

R = TypeVar("R", bound=Struct)
# What msgspec raises of what it cannot decode: older versions UnicodeDecodeError of bytes that are not UTF-8
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
DEEPEST = 200  # brackets within each other; msgspec gives up at about a thousand
TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]|,', re.DOTALL)  # a string without an end goes to the end
AFTER = re.compile(rb'\s*(?:\}\s*|,\s*".*)', re.DOTALL)  # the rest of an object behind the array of a key
DEPTHS = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}
KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def array(members: Iterable[msgspec.Raw], kind: type[R]) -> Iterator[tuple[str, R] | Notice]:
    """Yield the records of an array with their places (`record 1`), and a notice for each that is none."""
    decoder = msgspec.json.Decoder(kind)
    for number, part in enumerate(members, 1):
        try:
            yield f"record {number}", decoder.decode(part)
        except UNREADABLE as error:
            yield Notice("broken record", f"record {number}", str(error), "left out")


def parts(file: SourceFile, data: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    """Return the members of a JSON array, not decoded; raise ImportFileError if it is no JSON, or no array."""
    try:
        return msgspec.json.decode(data, type=list[msgspec.Raw])
    except msgspec.ValidationError as error:
        raise ImportFileError(f"{file.path} is no JSON array of records ({error}); is it of another source?") from error
    except UNREADABLE as error:
        found = members(bytes(data))
        if found is None:
            raise broken(file, bytes(data), error) from error
        return found


def members(data: bytes, key: bytes = b"") -> list[msgspec.Raw] | None:
    """Return the members of an array, that of a key in an object if one is given, by brackets and strings alone.

    So a broken member costs no other one. Return None if there is no such array, or brackets do not fit.
    """
    depth, inside, name, begin = 0, 2 if key else 1, b"", -1
    found = []
    for token in TOKENS.finditer(data):
        sign = token[0]
        if begin >= 0 and depth == inside and sign in (b",", b"]", b"}"):
            found.append(data[begin : token.start()])
            begin = token.end()
            if sign != b",":
                rest = data[token.end() :]
                fits = sign == b"]" and (AFTER.fullmatch(rest) if key else not rest.strip())
                return [msgspec.Raw(each) for each in found if each.strip()] if fits else None
        elif sign.startswith(b'"') and depth == inside - 1:
            name = sign.strip(b'"')
        elif sign == b"[" and depth == inside - 1 and name == key:
            begin = token.end()
        depth += DEPTHS.get(sign, 0)
    return None


def lines(file: SourceFile, kind: type[R], known: dict[str, str]) -> Iterator[tuple[str, R] | Notice]:
    """Yield the records of JSON lines with their places (`line 1`), and notices of broken ones and unknown fields."""
    decoder, found = msgspec.json.Decoder(kind), Counter[str]()
    for number, line in file.lines():
        try:
            yield f"line {number}", decoder.decode(line)
            found.update(KEYS.decode(line).keys() - known.keys())
        except UNREADABLE as error:
            yield Notice("broken record", f"line {number}", str(error), "left out")
    yield from unknown_fields(found)


def converted(found: Iterable[tuple[str, R] | Notice], convert: Callable[[str, R], Iterable[Item]]) -> Iterator[Item]:
    """Yield notices as they are, and what a function makes of each record and its place."""
    for each in found:
        yield from [each] if isinstance(each, Notice) else convert(*each)


def unknown(objects: Iterable[bytes | msgspec.Raw], known: dict[str, str]) -> Iterator[Notice]:
    """Yield a notice for each field that is not in a field map, with the number of records that have it."""
    found: Counter[str] = Counter()
    for each in objects:
        try:
            found.update(KEYS.decode(each).keys() - known.keys())
        except UNREADABLE:
            continue  # reported when the record is read
    yield from unknown_fields(found)


def broken(file: SourceFile, data: bytes, error: Exception) -> ImportFileError:
    """Return the error of a file that is not JSON, with the line."""
    words, _, position = str(error).partition("(byte ")
    where = f" (byte {position}" if position else ""
    line = data.count(b"\n", 0, _place(data, error, position.rstrip(")"))) + 1
    hint = "correct it there, or fetch it again"
    return ImportFileError(f"{file.path}, line {line}: this is no JSON: {words.strip()}{where}; {hint}.")


def _place(data: bytes, error: Exception, position: str) -> int:
    """Return at which byte data cannot be decoded: where the error says, else by another look; else the end."""
    if position.isdecimal():
        return int(position)
    if isinstance(error, RecursionError):
        return _deepest(data)
    try:
        data.decode()
    except UnicodeDecodeError as bad:
        return bad.start
    return len(data)


def _deepest(data: bytes) -> int:
    """Return the byte of the first bracket that is too deep within others."""
    depth = 0
    for token in TOKENS.finditer(data):
        depth += DEPTHS.get(token[0], 0)
        if depth > DEEPEST:
            return token.start()
    return len(data)
