"""The pages about the site: what it is and how it decides, and how to use and cite the data."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, g, render_template, url_for

from graph.settings import Settings
from server.checks.findings import FindingLine, finding_lines, rule_lines
from server.display.asking import Page, question
from server.http.serving import absolute
from server.pages.dumps import dumps
from server.pages.home import counts, differences, table_of
from server.views.catalog import views
from server.views.framing import named
from server.views.pages import PICTURED

bp = Blueprint("site", __name__)

EXAMPLE = "examples/registrations"


@bp.get("/about")
def about() -> str:
    """Explain what the site is and how its numbers are chosen, with examples from the graph."""
    return render_template(
        "site/about.html",
        counts=dict(counts()),
        sources=table_of("home/sources"),
        difference=next(iter((*differences("home/numbers"), *differences("home/resolutions"))), None),
        finding=_calculated(),
        rules=rule_lines(),
    )


def _calculated() -> FindingLine | None:
    return next(iter(finding_lines(Page(1))), None)


@bp.get("/use")
def use() -> str:
    """Explain how to query, download and cite the data."""
    settings: Settings = current_app.config["SETTINGS"]
    return render_template(
        "site/use.html",
        view=views()[PICTURED[0]],
        query="\n".join(line for line in question(EXAMPLE).text.splitlines() if not line.startswith("#+")),
        dumps=dumps(),
        license=settings.license,
        license_name=named(settings.license),
        citation=Citation.of(settings.publisher),
    )


@dataclass(frozen=True)
class Citation:
    """How to cite the served version."""

    text: str
    bibtex: str

    @classmethod
    def of(cls, publisher: str) -> "Citation":
        """Return the citation of the served version, which names its publisher, number, date and address."""
        version = g.served.version
        title = "Research conferences in numbers, with a source for each one"
        facts: dict[str, Any] = {
            "author": f"{{{publisher}}}",
            "title": f"{{{title}}}",
            "howpublished": "Knowledge graph",
            "note": f"Version {version.number}",
            "year": version.built[:4],
            "url": version.base,
        }
        fields = ",\n".join(f"  {name} = {{{text}}}" for name, text in facts.items())
        text = (
            f"{publisher} ({version.built[:4]}). {title} (version {version.number}, {version.built[:10]}) [Data set]. "
        )
        key = f"convocation-{version.built[:4]}-version-{version.number}"
        return cls(text + version.base, f"@misc{{{key},\n{fields}\n}}\n")


@bp.app_template_global()
def whole(endpoint: str, **values: Any) -> str:
    """Return the whole address of an endpoint, for lines to copy."""
    return absolute(url_for(endpoint, **values))
