"""Which other endpoints a query may ask: SERVICE only by an IRI of the allow list, so nobody reaches through us."""

import re
from collections.abc import Iterator, Mapping

from graph.errors import RefusedError

TOKEN = re.compile(
    r"""
    (?P<comment> \#[^\r\n]* )
  | (?P<string> \"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | \"(?:[^\"\\\r\n]|\\.)*\" | '(?:[^'\\\r\n]|\\.)*' )
  | (?P<iri> <[^<>\"{}|^`\x00-\x20]*> )
  | (?P<variable> [?$]\w+ )
  | (?P<language> @[\w-]+ )
  | (?P<name> [\w.-]*:(?:(?:[\w:%]|\\.)(?:[\w.:%-]|\\.)*)? )
  | (?P<word> \w+ )
  | (?P<open> \{ )
  | (?P<close> \} )
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
Token = re.Match[str]


def check_services(text: str, allowed: frozenset[str] = frozenset()) -> None:
    """Refuse a query or update that asks an endpoint which is not allowed; one by SERVICE SILENT fails in silence.

    Raises:
        RefusedError: it has a SERVICE with a variable, a prefixed name or an IRI that is not in the allow list, or one
            that is written with escapes.
    """
    plain, unescaped = list(_targets(text)), list(_targets(without_escapes(text)))
    same = [target[0] for target, _ in plain] == [target[0] for target, _ in unescaped]
    for target, silent in (*plain, *unescaped):
        known = target[0].strip("<>") in allowed or silent
        if not known or target.lastgroup != "iri" or not same:
            there = f"it may ask {', '.join(sorted(allowed))}" if allowed else "it may ask none"
            cure = "write the whole IRI, or ask the operator to add it to CONVOCATION_SERVICES"
            raise RefusedError(f"SERVICE {target[0]} is not asked from here; {there}. {cure[0].upper()}{cure[1:]}.")


def services(text: str) -> Iterator[str]:
    """Yield what stands behind each SERVICE of a query, as it is written."""
    return (target[0] for target, _ in _targets(text))


def redirected(text: str, addresses: Mapping[str, str]) -> str:
    """Return the query with other addresses in place of those that its SERVICEs ask."""
    for token, _ in reversed(list(_targets(text))):
        iri = addresses[token[0].strip("<>")]
        text = f"{text[: token.start()]}<{iri}>{text[token.end() :]}"
    return text


def _targets(text: str) -> Iterator[tuple[Token, bool]]:
    """Yield the token behind each SERVICE, and whether SILENT stands between.

    An engine may read a keyword that has no space beside it (as in `1SERVICE`, `SERVICESILENT<...>`, `SERVICEe:x {`),
    so each word that contains it counts, and each name before a brace whose prefix does, but for that of a GRAPH.
    """
    if "service" not in text.lower():
        return
    waiting, silent, last, before = False, False, None, ""
    for token in TOKEN.finditer(text):
        if token.lastgroup == "comment":
            continue
        if last and token.lastgroup == "open" and before != "GRAPH":
            yield last, False
        word = token[0].upper() if token.lastgroup == "word" else ""
        if waiting and word != "SILENT":
            yield token, silent
            waiting = False
        waiting, silent = waiting or "SERVICE" in word, word == "SILENT" and before == "SERVICE"
        glued = token.lastgroup == "name" and "SERVICE" in token[0].partition(":")[0].upper()
        before, last = (before, token) if glued else (word, None)


def without_escapes(text: str) -> str:
    """Return the text with code point escapes resolved (SPARQL 1.1, section 19.2)."""

    def character(found: re.Match[str]) -> str:
        point = int(found[1] or found[2], 16)
        return chr(point) if point <= 0x10FFFF else " "  # noqa: PLR2004 - the last code point

    return ESCAPE.sub(character, text)
