"""Decisions by people about who is who: `graph/data/curated/identity.yaml`, and `identity.yaml` in the data folder."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic.functional_validators import AfterValidator

from graph.curated.entry import Day, Form, Like, Text
from graph.curated.marks import load
from graph.curated.mistakes import explain
from graph.errors import CuratedFileError, quoted
from graph.files import IDENTITY, replacing, save
from graph.names import digest, slug
from graph.sources.privacy import PRIVATE
from graph.vocabulary.identifiers import schemes

NAME = "identity.yaml"
PERSON = "person"  # begins a reference to the person of a curated document
START = "decisions:\n"
EMPTY = "decisions: []\n"


def _reference(text: str) -> str:
    scheme, sign, value = text.partition(":")
    if not sign:
        if "/" not in text:
            hint = "write an authorship such as iclr-2024/a-title-0123abcd/ada-quill, orcid:..., or person:ada-quill"
            raise ValueError(f"{quoted(text)} names no person; {hint}")
        return text
    known = schemes()
    if scheme != PERSON and scheme not in known:
        raise ValueError(f"there is no scheme {quoted(scheme)} of identifiers; write orcid:..., or person:ada-quill")
    if scheme != PERSON and not known[scheme].holds(value):
        raise ValueError(f"{quoted(value)} is no identifier of {known[scheme].label}; check its digits")
    return text


def _public(text: str) -> str:
    if PRIVATE.search(text):
        raise ValueError("an e-mail address or a telephone number stays out of the file; remove it")
    return text


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Reference = Annotated[str, AfterValidator(_reference)]
References = Annotated[tuple[Reference, ...], BeforeValidator(_listed), Field(min_length=1)]
Public = Annotated[Text, AfterValidator(_public)]


class PersonDecision(Form):
    """One decision about who is who; each group of `different` is one person's references."""

    same: References | None = None
    different: Annotated[tuple[References, ...] | None, Field(min_length=2)] = None
    preferred: Public | None = None
    former: Annotated[str, Like("[0-9a-f]{64}", "the hash of the former name", "0" * 64)] | None = None
    person: References | None = None
    reason: Public
    reviewer: Annotated[str, Like('https?://[^\\s<>"]+', "who decided", "https://orcid.org/0000-0002-1825-0097")]
    date: Day

    @model_validator(mode="after")
    def _is_one(self) -> "PersonDecision":
        if sum(each is not None for each in (self.same, self.different, self.preferred)) != 1:
            raise ValueError("a decision is one of same, different and preferred; write one of these keys")
        if (self.preferred is None) != (self.person is None) or (self.former and not self.preferred):
            raise ValueError("a preferred name needs person, and a former name the preferred one; write both keys")
        return self

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The references, those of one person together."""
        return self.different or ((self.same or self.person or ()),)


@dataclass(frozen=True)
class PlacedDecision:
    """A decision with the file and the line where it is."""

    decision: PersonDecision
    path: Path
    line: int


def former_hash(name: str) -> str:
    """Return the hash by which a file of decisions knows a former name, which it does not hold."""
    return digest(slug(name), length=64)


def read_decisions(path: Path) -> list[PlacedDecision]:
    """Return the decisions of a file in order, none if there is no file; raise CuratedFileError for mistakes."""
    if not path.exists():
        return []
    marked = load(path)
    try:
        found = _Decisions.model_validate(marked.tree)
    except ValidationError as error:
        raise CuratedFileError(explain(error, marked, _Decisions)) from error
    lines = (marked.line(("decisions", number)) for number in range(len(found.decisions)))
    return [PlacedDecision(each, path, line) for each, line in zip(found.decisions, lines, strict=True)]


class _Decisions(Form):
    decisions: tuple[PersonDecision, ...] = ()


def decisions_of(home: Path) -> list[PlacedDecision]:
    """Return the bundled decisions and those of a data folder; raise CuratedFileError for mistakes."""
    return [*read_decisions(IDENTITY), *read_decisions(home / NAME)]


def decisions_digest(decisions: Iterable[PlacedDecision]) -> str:
    """Return a checksum of what was decided, or an empty string for no decision."""
    texts = [each.decision.model_dump_json(exclude_none=True) for each in decisions]
    return digest(*texts, length=16) if texts else ""


def with_decision(text: str, decision: PersonDecision) -> str:
    """Return the text of a file with a decision added at its end."""
    entry = yaml.safe_dump([decision.model_dump(mode="json", exclude_none=True)], sort_keys=False, allow_unicode=True)
    before = text.removesuffix(EMPTY) + START if text.endswith(EMPTY) or not text else text
    return before + ("" if before.endswith("\n") else "\n") + entry


def without_decision(path: Path, number: int) -> str:
    """Return the text of a file without one of its decisions, counted from 1; empty if it held nothing else."""
    known, lines = read_decisions(path), path.read_text(encoding="utf-8").splitlines(keepends=True)
    begin = known[number - 1].line - 1
    end = known[number].line - 1 if number < len(known) else len(lines)
    left = lines[:begin] + lines[end:]
    if len(known) > 1:
        return "".join(left)
    rest = "".join(left).removesuffix(START)
    return rest + EMPTY if rest else ""


def write_decisions(path: Path, text: str) -> None:
    """Write a file of decisions, or remove it if there is no text; raise StoreError if it cannot be written."""
    if not text:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        save(part, text)


def described(decision: PersonDecision) -> Iterator[str]:
    """Yield what a decision says in words: what it is, of whom, by whom, and why."""
    kind = "same" if decision.same else "different" if decision.different else "former" if decision.former else "prefer"
    yield f"{kind} {decision.preferred or ''}".strip()
    yield " | ".join(", ".join(each) for each in decision.groups)
    yield f"{decision.reviewer}, {decision.date}: {decision.reason}"
