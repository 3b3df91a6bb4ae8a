"""OpenReview: notes of its API (versions 2 and 1) saved as JSON: `{"notes": [...]}`, an array, or a note a line.

Authors are in one of two schemas: names and ids in two lists, or objects with a name, an id and institutions. Ids
that are e-mail addresses are never read. Reviews, comments and deleted notes are left out.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from graph.errors import ImportFileError
from graph.sources.addresses import known
from graph.sources.authors import author_named
from graph.sources.file import SourceFile
from graph.sources.importer import Importer, announced, not_taken, unknown_fields
from graph.sources.json_records import UNREADABLE, array, broken, members, parts
from graph.sources.records import NAMELESS, Affiliation, Author, Item, Notice, Paper
from graph.sources.text import clean, keywords
from graph.vocabulary.venues import Venue, venue

FIELDS = {
    "title": "the title of the paper",
    "authors": "the names of the authors in order; in the newer schema objects with fullname, username, institutions",
    "authorids": "the OpenReview profiles of the authors; e-mail addresses never",
    "venue": "the decision, such as `ICLR 2024 oral`",
    "venueid": "the series, year and track; whether the paper was rejected or withdrawn",
    "keywords": "the topics of the paper",
} | not_taken(
    "not taken: text of third parties, material about the paper, or of its submission",
    """abstract TLDR tldr TL;DR primary_area pdf supplementary_material _bibtex paperhash code_of_ethics
    submission_guidelines anonymous_url no_acknowledgement_section code reciprocal_reviewing resubmission subject_areas
    community_implementations summary html Please_choose_the_closest_area_that_your_submission_falls_into student_author
    one-sentence_summary flagged_for_ethics_review ethics_comments title_and_abstract award poster video slides""",
)
YEAR = re.compile(r"(?:19|20)\d\d")
DOMAIN = re.compile(r"\.(?:cc|org|net|com|info|io|ai)$")
REFUSED = {
    "rejected_submission": "reject",
    "desk_rejected_submission": "desk-reject",
    "withdrawn_submission": "withdrawn",
}
DECISIONS = (
    ("notable top 5%", "accept-oral"),
    ("notable top 25%", "accept-spotlight"),
    ("oral", "accept-oral"),
    ("spotlight", "accept-spotlight"),
    ("poster", "accept-poster"),
)
TRACKS = {
    "conference": "main",
    "datasets_and_benchmarks": "datasets-and-benchmarks",
    "datasets_and_benchmarks_track": "datasets-and-benchmarks",
    "creative_ai_track": "creative-ai",
    "tinypapers": "tiny-papers",
    "blogposts": "blogpost",
    "workshop": "workshop",
}


class Note(msgspec.Struct, frozen=True):
    """A note as the API gives it; fields that are not here are not read."""

    id: str
    content: dict[str, Any] = {}
    forum: str = ""
    replyto: str | None = None
    ddate: int | None = None
    invitation: str = ""


def read(file: SourceFile) -> Iterator[Item]:
    """Yield the papers of notes; raise ImportFileError if it holds no notes."""
    found = list(_notes(file))
    notes = [each for each in found if isinstance(each, tuple)]
    if not notes:
        raise ImportFileError(f"{file.path} holds no note of OpenReview; save the answer of its API to /notes.")
    yield from (each for each in found if isinstance(each, Notice))
    fields = Counter(name for _, note in notes if not note.replyto for name in note.content.keys() - FIELDS.keys())
    yield from unknown_fields(fields, "note")
    seen = set[str]()
    for place, note in notes:
        yield from _note(place, note, seen)


def _notes(file: SourceFile) -> Iterator[tuple[str, Note] | Notice]:
    data = file.whole()
    try:
        whole = msgspec.json.decode(data, type=msgspec.Raw)
        text = bytes(whole).lstrip()
        if text.startswith(b"{") and b'"notes"' in text:
            answer = msgspec.json.decode(whole, type=dict[str, msgspec.Raw])
            whole = answer.get("notes", whole)
        yield from array([whole] if bytes(whole).lstrip().startswith(b"{") else parts(file, whole), Note)
    except UNREADABLE as error:
        found = members(data, b"notes") or members(data)
        if found is not None:
            yield from array(found, Note)
            return
        lines = [line for line in data.splitlines() if line.strip()]
        if not all(line.lstrip().startswith(b"{") for line in lines) or not any(map(_is_json, lines[:-1])):
            raise broken(file, data, error) from error
        yield from array((msgspec.Raw(line) for line in lines), Note)


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except UNREADABLE:
        return False
    return True


def _note(place: str, note: Note, seen: set[str]) -> Iterator[Item]:
    content = {name: _value(value) for name, value in note.content.items()}
    title = clean(str(content.get("title") or ""))
    if reason := _no_paper(note, title):
        yield Notice(reason, place, f"{note.id}: {title}".rstrip(": "), "left out")
        return
    series, year, track, name = _venue(str(content.get("venueid") or note.invitation))
    if track == "main" and "findings" in str(content.get("venue") or "").lower():
        track = "findings"
    if series is None or year is None:
        yield Notice("note without a series and year", place, f"{note.id}: {title}", "left out")
        return
    yield from announced(series, year, seen)
    authors, notices = _authors(content)
    yield from (Notice(kind, place, f"{title}: {detail}", "corrected") for kind, detail in notices)
    page, topics = f"https://openreview.net/forum?id={note.forum or note.id}", content.get("keywords")
    yield Paper(
        key=f"openreview:{note.forum or note.id}",
        title=title,
        series=series.key,
        year=year,
        authors=authors,
        ids=known([page]),
        track=track,
        track_name=name,
        decision=_decision(str(content.get("venueid") or ""), str(content.get("venue") or "")),
        pages=(page,),
        topics=keywords(";".join(map(str, topics)) if isinstance(topics, list) else str(topics or "")),
        authors_left_out=any(kind == NAMELESS for kind, _ in notices),
    )


def _no_paper(note: Note, title: str) -> str:
    """Return why a note is not a paper, or an empty string if it is one."""
    if note.ddate:
        return "deleted note"
    if note.replyto or (note.forum and note.forum != note.id):
        return "reply to a paper, such as a review"
    return "" if title else "note without title"


def _value(value: object) -> object:
    """Return a value of either version: `{"value": ...}`, or bare."""
    return value.get("value") if isinstance(value, dict) and "value" in value else value


def _venue(venueid: str) -> tuple[Venue | None, int | None, str, str]:
    """Return the series, the year, the kind of track and its name, of an id such as `ICLR.cc/2024/Conference`."""
    words = venueid.partition("/-/")[0].split("/")
    place = next((place for place, word in enumerate(words) if YEAR.fullmatch(word)), 0)
    if not place or (words[0] == "dblp.org" and words[1] != "conf"):  # a journal, such as the preprints of CoRR
        return None, None, "", ""
    track, name = _track(words[place + 1 :])
    return venue(DOMAIN.sub("", words[place - 1])), int(words[place]), track, name


def _track(words: list[str]) -> tuple[str, str]:
    kinds = [word for word in words if word.lower() not in {"track", "submission", *REFUSED}]
    first = kinds[0].lower() if kinds else "conference"
    kind = TRACKS.get(first, "other")
    name = " ".join(kinds[1:] if kind == "workshop" else kinds).replace("_", " ")
    return kind, name if kind in ("workshop", "other") else ""


def _decision(venueid: str, text: str) -> str:
    """Return the decision of a note, which one that still says `Submitted to` lacks."""
    last, words = venueid.rpartition("/")[2].lower(), text.lower()
    if last in REFUSED:
        return REFUSED[last]
    if words.startswith("submitted to") or last == "submission" or not words:
        return "undecided"
    return next((decision for word, decision in DECISIONS if word in words), "accept")


def _authors(content: dict[str, object]) -> tuple[tuple[Author, ...], list[tuple[str, str]]]:
    names, ids = content.get("authors"), content.get("authorids")
    people = names if isinstance(names, list) else []
    profiles = ids if isinstance(ids, list) and len(ids) == len(people) else [""] * len(people)
    is_other = ids and profiles == [""] * len(people)
    notices = [("authors and their ids differ in number", "ids left out")] if is_other else []
    found = [_author(person, str(profile or "")) for person, profile in zip(people, profiles, strict=True)]
    if len(left := [each for each in found if each]) < len(found):
        notices.append((NAMELESS, f"{len(found) - len(left)} left out"))
    return tuple(left), notices


def _author(person: object, profile: str) -> Author | None:
    affiliations: tuple[Affiliation, ...] = ()
    if isinstance(person, dict):
        profile = str(person.get("username") or profile)
        given = person.get("institutions")
        institutions = [each.get("name") for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        printed = [clean(str(each)) for each in institutions if each]
        affiliations = tuple(Affiliation(each, (each,)) for each in printed if each)
        person = person.get("fullname") or person.get("name") or ""
    ids = known([f"https://openreview.net/profile?id={profile}"]) if profile.startswith("~") else ()
    return author_named(str(person), ids, affiliations)


IMPORTER = Importer(
    key="openreview",
    title="OpenReview",
    homepage="https://openreview.net/",
    license="",
    trust=8,
    files=("*.json", "*.json.gz", "*.jsonl", "*.jsonl.gz"),
    fields=FIELDS,
    read=read,
)
