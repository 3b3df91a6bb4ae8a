"""What every entry of a curated file has in common, and the types of its fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import core_schema
from pyoxigraph import NamedNode

from graph.errors import quoted
from graph.model import Evidence
from graph.vocabulary.codes import codes

if TYPE_CHECKING:
    from graph.curated.reading import CuratedReading


LINES = r"^[1-9][0-9]{0,6}(-[1-9][0-9]{0,6})?$"
TRUST = {"fact-sheet": 30, "press-release": 20, "data-file": 10, "video-notes": 5}


def _lines(value: object) -> tuple[str, ...]:
    each = tuple(str(part) for part in value) if isinstance(value, list) else (str(value),)
    for part in each:
        first, _, last = part.partition("-")
        if not re.fullmatch(LINES, part) or int(last or first) < int(first):
            raise ValueError(f"{quoted(part)} is not a line; write 13, 126-128 or [7, 11]")
    if not each:
        raise ValueError("the list of lines is empty; write 13, 126-128 or [7, 11]")
    return each


def _text(value: object) -> object:
    if isinstance(value, list | dict):
        raise ValueError("write one text here, not a list or a mapping; put quotes around it if it holds ': '")  # noqa: TRY004
    return value


def _dated(value: object) -> object:
    """Return the value itself, if it begins as a date; pydantic would take a bare number for seconds since 1970."""
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
        hint = "write a date as 2024-12-10, a time as 2023-12-12T15:40:00-06:00"
        raise ValueError(f"{quoted(str(value))} is not a date; {hint}")
    return value


@dataclass(frozen=True)
class OneOf:
    """Marks a text as a code of a scheme, written as its notation."""

    scheme: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, _: core_schema.CoreSchema, __: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": list(codes(self.scheme))}

    def _check(self, value: str) -> str:
        known = codes(self.scheme)
        if value not in known:
            near = get_close_matches(value, known, 1)
            hint = f"did you mean {near[0]!r}? There are" if near else "there are"
            raise ValueError(f"there is no {self.scheme} {quoted(value)}; {hint} {', '.join(known)}")
        return value


@dataclass(frozen=True)
class Like:
    """Marks a text as one of a certain form: its pattern, what to write, and an example."""

    pattern: str
    what: str
    example: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        form = {"description": self.what, "pattern": f"^({self.pattern})$", "examples": [self.example]}
        return handler(core) | form

    def _check(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            raise ValueError(f"{quoted(value)} is not of the right form; write {self.what}, such as {self.example}")
        return value


@dataclass(frozen=True)
class Shorthand:
    """Marks a form that may be written as one text, which is the value of its main key."""

    key: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._whole, handler(source))

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}

    def _whole(self, value: object) -> object:
        return {self.key: value} if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Printed = Annotated[
    str, BeforeValidator(_text), Field(min_length=1), WithJsonSchema({"type": ["string", "integer", "number"]})
]
Lines = Annotated[
    tuple[str, ...],
    BeforeValidator(_lines),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": LINES},
                {"type": "array", "items": {"type": ["integer", "string"]}, "minItems": 1},
            ],
            "description": "the line or lines of the document that say this: 13, 126-128 or [7, 11]",
        }
    ),
]
SeriesKey = Annotated[str, Like("[a-z][a-z0-9-]*", "the key of a series", "neurips")]
EditionKey = Annotated[str, Like("[a-z][a-z0-9-]*-(19|20)[0-9]{2}", "series and year", "neurips-2024")]
TrackKey = Annotated[
    str, Like("[a-z][a-z0-9-]*-(19|20)[0-9]{2}/[a-z-]+", "edition and kind of track", "neurips-2024/main")
]
AwardKey = Annotated[str, Like("[a-z][a-z0-9-]*/[a-z0-9-]+", "series and award", "neurips/best-paper")]
Key = Annotated[str, Like("[A-Za-z0-9][A-Za-z0-9._-]*", "a key without spaces", "best-paper")]
Reference = Annotated[str, Like("[a-z]+:.+", "kind and key", "paper:VAR")]
Day = Annotated[date, BeforeValidator(_dated)]
Moment = Annotated[AwareDatetime, BeforeValidator(_dated)]
Clock = Annotated[str, Like("([0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2}", "how the time mark is read", "5:32")]

Declared = tuple[str, str, NamedNode]


class Form(BaseModel):
    """A mapping with known keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(Form):
    """What one place of a document says."""

    SECTION: ClassVar[str] = ""

    def __init_subclass__(cls, *, section: str = "") -> None:
        """Set the section of a curated file that lists these entries; a class without one is for others to inherit."""
        cls.SECTION = section

    line: Lines
    printed: Annotated[Printed | None, Field(description="the words of the document, if they differ")] = None
    time: Annotated[Text | None, Field(description="the time mark of a recording, as printed")] = None
    at: Clock | None = None

    def declare(self, reading: "CuratedReading") -> Iterator[Declared]:  # noqa: ARG002
        """Yield the kind, key and IRI of each thing that other entries may refer to by key."""
        yield from ()

    def identity(self) -> tuple[object, ...]:
        """Return what makes the entry one; no two entries of a section may share it."""
        return (self.model_dump_json(exclude_defaults=True),)

    def spans(self) -> tuple[str, ...]:
        """Return all lines that the entry names."""
        return self.line

    def say(self, reading: "CuratedReading") -> None:
        """Add to the reading what the entry says."""
        raise NotImplementedError

    @property
    def evidence(self) -> Evidence:
        """Where the document says it."""
        return Evidence(self.line, self.printed, self.time, duration(self.at))


def duration(clock: str | None) -> str | None:
    """Return a clock reading such as 5:32 or 1:01:54 as an xsd:duration."""
    if clock is None:
        return None
    parts = [int(part) for part in clock.split(":")]
    hours, minutes, seconds = ([0] * (3 - len(parts))) + parts
    whole = f"{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}{f'{seconds}S' if seconds else ''}"
    return f"PT{whole or '0S'}"


class Header(Form):
    """The document that a curated file was written from."""

    key: Annotated[Key, Field(description="names the source in IRIs and on the command line")]
    kind: Annotated[str, OneOf("source-kind")]
    title: Text
    lines: Annotated[int, Field(ge=1, description="how many lines the document has")]
    sha256: Annotated[str, Like("[0-9a-f]{64}", "the 64 digits that sha256sum prints for the document", "0" * 64)]
    describes: Annotated[
        tuple[Reference, ...], Field(description="what it is about: edition:neurips-2024, series:neurips")
    ] = ()
    trust: Annotated[int | None, Field(description="the higher is preferred where sources differ")] = None

    @property
    def weight(self) -> int:
        """How much the source is trusted, by its kind where the file does not say."""
        return TRUST[self.kind] if self.trust is None else self.trust
