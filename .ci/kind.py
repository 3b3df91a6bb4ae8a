"""Writes the files of a new kind of thing, to be edited: `make kind NAME=sponsorship`."""

import re
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parent.parent
PREFIXES = """\
@prefix cvn: <https://w3id.org/convocation/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
EXAMPLE = f"@base <http://127.0.0.1:5000/id/> .\n{PREFIXES}\n"
SHAPES = """\
@prefix cvn: <https://w3id.org/convocation/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/convocation/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

shape:$Name
  a sh:NodeShape ;
  sh:targetClass cvn:$Name ;
  sh:name "$name" ;
  sh:description "A $name that a source names." ;
  sh:property shape:$Name-label ;
  sh:property shape:$Name-source .

shape:$Name-label
  a sh:PropertyShape ;
  sh:path rdfs:label ;
  sh:name "label" ;
  sh:description "The name by which the thing is shown." ;
  sh:datatype xsd:string ;
  sh:minCount 1 ;
  sh:maxCount 1 ;
  sh:minLength 1 ;
  sh:message "This $name has no label, more than one, or one that is not a text: give exactly one rdfs:label." .

shape:$Name-source
  a sh:PropertyShape ;
  sh:path cvn:source ;
  sh:name "source" ;
  sh:description "A source that states this." ;
  sh:class cvn:Source ;
  sh:minCount 1 ;
  sh:message "This $name has no source, or one that is not a cvn:Source: give at least one cvn:source." .
"""
ONTOLOGY = """\
@prefix cvn: <https://w3id.org/convocation/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

cvn:$Name
  a owl:Class ;
  rdfs:label "$name"@en ;
  rdfs:comment "A $name that a source names."@en ;
  rdfs:isDefinedBy <https://w3id.org/convocation/ontology> .
"""
MODEL = '''\
"""The $name of a conference."""

from dataclasses import dataclass

from graph.model.record import Record
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class $Name(Record):
    """A $name that a source names."""

    TYPE = CVN.$Name
'''
SECTION = '''\
"""Entries on a $name."""

from graph.curated.entry import Entry, Text
from graph.curated.reading import CuratedReading
from graph.model.$name import $Name
from graph.names import slug


class ${Name}Entry(Entry, section="${name}s"):
    """What the document says of a $name."""

    $name: Text

    def say(self, reading: CuratedReading) -> None:
        """Add the $name under its name."""
        iri = reading.names.id("$name", slug(self.$name))
        reading.say($Name(iri=iri, label=self.$name), self.evidence)
'''
SOURCE = "cvn:source <source/neurips-2024-press-release>"
FILES = {
    "ontology/$name.ttl": ONTOLOGY,
    "shapes/$name.ttl": SHAPES,
    "graph/model/$name.py": MODEL,
    "graph/curated/sections/$name.py": SECTION,
    "tests/shapes/$name/valid.ttl": f"""\
{EXAMPLE}<$name/example>
  a cvn:$Name ;
  rdfs:label "example" ;
  {SOURCE} .
""",
    "tests/shapes/$name/without-label.ttl": f"""\
#+ breaks: $Name-label
{EXAMPLE}<$name/without-label>
  a cvn:$Name ;
  {SOURCE} .
""",
    "tests/shapes/$name/with-two-labels.ttl": f"""\
#+ breaks: $Name-label
{EXAMPLE}<$name/with-two-labels>
  a cvn:$Name ;
  rdfs:label "one" , "two" ;
  {SOURCE} .
""",
    "tests/shapes/$name/without-source.ttl": f"""\
#+ breaks: $Name-source
{EXAMPLE}<$name/without-source>
  a cvn:$Name ;
  rdfs:label "example" .
""",
}
VALID = ROOT / "tests" / "curated" / "valid.yaml"
ENTRY = "\n${name}s:\n  - {line: 20, $name: A $name}\n"


def write(name: str) -> None:
    """Write the files of a kind that are missing, and an entry of it into the valid curated file."""
    names = {"name": name, "Name": name.capitalize()}
    for path, text in FILES.items():
        file = ROOT / Template(path).substitute(names)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(Template(text).substitute(names), encoding="utf-8")
            print(f"wrote {file.relative_to(ROOT)}")  # noqa: T201 - a command
    if f"\n{name}s:\n" not in (text := VALID.read_text(encoding="utf-8")):
        VALID.write_text(text + Template(ENTRY).substitute(names), encoding="utf-8")
        print(f"added an entry to {VALID.relative_to(ROOT)}")  # noqa: T201
    print("Edit these files, then run: make generated")  # noqa: T201


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) == 2 else ""  # noqa: PLR2004 - the name behind the script
    if not re.fullmatch("[a-z]+", chosen):
        sys.exit("Give the name of the kind in small letters: make kind NAME=sponsorship")
    write(chosen)
