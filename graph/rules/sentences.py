"""Writes what a rule found in words: the sentence of its header with the columns of the row in it.

`{found}` is a column as readers write it: a thing by its label, a number with commas. `{found:measured}` is a number in
the `?unit` of the row, a ratio as a percentage. `{line:line}` is " (line 13)", and nothing if the row has no line. It
belongs to the source that the sentence named last, so that pages can link it; `{source:in}` is " in the …" unless the
sentence named that source last.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from string import Formatter
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.rules.examination import Examined
from graph.rules.rule import Row
from graph.terms import XSD, Term

NUMBERS = (XSD.integer, XSD.decimal)
RATIO = "ratio"
PLACES = 2

Label = Callable[[NamedNode], str]


class Sentences(Formatter):
    """Fills the sentences of rules in; `label` names things."""

    def __init__(self, label: Label) -> None:
        self.label = label
        self._named: Term | None = None

    def title(self, each: Examined) -> str:
        """Return what an instance is called."""
        return self._filled(each, "title")

    def sentence(self, each: Examined) -> str:
        """Return the sentence for the case or the outcome of an instance."""
        case = each.row["case"].value if "case" in each.row else each.outcome
        return self._filled(each, case)

    def arithmetic(self, each: Examined) -> str:
        """Return the calculation written out, if the rule has one."""
        return self._filled(each, "arithmetic")

    def _filled(self, each: Examined, key: str) -> str:
        self._named = None
        return " ".join(self.vformat(each.rule.said(key), (), each.row).split())

    def get_value(self, key: int | str, _: Any, row: Any) -> tuple[Term | None, Row]:
        """Return a column together with its row, of which `measured` needs the unit; one that is not bound is empty."""
        return row.get(key), row

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a column in words."""
        term, row = value
        if format_spec == "line":
            return _line(self._plain(term))
        named, self._named = self._named, term if term in _sources(row) else self._named
        if format_spec == "in":
            return "" if term in (None, named) else f" in the {self._plain(term)}"
        return self._measured(term, row) if format_spec == "measured" else self._plain(term)

    def _plain(self, term: Term | None) -> str:
        if term is None:
            return ""
        if isinstance(term, NamedNode):
            return self.label(term)
        return number(term.value) if term.datatype in NUMBERS else term.value

    def _measured(self, term: Term | None, row: Row) -> str:
        if not isinstance(term, Literal):
            return ""
        unit = row["unit"].value if "unit" in row else ""
        return f"{number(str(Decimal(term.value) * 100))}%" if unit == RATIO else number(term.value)


def _sources(row: Row) -> list[Term]:
    return [term for name, term in row.items() if name == "source" or name.endswith("_source")]


def _line(text: str) -> str:
    """Return a line, or several, in brackets."""
    return f" (line{'s' if not text.isdigit() else ''} {text})" if text else ""


def number(text: str) -> str:
    """Return a number with commas between thousands and at most two digits after the point."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if value != value.to_integral_value():
        value = round(value, PLACES)
    return f"{value.normalize():,f}"
