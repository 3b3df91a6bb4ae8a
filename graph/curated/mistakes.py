"""Mistakes of a curated file, in words that say what to do."""

from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from graph.curated.marks import Marked, Place
from graph.errors import Problem, quoted

HINTS = {  # what to write instead, and the kinds of errors of pydantic for which that helps
    "write a whole number in digits": "int_parsing int_type",
    "write a number in digits": "decimal_parsing finite_number",
    "write a date as 2024-12-10": "date_from_datetime_parsing date_parsing",
    "write a time with its zone, as 2023-12-12T15:40:00-06:00": "datetime_from_date_parsing datetime_parsing",
    "add the time zone, as 2023-12-12T15:40:00-06:00": "timezone_aware",
    "check the number": "greater_than_equal less_than_equal",
    "round the number": "decimal_max_places",
    "write it, or remove the key": "too_short string_too_short",
    "write true or false": "bool_parsing",
    "write a list: each entry on a line of its own that begins with a hyphen, or [a, b]": "tuple_type",
    "write a list: each entry on a line of its own that begins with a hyphen": "list_type",
    "write keys and values here": "model_type dict_type",
    "write a text here": "string_type",
}


def explain(error: ValidationError, marked: Marked, form: type[BaseModel]) -> list[Problem]:
    """Return each mistake that pydantic found, with its line and its hint."""
    return [
        Problem(marked.path, marked.line(_place(detail["loc"], marked)), _message(detail, form))
        for detail in error.errors()
    ]


def _place(loc: Place, marked: Marked) -> Place:
    place: Place = ()
    for step in loc:
        if (*place, step) in marked.lines:
            place = (*place, step)
    return place


def _message(detail: ErrorDetails, form: type[BaseModel]) -> str:
    where = _where(detail["loc"])
    kind, text = detail["type"], detail["msg"].removeprefix("Value error, ")
    known = _keys(form, detail["loc"] if kind == "model_type" else detail["loc"][:-1])
    if kind == "extra_forbidden":
        name = str(detail["loc"][-1])
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}? There are" if near else "there are"
        return f"There is no key {quoted(name)} in {_where(detail['loc'][:-1])}; {hint} {', '.join(known)}."
    if kind == "model_type" and detail["loc"]:
        return f"{where}: keys and values stand here, not a list or a text; there are {', '.join(known)}."
    if kind == "missing":
        return f"{where} is missing; add it."
    hint = next((f"; {hint}" for hint, kinds in HINTS.items() if kind in kinds.split()), "")
    given = f" (here: {quoted(detail['input'])})" if isinstance(detail["input"], str) and kind != "value_error" else ""
    return f"{where}: {text}{given}{hint}."


def _where(loc: Place) -> str:
    steps = [f"entry {step + 1}" if isinstance(step, int) else str(step) for step in loc if step != "mapping"]
    return " > ".join(steps) or "the file"


def _keys(form: type[BaseModel], loc: Place) -> list[str]:
    kind: Any = form
    for step in loc:
        if isinstance(step, str) and isinstance(kind, type) and issubclass(kind, BaseModel):
            field = kind.model_fields.get(step)
            kind = _form_in(field.annotation) if field else kind
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _form_in(annotation: Any) -> Any:
    inner = [_form_in(each) for each in get_args(annotation)]  # of a list or a union
    return next((each for each in inner if isinstance(each, type) and issubclass(each, BaseModel)), annotation)
