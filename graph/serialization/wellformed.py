"""Keeps what is written well formed: XML 1.0 cannot hold some characters, and no format all that RDF 1.2 can say.

The engine writes such characters, and elements without a name, as if nothing were wrong; no reader takes them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, RdfFormat, Triple, serialize

from graph.errors import FormError
from graph.system.room import is_of_disk
from graph.terms import PREFIXES

CONTROLS = bytes(each for each in range(32) if each not in b"\t\n\r")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # all that XML 1.0 (2.2) leaves out
NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
NAMELESS = re.compile(rb'<(?:xmlns:|[^<>:/ "]*:[ />])|rdf:nodeID="[^A-Za-z_\x80-\xff]')
OVERLAP = 128  # bytes of the last block that are looked at again, since a name may be cut in two
NAMES = {"xml": "XML", "rdf": "RDF/XML", "jsonld": "JSON-LD", "n3": "N3"}
OTHERS = {"xml": "JSON (format=json)"}
TURTLE = "Turtle (format=ttl)"


def form_error(suffix: str, what: str) -> FormError:
    """Return the error of an answer that its format cannot hold, which names one that can."""
    name, other = NAMES.get(suffix, suffix), OTHERS.get(suffix, TURTLE)
    return FormError(f"{name} cannot hold this answer: it has {what}. Ask for {other}, which can.")


@dataclass
class Xml:
    """The blocks of an answer in XML (`xml`) or RDF/XML (`rdf`), one after the other."""

    suffix: str
    tail: bytes = b""

    def checked(self, data: bytes) -> bytes:
        """Return a block with its carriage returns escaped; raise FormError if no reader of XML would take it."""
        if len(data.translate(None, CONTROLS)) != len(data) or any(each in data for each in NONCHARACTERS):
            found = FORBIDDEN.search(data.decode(errors="replace"))
            number = ord(found[0]) if found else 0
            raise form_error(self.suffix, f"the character U+{number:04X}, which XML does not allow")
        if self.suffix == "rdf":
            if NAMELESS.search(self.tail + data):
                raise form_error("rdf", "a property, a class or a blank node whose name is not allowed in XML")
            self.tail = data[-OVERLAP:]
        return data.replace(b"\r", b"&#xD;")


def holding(triples: Iterable[Triple], suffix: str) -> Iterable[Triple]:
    """Return triples to be written in a format, which are refused when one comes that it cannot hold."""
    return _of_n3(triples) if suffix == "n3" else triples


def _of_n3(triples: Iterable[Triple]) -> Iterator[Triple]:
    for triple in triples:
        value = triple.object
        if isinstance(value, Triple):
            raise form_error("n3", "a triple term")
        if isinstance(value, Literal) and value.direction:
            raise form_error("n3", "a text with a direction")
        yield triple


def refused(error: OSError, suffix: str) -> Exception:
    """Return the error of what the engine does not write, or the error itself where writing failed."""
    return error if is_of_disk(error) else form_error(suffix, f"what the format does not know ({error})")


def written(triples: Iterable[Triple], form: RdfFormat, prefixes: dict[str, str] | None = None) -> bytes:
    """Return triples in a serialization; raise FormError if the serialization cannot hold them."""
    suffix = form.file_extension
    try:
        body = serialize(holding(triples, suffix), format=form, prefixes=prefixes or PREFIXES) or b""
    except OSError as error:
        raise refused(error, suffix) from error
    return Xml(suffix).checked(body) if suffix == "rdf" else body


def replaced(text: str) -> str:
    """Return a text with U+FFFD in place of each character that XML cannot hold."""
    return FORBIDDEN.sub("\ufffd", text)
