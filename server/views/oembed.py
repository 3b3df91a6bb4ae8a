"""oEmbed: editors and blogs turn the address of a view into its chart (https://oembed.com/, section 2.3.4)."""

from html import escape
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.routing import RequestRedirect

from server.http.serving import absolute
from server.views.framing import SITE
from server.views.pages import view

WIDTH, HEIGHT, LEAST = 800, 640, 200  # pixels of a frame

bp = Blueprint("oembed", __name__)


class NotImplementedFormatError(HTTPException):
    """The answer was asked for in a format that there is not."""

    code = 501


@bp.get("/oembed")
def answer() -> Response:
    """Answer with the frame of a view, as JSON or XML; the view is named by the address of its page."""
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        raise NotImplementedFormatError(f"There is no format {form!r}; there are json and xml.")
    name, query = _named(request.args.get("url", ""))
    width, height = (_size(each, most) for each, most in (("maxwidth", WIDTH), ("maxheight", HEIGHT)))
    there = view(name)
    address = absolute(url_for("views.page", name=name, embed=1)) + (f"&{query}" if query else "")
    shown = f'src="{escape(address)}" title="{escape(there.title)}" width="{width}" height="{height}" loading="lazy"'
    said = {
        "type": "rich",
        "version": "1.0",
        "title": there.title,
        "provider_name": SITE,
        "provider_url": absolute(url_for("pages.home")),
        "html": f"<iframe {shown}></iframe>",
        "width": width,
        "height": height,
    }
    if form == "json":
        return jsonify(said)
    return Response(render_template("views/oembed.xml", said=said), content_type="text/xml; charset=utf-8")


def _named(address: str) -> tuple[str, str]:
    """Return the name of the view at an address, and its parameters; raise NotFound if it is of no view."""
    if not address:
        raise BadRequest("The address of a view is missing: /oembed?url=… with the address of its page.")
    try:
        parts = urlsplit(address)
        own = urlsplit(absolute("/"))
        below = urlsplit(absolute(url_for("pages.home"))).path
        if parts.netloc not in (own.netloc, request.host) or not parts.path.startswith(below):
            raise NotFound(f"{address} is not an address of this site.")
        path = "/" + parts.path.removeprefix(below)
        endpoint, given = current_app.url_map.bind("").match(path)
    except (ValueError, RequestRedirect, HTTPException):
        endpoint, given = "", {}
        parts = urlsplit("")
    if endpoint != "views.page":
        raise NotFound(f"{address} is not the address of a view; /views lists those that there are.")
    return given["name"], parts.query


def _size(name: str, most: int) -> int:
    """Return a size that is asked for, at most that of the frame; raise BadRequest if it is no number."""
    text = request.args.get(name, str(most))
    if not (text.isascii() and text.isdecimal() and len(text) < 7):  # noqa: PLR2004 - digits
        raise BadRequest(f"{name} is a number of pixels, not {text!r}.")
    return max(LEAST, min(most, int(text)))
