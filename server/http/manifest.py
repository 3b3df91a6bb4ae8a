"""The files that pages load: scripts and fonts built by `frontend/`, and those of `static/`.

Each has its checksum in its name, so that clients can cache it forever. Pages work without files that are not built.
"""

import gzip
import json
from functools import cache
from hashlib import sha256
from pathlib import Path

import click
from flask import Blueprint, Response, request, send_from_directory, url_for
from werkzeug.exceptions import NotFound

from graph.files import ROOT

ASSETS = ROOT / "server" / "assets"
STATIC = ROOT / "server" / "static"
FOREVER = "public, max-age=31536000, immutable"  # RFC 8246
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json"}
ENCODINGS = {"br": ".br", "gzip": ".gz"}  # the smaller first

bp = Blueprint("manifest", __name__)


@bp.app_template_global()
def asset(name: str) -> str:
    """Return the address of a file by its plain name, or an empty string if it is not built."""
    found = own().get(name, ("", b""))[0] or built().get(name, "")
    return url_for("manifest.served", name=found) if found else ""


def warn_of_assets() -> None:
    """Say on standard error that the scripts are not built, if so."""
    if not built():
        click.echo("The scripts of the pages are not built, so pages are plain. Build: convocation assets", err=True)


@cache
def built() -> dict[str, str]:
    """Return the names of the built files by their plain names."""
    try:
        names: dict[str, str] = json.loads((ASSETS / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return names


@cache
def own() -> dict[str, tuple[str, bytes]]:
    """Return the files of `static/`: by plain name the name that is served, and the text."""
    found = {}
    for path in STATIC.iterdir():
        text = path.read_bytes()
        found[path.name] = (f"{path.stem}-{sha256(text).hexdigest()[:8]}{path.suffix}", text)
    return found


def data(name: str) -> bytes | None:
    """Return the bytes of a built file by its plain name, or None where it is not built."""
    path = ASSETS / built().get(name, "")
    return path.read_bytes() if path.is_file() else None


@bp.get("/assets/<name>")
def served(name: str) -> Response:
    """Answer with a file for good, in the smallest form that the client can read."""
    for called, text in own().values():
        if called == name:
            return _lasting(_written(text, name))
    if name.endswith(tuple(ENCODINGS.values())) or not (ASSETS / name).is_file():
        raise NotFound(f"There is no file {name!r}; the pages that are served now name those that there are.")
    for encoding, suffix in ENCODINGS.items():
        if request.accept_encodings[encoding] and (ASSETS / (name + suffix)).is_file():
            response = _file(name + suffix, name)
            response.headers["Content-Encoding"] = encoding
            return _lasting(response)
    return _lasting(_file(name, name))


def _file(path: str, name: str) -> Response:
    response = send_from_directory(ASSETS, path)
    response.headers["Content-Type"] = KINDS.get(Path(name).suffix, response.headers["Content-Type"])
    return response


def _written(text: bytes, name: str) -> Response:
    zipped = bool(request.accept_encodings["gzip"])
    response = Response(_zipped(text) if zipped else text, content_type=KINDS[Path(name).suffix])
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


@cache
def _zipped(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)


def _lasting(response: Response) -> Response:
    response.headers["Cache-Control"] = FOREVER
    response.vary.add("Accept-Encoding")
    return response
