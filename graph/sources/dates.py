"""Days and years as sources print them: read whole, by known forms, or not at all."""

import re
from calendar import day_abbr, day_name, month_name
from contextlib import suppress
from datetime import date, datetime

TOKEN = re.compile(r"[^\W\d_]+|\d+")
YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
YEARS = range(1900, 2101)  # of conferences
WORDS = {"st", "nd", "rd", "th", "to", "until", "through", "and", "of"}
WORDS |= {each.lower() for each in (*day_name, *day_abbr)}
LETTERS = 3  # of the shortest name of a month
FORMS = {  # the places of month and day, of the first day and of the last, by the order of months and days
    "MD": (0, 1, 0, 1),  # May 22, 2022
    "DM": (1, 0, 1, 0),  # 22 May 2022
    "MDD": (0, 1, 0, 2),  # May 22-27, 2022
    "DDM": (2, 0, 2, 1),  # 22-27 May 2022
    "MDMD": (0, 1, 2, 3),  # July 31 to August 2
    "DMDM": (1, 0, 3, 2),  # 31 July to 2 August
}


def year_of(printed: str) -> int | None:
    """Return the year in a text, which is never a part of another number."""
    found = YEAR.search(printed)
    return int(found[0]) if found else None


def iso_day(printed: str) -> str:
    """Return a day in the form of ISO 8601, or an empty string if it is not one."""
    with suppress(ValueError):
        return date.fromisoformat(printed.strip()).isoformat()
    return ""


def days(printed: str, year: int) -> tuple[str, str]:
    """Return the first and the last day that a text such as `May 22-27, 2022` names, or empty strings."""
    form, values, years = "", list[str](), list[str]()
    for token in TOKEN.findall(printed):
        if month := _month(token):
            form, values = f"{form}M", [*values, month]
        elif token.isdecimal():
            is_year = YEAR.fullmatch(token)
            (years if is_year else values).append(token)
            form += "" if is_year else "D"
        elif token.lower() not in WORDS:
            return "", ""
    if form not in FORMS:
        return "", ""
    places = [values[place] for place in FORMS[form]]
    first, last = (
        _day(years[0] if years else str(year), *places[:2]),
        _day(years[-1] if years else str(year), *places[2:]),
    )
    return (first, last) if first and first <= last else ("", "")


def _month(word: str) -> str:
    """Return the English name of the month that a word begins with three letters or more, or an empty string."""
    known = (name for name in month_name if len(word) >= LETTERS and name.lower().startswith(word.lower()))
    return next(known, "")


def _day(year: str, month: str, day: str) -> str:
    with suppress(ValueError):
        return datetime.strptime(f"{year} {month} {day}", "%Y %B %d").date().isoformat()  # noqa: DTZ007 - a day alone
    return ""
