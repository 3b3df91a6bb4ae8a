"""Finds what no shape can look for: terms that the ontology does not have, and identifiers unlike their scheme's."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Triple

from graph.files import QUERIES
from graph.query import read_query
from graph.store import Store, solutions
from graph.terms import CODE, CVN, DCTERMS, RDF, SHAPE
from graph.validate.check import PATTERN, Constraint, Result, blocks, shown, template, these
from graph.validate.shapes import AnyTerm
from graph.vocabulary import ontology
from graph.vocabulary.identifiers import SCHEMES, check_character, of_term, schemes

IDENTIFYING = (DCTERMS.identifier, CVN.authorId)
USES = ("?this ?term ?value", "?this a ?term")
NEAR = 0.7  # how alike two names are that may be meant for each other
DATATYPE = f"{CODE.prefix}{SCHEMES}/"


TERM = Constraint(SHAPE.Term, "In", "Violation", "This is not a term of the ontology.")
FORM = Constraint(SHAPE.Identifier, "Pattern", "Violation", "This is not an identifier.")


def wrong_anywhere(store: Store) -> Iterator[Result]:
    """Yield what is wrong with terms and identifiers in all graphs of a store."""
    patterns = [*USES, *(f"GRAPH ?graph {{ {each} }}" for each in USES)]  # one by one they are much quicker
    texts = (template("terms").replace(PATTERN, each) for each in patterns)
    unknown = {row["term"] for text in texts for row in solutions(store, text) if _is_unknown(row["term"])}
    query = read_query(QUERIES / "validate" / "stating.rq")
    for each in (*unknown, *IDENTIFYING, *([RDF.type] if unknown else [])):
        yield from _judged(solutions(store, query.bind(property=each)))


def wrong_at(store: Store, nodes: Iterable[AnyTerm]) -> Iterator[Result]:
    """Yield what is wrong with the terms and identifiers of some nodes in all graphs."""
    for block in blocks(nodes):
        yield from _judged(solutions(store, template("said").replace(PATTERN, these(block))))


def concerned(changed: Iterable[Triple | Quad]) -> Iterator[AnyTerm]:
    """Yield the subjects of triples in which a term or an identifier may be wrong."""
    for each in changed:
        if each.predicate in IDENTIFYING or any(map(_is_unknown, (each.predicate, each.object))):
            yield each.subject  # type: ignore[misc]


def _judged(rows: QuerySolutions) -> Iterator[Result]:
    for row in rows:
        this, path, value = row["this"], row["path"], row["value"]
        if _is_unknown(path):
            yield Result(TERM, this, str(path), shown(value), unknown_term(path))
        elif path == RDF.type and _is_unknown(value):
            yield Result(TERM, this, str(path), value, unknown_term(value))
        elif path in IDENTIFYING and (words := _malformed(value)):
            yield Result(FORM, this, str(path), value, words)


def _is_unknown(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value in CVN and term not in known_terms()


@cache
def known_terms() -> frozenset[NamedNode]:
    """Return the classes and properties of the ontology."""
    return frozenset(each.subject for each in ontology.terms() if each.subject.value in CVN)


def unknown_term(term: NamedNode) -> str:
    """Return a sentence about a term that the ontology does not have, with the nearest that it has."""
    name = term.value.removeprefix(CVN.prefix)
    names = [each.value.removeprefix(CVN.prefix) for each in known_terms()]
    alike = {each.lower(): each for each in names if each[:1].isupper() == name[:1].isupper()}
    near = get_close_matches(name.lower(), sorted(alike), 1, NEAR)
    hint = (
        f"did you mean cvn:{alike[near[0]]}?" if near else "use a term of the ontology, or one of another vocabulary."
    )
    return f"cvn:{name} is not in the ontology: {hint}"


def _malformed(value: object) -> str:
    """Return a sentence about an identifier that does not have the form of its scheme; empty if it has."""
    if not isinstance(value, Literal) or not value.datatype.value.startswith(DATATYPE):
        return ""
    form = of_term(value)
    if form is None:
        name = value.datatype.value.removeprefix(DATATYPE)
        near = get_close_matches(name, sorted(schemes()), 1)
        return f"There is no scheme of identifiers {name!r}: {f'did you mean {near[0]}?' if near else 'add its code.'}"
    if form.scheme.holds(form.value):
        return ""
    if re.fullmatch(form.scheme.pattern, form.value):
        digit = check_character(form.value[:-1])
        return (
            f"The check digit of this identifier of {form.scheme.label} is wrong, it would be {digit}: copy it again."
        )
    return f"This does not look like an identifier of {form.scheme.label}, {form.scheme.pattern}: correct it."
