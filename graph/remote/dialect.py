"""Puts right what an engine writes otherwise than SPARQL 1.1 says; an engine that is not named here is left alone.

Virtuoso 7.2 answers ASK with a row, writes booleans in JSON as 1 and 0, durations as a number whose whole part is the
seconds, and whole numbers that need more than 32 bits as decimals.
"""

import re
from collections.abc import Iterable, Iterator

BOOLEAN = b"http://www.w3.org/2001/XMLSchema#boolean"
DURATION = b"http://www.w3.org/2001/XMLSchema#duration"
DECIMAL, INTEGER = b"http://www.w3.org/2001/XMLSchema#decimal", b"http://www.w3.org/2001/XMLSchema#integer"
TYPES = b"(?P<type>" + b"|".join((BOOLEAN, DURATION, DECIMAL)) + b")"
VALUE = rb'(?P<value>[^"\\<]*)'
JSON = re.compile(rb'(?P<before>"datatype":\s*"' + TYPES + rb'",\s*"value":\s*")' + VALUE + rb'(?P<after>")')
TRIPLES = re.compile(rb'(?P<before>")' + VALUE + rb'(?P<after>"\^\^<' + TYPES + rb">)")
ASKED = re.compile(rb'"__ASK_RETVAL"\s*:\s*\{[^}]*"value":\s*"(?P<value>[01])"')
TAIL = 512  # bytes held back, so that a value which lies across two blocks is seen whole
HOUR = 3600
LARGE = 1 << 31


def is_virtuoso(server: str) -> bool:
    """Return whether the Server header of an answer is Virtuoso's."""
    return server.startswith("Virtuoso")


def corrected(blocks: Iterable[bytes], media: str) -> Iterator[bytes]:
    """Yield the blocks of an answer of Virtuoso as they should be."""
    pattern = JSON if "json" in media else TRIPLES
    waiting = b""
    for block in blocks:
        waiting = pattern.sub(_correct, waiting + block)
        cut = _cut(waiting)
        yield waiting[:cut]
        waiting = waiting[cut:]
    yield pattern.sub(_correct, waiting)


def asked(body: bytes) -> bytes:
    """Return the answer to an ASK query as it should be, in JSON."""
    if b'"__ASK_RETVAL"' not in body:
        return body
    found = ASKED.search(body)  # no row is false too
    return b'{"head":{},"boolean":%s}' % (b"true" if found and found["value"] == b"1" else b"false")


def _cut(waiting: bytes) -> int:
    """Return where no value can begin before and end behind: at the end of a line, or else of a binding."""
    least = max(0, len(waiting) - TAIL)
    return max(waiting.rfind(b"\n", 0, least), waiting.rfind(b"}", 0, least), 0)


def _correct(found: re.Match[bytes]) -> bytes:
    value = found["value"]
    if found["type"] == DECIMAL:
        is_whole = re.fullmatch(rb"-?\d+", value) and abs(int(value)) >= LARGE
        return found[0].replace(DECIMAL, INTEGER) if is_whole else found[0]
    if found["type"] == BOOLEAN:
        value = {b"1": b"true", b"0": b"false"}.get(value, value)
    elif re.fullmatch(rb"-?\d+(\.\d+)?", value):
        value = _duration(int(value.partition(b".")[0])).encode()
    return found[0].replace(found["before"] + found["value"], found["before"] + value, 1)


def _duration(seconds: int) -> str:
    """Return a duration in seconds in its canonical form (XML Schema 1.1, section E.3)."""
    sign, seconds = "-" if seconds < 0 else "", abs(seconds)
    days, rest = divmod(seconds, 24 * HOUR)
    parts = ((rest // HOUR, "H"), (rest % HOUR // 60, "M"), (rest % 60, "S"))
    time = "".join(f"{number}{unit}" for number, unit in parts if number)
    return f"{sign}P{f'{days}D' if days else ''}{f'T{time}' if time else ''}" if seconds else "PT0S"
