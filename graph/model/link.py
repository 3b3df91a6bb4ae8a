"""Links as printed, kept even where the document lost their target."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Fact, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Link(Fact):
    """A link of one thing: its kind, its words, its address where the document prints it."""

    TYPE = CVN.Link

    of: Annotated[NamedNode, Says(CVN.linkOf)]
    kind: Annotated[NamedNode, Says(CVN.linkKind)]
    url: Annotated[NamedNode | None, Says(CVN.url)] = None
    words: Annotated[str | None, Says(CVN.linkLabel)] = None
