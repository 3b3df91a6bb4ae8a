"""Identifiers, read from web addresses and brought into one form."""

import re

from graph.importing.records import Identifier

PATTERNS = {
    "openreviewId": r"openreview\.net/(?:forum|pdf|attachment)\?id=([\w-]{8,14})(?![\w-])",
    "aclAnthologyId": r"aclanthology\.org/([A-Z]\d\d-\d{4}|\d{4}\.[a-z0-9]+-[a-z0-9]+\.\d+)(?:/|\.pdf|$)",
    "pmlrId": r"proceedings\.mlr\.press/([vr]\d+/[\w-]+)\.html",
    "neuripsHash": r"(?:nips|neurips)\.cc/.*/hash/([0-9a-f]{32})-Abstract",
    "ieeeDocument": r"ieeexplore\.ieee\.org/(?:abstract/)?document/(\d+)",
    "arxivId": r"arxiv\.org/(?:abs|pdf)/((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}))",
    "doi": r"doi\.org/(10\.\d{4,9}/[^\s?#]+)",
}
FOUND = [(scheme, re.compile(pattern)) for scheme, pattern in PATTERNS.items()]
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>\\^`{|}]+")
ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])")
PID = re.compile(r"(?:[a-z0-9]+/[A-Za-z0-9:_-]+|\d+/\d+[A-Za-z]?(?:-\d+)?)")
WEB = re.compile(r"https?://[^\s<>\"{}|\\^`@]+")


def identifiers(address: str) -> tuple[Identifier, ...]:
    """Return the identifiers that a web address holds."""
    return tuple(
        Identifier(scheme, _formed(scheme, found[1])) for scheme, form in FOUND if (found := form.search(address))
    )


def _formed(scheme: str, value: str) -> str:
    return value.lower().rstrip("/.") if scheme == "doi" else value


def doi(text: str) -> tuple[Identifier, ...]:
    """Return the DOI that a text holds, in lower case (DOI names are case-insensitive: ISO 26324)."""
    found = DOI.search(text)
    return (Identifier("doi", _formed("doi", found[0])),) if found else ()


def orcid(text: str) -> tuple[Identifier, ...]:
    """Return the ORCID iD that a text holds, if its check digit is right (ISO 7064, MOD 11-2)."""
    found = ORCID.search(text)
    if not found:
        return ()
    digits, total = "".join(found.groups()).upper(), 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2 % 11
    if "0123456789X"[(12 - total) % 11] != digits[-1]:
        return ()
    return (Identifier("orcid", "-".join(digits[at : at + 4] for at in range(0, 16, 4))),)


def dblp_pid(text: str) -> tuple[Identifier, ...]:
    """Return the DBLP person id of an address or a bare id, such as 54/518 or h/FeiHuang."""
    bare = text.strip().partition("/pid/")[2] or text.strip()
    bare = bare.partition("?")[0].removesuffix(".html").removesuffix(".xml")
    return (Identifier("dblpPid", bare),) if PID.fullmatch(bare) else ()


def web(address: str) -> tuple[str, ...]:
    """Return a web address if it is one that can be an IRI, and names no mail box."""
    address = address.strip()
    return (address,) if WEB.fullmatch(address) else ()
