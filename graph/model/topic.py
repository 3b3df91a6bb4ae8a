"""Topics of research, by the names that sources give them."""

from dataclasses import dataclass

from graph.model.record import Record
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Topic(Record):
    """A subject of research; spellings that differ in case, plural, hyphens or by an abbreviation name one."""

    TYPE = CVN.Topic
