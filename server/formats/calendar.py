"""iCalendar (RFC 5545): an edition and its program, or when somebody speaks; times in the zone of the place."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from flask import g
from icalendar import Calendar, Event
from pyoxigraph import NamedNode

from graph.serialization.wellformed import replaced
from graph.terms import CVN
from graph.vocabulary.ontology import superclasses
from graph.vocabulary.territories import time_zones
from server.display.asking import Row, ask, remembered
from server.display.listing import pointing
from server.display.things import Thing
from server.formats import Format
from server.http.media import Media

FEW = 200  # things that point to one of which all are looked at for what has a time
DATED = {CVN.ProgramItem, CVN.RoleHolding}
YEAR = timedelta(days=366)


def write(thing: NamedNode) -> Iterator[str]:
    """Yield a calendar; an item that is printed twice is one event."""
    calendar = Calendar()
    calendar.add("prodid", "-//Convocation//EN")
    calendar.add("version", "2.0")
    rows = {row["thing"].value: row for row in reversed(ask("formats/program", entity=thing).rows)}
    events = [event for row in reversed(rows.values()) if (event := _event(row))]
    for event in events:
        calendar.add_component(event)
    if days := sorted(_day(event) for event in events):
        calendar.add_missing_timezones(days[0] - YEAR, days[-1] + YEAR)
    yield replaced(calendar.to_ical().decode())


def has(there: Thing) -> bool:
    """Return whether a thing has a day, or something in a program that has one."""
    if there.value(CVN.startDate):
        return True
    pointed = pointing(there.iri, 0)
    may = any(DATED & {*superclasses(each.kind)} for each in pointed) or sum(each.count for each in pointed) < FEW
    return may and _has_rows(there.iri)


@remembered
def _has_rows(thing: NamedNode) -> bool:
    return bool(ask("formats/program", entity=thing).rows)


def _day(event: Event) -> date:
    start: date | datetime = event.decoded("dtstart")
    return start.date() if isinstance(start, datetime) else start


def _event(row: Row) -> Event | None:
    def text(name: str) -> str:
        return row[name].value if name in row else ""

    event = Event()
    try:
        if "start" in row:
            at = (text("code"), text("city"))
            event.add("dtstart", in_zone(datetime.fromisoformat(text("start")), *at))
            if "end" in row:
                event.add("dtend", in_zone(datetime.fromisoformat(text("end")), *at))
        else:
            event.add("dtstart", date.fromisoformat(text("first")))
            event.add("dtend", date.fromisoformat(text("last") or text("first")) + timedelta(days=1))  # exclusive
    except ValueError:  # what is not well formed has no place in a calendar
        return None
    event.add("uid", text("thing"))
    event.add("dtstamp", datetime.fromisoformat(g.served.version.built))
    event.add("summary", text("label"))
    event.add("url", text("thing"))
    places = dict.fromkeys(filter(None, (text("place"), text("city"), text("country"))))
    if places:
        event.add("location", ", ".join(places))
    return event


MEDIA = Media("ics", "text/calendar", None, (), ("icalendar",))
FORMAT = Format(MEDIA, "Calendar", frozenset({CVN.Edition, CVN.Person}), write, has)


@cache
def zones(country: str) -> tuple[str, ...]:
    """Return the time zones of a country by its ISO 3166 code, those named for a city alone first."""
    listed = time_zones().get(country, ())
    return tuple(sorted(listed, key=lambda name: (name.count("/"), name)))


def in_zone(at: datetime, country: str, city: str = "") -> datetime:
    """Return a moment in the time zone of its place, or as it is where no zone of the country has its offset."""
    named = [each for each in zones(country) if each.endswith("/" + city.replace(" ", "_"))]
    for name in (*named, *zones(country)):
        there = at.astimezone(zone(name))
        if there.utcoffset() == at.utcoffset():
            return there
    return at


@cache
def zone(name: str) -> tzinfo:
    """Return a time zone by its name in the IANA database."""
    return ZoneInfo(name)
