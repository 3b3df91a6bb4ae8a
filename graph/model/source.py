"""Sources: the documents and data files that say something."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Record, Says
from graph.terms import CVN, DCTERMS, XSD


@dataclass(frozen=True, kw_only=True)
class Source(Record):
    """A document or data file."""

    TYPE = CVN.Source

    kind: Annotated[NamedNode | None, Says(CVN.sourceKind)] = None
    title: Annotated[str | None, Says(DCTERMS.title)] = None
    subtitle: Annotated[str | None, Says(CVN.subtitle)] = None
    document_type: Annotated[str | None, Says(CVN.documentType)] = None
    issued: Annotated[date | None, Says(DCTERMS.issued)] = None
    dateline_place: Annotated[NamedNode | None, Says(CVN.datelinePlace)] = None
    headings: Annotated[tuple[str, ...], Says(CVN.heading)] = ()
    layout_text: Annotated[str | None, Says(CVN.layoutText)] = None
    channel: Annotated[str | None, Says(CVN.channel)] = None
    youtube_id: Annotated[str | None, Says(CVN.youtubeId)] = None
    withheld: Annotated[str | None, Says(CVN.withheld)] = None
    describes: Annotated[tuple[NamedNode, ...], Says(CVN.describes)] = ()
    trust: Annotated[int | None, Says(CVN.trust)] = None
    line_count: Annotated[int | None, Says(CVN.lineCount)] = None
    sha256: Annotated[str | None, Says(CVN.sha256)] = None
    gives_texts: Annotated[bool | None, Says(CVN.givesTexts)] = None


@dataclass(frozen=True, kw_only=True)
class Citation(Record):
    """One place of one source that states a fact: lines of a document, or a record of a data file."""

    TYPE = CVN.Citation

    source: Annotated[NamedNode, Says(CVN.source)]
    lines: Annotated[str | None, Says(CVN.sourceLine)] = None
    first_line: Annotated[int | None, Says(CVN.firstLine)] = None
    last_line: Annotated[int | None, Says(CVN.lastLine)] = None
    record_key: Annotated[str | None, Says(CVN.sourceKey)] = None
    printed: Annotated[str | None, Says(CVN.asPrinted)] = None
    time: Annotated[str | None, Says(CVN.mediaTimeAsPrinted)] = None
    at: Annotated[str | None, Says(CVN.mediaTime, XSD.duration)] = None
    quote: Annotated[str | None, Says(CVN.quote)] = None
