"""The frame of a chart in a file: title, sources, license, date of the data, address; and its citation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap

from flask import current_app, g, render_template
from markupsafe import Markup

from graph.settings import Settings
from server.display.tables import Line
from server.display.words import day
from server.http.serving import absolute
from server.views import figures, theme

SITE = "Convocation"
NAMED = 6  # sources named one by one
LICENSES = (
    (re.compile(r"https?://www\.apache\.org/licenses/LICENSE-(?P<version>[\d.]+)"), "Apache"),
    (re.compile(r"https?://creativecommons\.org/publicdomain/zero/(?P<version>[\d.]+)"), "CC0"),
    (re.compile(r"https?://creativecommons\.org/licenses/(?P<kind>[a-z-]+)/(?P<version>[\d.]+)"), "CC"),
)
LEAST = 340  # pixels of a frame
TITLE, TEXT, NOTE = (20, 8.6), (16, 6.0), (15, 5.6)  # pixels from line to line and of a letter


@dataclass(frozen=True)
class Credit:
    """Where the numbers of a view come from, and under which address and license it is found."""

    title: str
    summary: str
    address: str
    sources: tuple[str, ...]

    @property
    def license(self) -> str:
        """The license of the graph."""
        settings: Settings = current_app.config["SETTINGS"]
        return named(settings.license)

    @property
    def data(self) -> str:
        """The version of the graph and the day it was made."""
        return f"version {g.served.version.number} of the graph, {g.served.version.built[:10]}"

    @property
    def said_by(self) -> str:
        """The sources by name; of many, the first and how many more there are."""
        more = len(self.sources) - NAMED
        names = "; ".join(self.sources[:NAMED]) + (f"; {more} more" if more > 0 else "")
        return f"{'Source' if len(self.sources) == 1 else 'Sources'}: {names}" if names else ""

    @property
    def notes(self) -> list[str]:
        """The lines below a chart."""
        return [*filter(None, [self.said_by, f"Data: {self.data} · {self.license}", f"{SITE}, {self.address}"])]

    @property
    def citation(self) -> str:
        """How to cite the chart."""
        version = g.served.version
        made = f"Version {version.number}, {day(version.built[:10])}"
        return f"{SITE} ({version.built[:4]}). {self.title} [chart]. {made}. {self.address}"


def named(license_: str) -> str:
    """Return the usual name of a license, or its address where it has none here."""
    for form, family in LICENSES:
        if found := form.match(license_):
            kind = found.groupdict().get("kind", "").upper()
            return " ".join(filter(None, (family, kind, found["version"].rstrip("."))))
    return license_


def credit(title: str, summary: str, address: str, lines: Iterable[Line]) -> Credit:
    """Return the credit of a view at an address, whose lines name their sources."""
    names = dict.fromkeys(each.name for line in lines for each in line.mentions)
    return Credit(title, summary, absolute(address), tuple(names))


def framed(drawn: str, about: Credit) -> str:
    """Return a chart, which is an SVG file, with its title above it and its notes below."""
    drawn_width, height = figures.size(drawn)
    width = max(LEAST, drawn_width)
    title, summary = (_lines([text], width, form) for text, form in ((about.title, TITLE), (about.summary, TEXT)))
    notes = _lines(about.notes, width, NOTE)
    top = 14 + len(title) * TITLE[0] + len(summary) * TEXT[0] + 8
    texts: list[tuple[str, int, str, int]] = []
    texts += ((text, 26 + TITLE[0] * place, "title", 17) for place, text in enumerate(title))
    texts += ((text, 26 + TITLE[0] * len(title) + TEXT[0] * n, "soft", 12) for n, text in enumerate(summary))
    texts += ((text, top + height + 18 + NOTE[0] * place, "soft", 11) for place, text in enumerate(notes))
    whole = top + height + 12 + NOTE[0] * len(notes) + 8
    inner = Markup(re.sub(r"<svg", f'<svg x="0" y="{top}"', drawn, count=1))  # noqa: S704 - made by Vega
    return render_template(
        "views/_frame.html", width=width, height=whole, texts=texts, chart=inner, colors=theme.LIGHT, font=theme.FONT
    )


def _lines(texts: Iterable[str], width: int, form: tuple[int, float]) -> list[str]:
    return [line for text in texts for line in wrap(text, int((width - 24) / form[1]))]
