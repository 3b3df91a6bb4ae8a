"""Identifiers as importers find them, in web addresses or alone; the schemes are those of `graph.identifiers`."""

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import unquote

from graph.sources.records import Identifier
from graph.vocabulary.identifiers import CASELESS, START, schemes

ALSO = (  # addresses besides those of the schemes' own pages: the part before the identifier, and its scheme
    ("openreview.net/pdf?id=", "openreview"),
    ("openreview.net/attachment?id=", "openreview"),
    ("papers.nips.cc/paper_files/paper/", "neurips-paper"),
    ("papers.neurips.cc/paper_files/paper/", "neurips-paper"),
    ("papers.nips.cc/paper/", "neurips-paper"),
    ("papers.neurips.cc/paper/", "neurips-paper"),
    ("proceedings.neurips.cc/paper/", "neurips-paper"),
    ("proceedings.neurips.cc//paper_files/paper/", "neurips-paper"),
    ("aclweb.org/anthology/", "acl"),
    ("arxiv.org/pdf/", "arxiv"),
    ("ieeexplore.ieee.org/abstract/document/", "ieee"),
    ("link.springer.com/chapter/", "doi"),
    ("dl.acm.org/doi/", "doi"),
    ("dl.acm.org/doi/abs/", "doi"),
)
ENDS = re.compile(r"(?:\.html|\.pdf|\.xml)?/?$")
VERSION = re.compile(r"v\d+$")
WEB = re.compile(r"https?://[^\s<>\"{}|\\^`@]+")


@cache
def _places() -> list[tuple[str, str]]:
    """Return the parts of addresses before an identifier, and its scheme; the longest first."""
    own = ((START.sub("", scheme.page).partition("{id}")[0], name) for name, scheme in schemes().items())
    return sorted((*own, *ALSO), key=lambda place: -len(place[0]))


def identified(scheme: str, value: str) -> tuple[Identifier, ...]:
    """Return an identifier of a scheme, if the value looks like one."""
    kept = value.strip()
    kept = kept.lower() if scheme in CASELESS else kept
    return (Identifier(scheme, kept),) if schemes()[scheme].holds(kept) else ()


def identifiers(address: str) -> tuple[Identifier, ...]:
    """Return the identifier that a web address holds, if it holds one."""
    bare = START.sub("", address.strip())
    for before, scheme in _places():
        if bare.startswith(before):
            rest = bare[len(before) :]
            value = unquote(ENDS.sub("", re.split(r"[&#]" if "?" in before else r"[?#]", rest)[0]))
            value = VERSION.sub("", value) if scheme == "arxiv" else value
            if found := identified(scheme, value):
                return found
    return ()


def orcid(text: str) -> tuple[Identifier, ...]:
    """Return the ORCID iD that a text holds, if its check digit is right (ISO 7064, MOD 11-2)."""
    found = re.search(r"(?<!\d)(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?!\d)", text)
    if not found:
        return ()
    digits, total = "".join(found.groups()).upper(), 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2 % 11
    if "0123456789X"[(12 - total) % 11] != digits[-1]:
        return ()
    return identified("orcid", "-".join(digits[at : at + 4] for at in range(0, 16, 4)))


def dblp_person(text: str) -> tuple[Identifier, ...]:
    """Return the DBLP person of an address or a bare id, such as 54/518 or h/FeiHuang."""
    bare = text.strip().partition("/pid/")[2] or text.strip()
    return identified("dblp-person", ENDS.sub("", bare.partition("?")[0]))


def web(address: str) -> tuple[str, ...]:
    """Return a web address if it is one that can be an IRI, and names no mail box."""
    address = address.strip()
    return (address,) if WEB.fullmatch(address) else ()


def known(addresses: Iterable[str]) -> tuple[Identifier, ...]:
    """Return the identifiers that web addresses hold, one of each scheme, the first."""
    found: dict[str, Identifier] = {}
    for each in (each for address in addresses for each in identifiers(address)):
        found.setdefault(each.scheme, each)
    return tuple(found.values())
