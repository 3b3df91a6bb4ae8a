"""How readers report a problem: a message that names the page and the version, sent where the operator says."""

from urllib.parse import quote, urlencode

from flask import Blueprint, current_app, g, render_template, request, url_for

from graph.settings import Settings
from server.http.serving import absolute

bp = Blueprint("feedback", __name__)

LONGEST = 500  # characters of an address that a message repeats
GITLAB = "/-/issues/new"


@bp.get("/contact")
def contact() -> str:
    """Show how to report a problem, with a message to fill in."""
    settings: Settings = current_app.config["SETTINGS"]
    about = request.args.get("about", "")[:LONGEST]
    page = absolute(about) if about.startswith("/") and not about.startswith("//") else ""
    return render_template(
        "site/contact.html",
        publisher=settings.publisher,
        feedback=settings.feedback,
        page=page,
        message=message(page),
        report=_sent(settings.feedback, page),
    )


@bp.app_template_global()
def report_address() -> str:
    """Return where a problem with the page of the request is reported."""
    settings: Settings = current_app.config["SETTINGS"]
    if request.endpoint == "feedback.contact":
        return url_for("feedback.contact")
    place = request.full_path.rstrip("?")[:LONGEST]
    if not settings.feedback or "served" not in g:
        return url_for("feedback.contact", about=request.script_root + place)
    return _sent(settings.feedback, absolute(request.script_root + place))


def message(page: str) -> str:
    """Return the message to fill in."""
    version = g.served.version
    return (
        f"Page: {page or 'its address'}\nVersion: {version.number}, built {version.built}\n\n"
        "The problem:\n\nThe right value:\n\nThe document that says so (address, page or line):\n"
    )


def _sent(feedback: str, page: str) -> str:
    """Return the address that opens a message at the operator's; an empty string if there is no address."""
    title, body = f"Problem with {page or 'the graph'}", message(page)
    if not feedback:
        return ""
    if feedback.startswith("mailto:"):  # RFC 6068 has %20 for spaces and %0D%0A for the ends of lines
        return f"{feedback}?subject={quote(title)}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}"
    names = ("issue[title]", "issue[description]") if GITLAB in feedback else ("title", "body")
    return f"{feedback}{'&' if '?' in feedback else '?'}{urlencode(dict(zip(names, (title, body), strict=True)))}"
