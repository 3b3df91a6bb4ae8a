"""The form of a curated file as a whole, put together from the folder of sections."""

import json
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any

from pydantic import Field, create_model

from graph.curated import sections
from graph.curated.entry import Entry, Form, Header

SCHEMA_ID = "https://w3id.org/convocation/curated.schema.json"


@cache
def entries() -> dict[str, type[Entry]]:
    """Return the kind of entry of every section, by the section's name."""
    for module in iter_modules(sections.__path__):
        import_module(f"{sections.__name__}.{module.name}")
    return {kind.SECTION: kind for kind in sorted(_kinds(Entry), key=lambda kind: kind.SECTION) if kind.SECTION}


def _kinds(parent: type[Entry]) -> list[type[Entry]]:
    return [parent, *(each for kind in parent.__subclasses__() for each in _kinds(kind))]


@cache
def form() -> type[Form]:
    """Return the form of a curated file: a source and its sections, each a list of entries."""
    fields: dict[str, Any] = {
        name: (Annotated[list[kind], Field(description=(kind.__doc__ or "").split("\n")[0])], [])  # type: ignore[valid-type]
        for name, kind in entries().items()
    }
    model: type[Form] = create_model("CuratedFile", __base__=Form, source=(Header, ...), **fields)
    return model


def schema() -> dict[str, Any]:
    """Return the JSON Schema of curated files, for editors."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return head | form().model_json_schema() | {"title": "Curated file of Convocation"}


def schema_text() -> str:
    """Return the JSON Schema as the text of its file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
