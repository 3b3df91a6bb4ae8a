"""Identifiers that others give to things, such as DOIs; the schemes are the code list `identifier-scheme`.

In the graph an identifier is a `dcterms:identifier` whose datatype is its scheme, as SKOS notations are of theirs
(SKOS Reference, section 6.5.1): `?paper dcterms:identifier "10.1000/182"^^<…/code/identifier-scheme/doi>`.
To add a scheme, add its code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, reduce
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.files import CODES
from graph.names import code
from graph.terms import CODE, CVN, SKOS, Term

SCHEMES = "identifier-scheme"
SAFE = "/:()~@!$'*,;="  # signs of identifiers that are not escaped in addresses
CASELESS = {"doi"}  # compared in small letters (DOI Handbook, section 2.4)
FORM = re.compile(r"\.(?:html|xml|pdf|ttl|nt|rdf|bib|json)$")  # of the page, not of the identifier
START = re.compile(r"^(?:https?://)?(?:www\.|dx\.)?", re.IGNORECASE)


@dataclass(frozen=True)
class Scheme:
    """A scheme of identifiers: how they look, and where they lead; `entity` is empty where it names no things."""

    name: str
    label: str
    pattern: str
    page: str
    entity: str = ""

    @property
    def iri(self) -> NamedNode:
        """The datatype of its identifiers."""
        return code(SCHEMES, self.name)

    def holds(self, value: str) -> bool:
        """Return whether a text is an identifier of the scheme, by its form and, of an ORCID iD, its check digit."""
        matches = re.fullmatch(self.pattern, value) is not None
        return matches and (self.name != "orcid" or check_character(value[:-1]) == value[-1])


@dataclass(frozen=True)
class IdentifierForm:
    """An identifier: its scheme and its value."""

    scheme: Scheme
    value: str

    @property
    def literal(self) -> Literal:
        """The object of dcterms:identifier."""
        return Literal(self.value, datatype=self.scheme.iri)

    @property
    def page(self) -> str:
        """The address of the page about the thing."""
        return _filled(self.scheme.page, self.value)

    @property
    def entity(self) -> NamedNode | None:
        """The IRI by which the scheme names the thing itself, if it does."""
        return NamedNode(_filled(self.scheme.entity, self.value)) if self.scheme.entity else None


def check_character(digits: str) -> str:
    """Return the check character of digits, as of an ORCID iD (ISO 7064, MOD 11-2)."""
    total = reduce(lambda total, digit: (total + int(digit)) * 2, digits.replace("-", ""), 0)
    return "0123456789X"[(12 - total % 11) % 11]


@cache
def schemes() -> dict[str, Scheme]:
    """Return the schemes by their notation."""
    found: dict[str, dict[NamedNode, str]] = {}
    for triple in parse(path=CODES / f"{SCHEMES}.ttl", format=RdfFormat.TURTLE):
        assert isinstance(triple.subject, NamedNode)  # noqa: S101 - a code list has no blank nodes
        if triple.subject.value.startswith(code(SCHEMES, "").value):
            found.setdefault(triple.subject.value, {})[triple.predicate] = getattr(triple.object, "value", "")
    known = {}
    for said in found.values():
        name, page, entity = said[SKOS.notation], said[CVN.pageTemplate], said.get(CVN.entityTemplate, "")
        known[name] = Scheme(name, said[SKOS.prefLabel], said[CVN.identifierPattern], page, entity)
    return known


def identifier(scheme: str, value: str) -> IdentifierForm:
    """Return an identifier in its stored form; raise ValueError if it does not match the pattern of its scheme."""
    kept = value.strip().lower() if scheme in CASELESS else value.strip()
    known = schemes()[scheme]
    if not known.holds(kept):
        raise ValueError(f"{kept!r} is no identifier of {known.label}: {known.pattern}")
    return IdentifierForm(known, kept)


def of_term(term: Term) -> IdentifierForm | None:
    """Return the identifier that a term of the graph is, if it is one."""
    if not isinstance(term, Literal):
        return None
    known = schemes().get(term.datatype.value.removeprefix(f"{CODE.prefix}{SCHEMES}/"))
    return IdentifierForm(known, term.value) if known else None


def by_address(address: str) -> IdentifierForm | None:
    """Return the identifier whose page or IRI an address is, such as https://dx.doi.org/10.1000/182."""
    bare = START.sub("", address.strip())
    for scheme in schemes().values():
        for template in filter(None, (scheme.page, scheme.entity)):
            before, _, after = START.sub("", template).partition("{id}")
            if bare.lower().startswith(before.lower()):
                rest = re.split(r"[&#]" if "?" in before else r"[?#]", bare[len(before) :])[0]
                value = unquote(rest).removesuffix(after).rstrip("/")
                value = value.lower() if scheme.name in CASELESS else value
                for kept in (value,) if scheme.name in CASELESS else (FORM.sub("", value), value):
                    if scheme.holds(kept):
                        return IdentifierForm(scheme, kept)
    return None


def candidates(text: str) -> Iterator[IdentifierForm]:
    """Yield the identifiers that a text may be, as typed or pasted: an address, `doi:…`, or the bare value."""
    if found := by_address(text):
        yield found
        return
    prefix, colon, rest = text.strip().partition(":")
    for scheme in schemes().values():
        named = colon and prefix.lower() in (scheme.name, scheme.label.lower())
        value = rest.strip() if named else text.strip()
        value = value.lower() if scheme.name in CASELESS else value
        if scheme.holds(value):
            yield IdentifierForm(scheme, value)


def _filled(template: str, value: str) -> str:
    return template.replace("{id}", quote(value, safe=SAFE))
