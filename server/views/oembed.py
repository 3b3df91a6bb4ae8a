"""oEmbed: editors and blogs turn the address of a view into its chart (https://oembed.com/, section 2.3.4)."""

from html import escape
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from werkzeug import exceptions
from werkzeug.exceptions import BadRequest, NotFound

from server.http.serving import absolute
from server.views.catalog import view, views
from server.views.framing import SITE

WIDTH, HEIGHT, LEAST = 800, 640, 200  # pixels of a frame

bp = Blueprint("oembed", __name__)


@bp.get("/oembed")
def answer() -> Response:
    """Answer with the frame of a view, as JSON or XML; the view is named by the address of its page."""
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        raise exceptions.NotImplemented(f"There is no format {form!r}; there are json and xml.")
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
    """Return the name of the view at an address, and its parameters; raise NotFound if it is of no view here."""
    if not address:
        raise BadRequest("The address of a view is missing: /oembed?url=… with the address of its page.")
    start = urlsplit(absolute(url_for("views.page", name="")))
    try:
        parts = urlsplit(address)
    except ValueError:
        raise NotFound(f"{address} is no address.") from None
    name = parts.path.removeprefix(start.path)
    if parts.netloc not in (start.netloc, request.host) or name == parts.path or name not in views():
        raise NotFound(f"{address} is not the address of a view here; /views lists those that there are.")
    return name, parts.query


def _size(name: str, most: int) -> int:
    """Return a size that is asked for, at most that of the frame; raise BadRequest if it is no number."""
    text = request.args.get(name, str(most))
    if not (text.isascii() and text.isdecimal() and len(text) < 7):  # noqa: PLR2004 - digits
        raise BadRequest(f"{name} is a number of pixels, not {text!r}.")
    return max(LEAST, min(most, int(text)))
