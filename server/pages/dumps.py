"""Files to download: the dumps that an operator wrote to `<home>/dumps/`, with ranges (RFC 9110, section 14).

A folder there with a file of checksums is a dump; only the files that it names are served.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response, current_app, request, send_file
from werkzeug.wrappers import Response as Redirection

from graph.exchange.dump import SUMS
from graph.settings import Settings
from server.http.errors import UnknownEntityError

bp = Blueprint("dumps", __name__)

FOLDER = "dumps"
TYPES = {".gz": "application/gzip", ".ttl": "text/turtle; charset=utf-8", ".tar": "application/x-tar"}
MOST = 100  # dumps that are listed


@dataclass(frozen=True)
class DumpFile:
    """A file of a dump: its path below `/dumps/`, its size in bytes, its date, and its SHA-256 checksum."""

    path: Path
    name: str
    size: int
    date: datetime
    checksum: str


def dumps() -> list[tuple[str, list[DumpFile]]]:
    """Return the dumps by name, the latest first, each with its files."""
    with suppress(OSError):
        folders = [each for each in _folder().iterdir() if not each.name.startswith(".")]
        found = [(each.name, list(_files(each))) for each in folders]
        latest = sorted((each for each in found if each[1]), key=lambda each: each[1][0].date, reverse=True)
        return latest[:MOST]
    return []


def _folder() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.folder / FOLDER


def _files(folder: Path) -> Iterator[DumpFile]:
    """Yield the files of a dump that its checksums name; a folder without checksums is none."""
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return
    sums = {name: checksum for checksum, _, name in (line.partition("  ") for line in lines)}
    for name in (*sums, SUMS):
        path = folder / name
        if Path(name).name == name and path.is_file() and not path.is_symlink():
            stat = path.stat()
            yield DumpFile(
                path,
                f"{folder.name}/{name}",
                stat.st_size,
                datetime.fromtimestamp(int(stat.st_mtime), UTC),
                sums.get(name, ""),
            )


@bp.get("/dumps/<path:name>")
def dump(name: str) -> Redirection:
    """Answer with a file of a dump, or a part of it; raise UnknownEntityError if there is no such file."""
    file = next((each for _, files in dumps() for each in files if each.name == name), None)
    if file is None:
        raise UnknownEntityError(f"There is no file {name!r} to download; /use lists those that there are.")
    if "," in request.headers.get("Range", ""):  # several ranges at once may be ignored (section 14.2)
        request.environ.pop("HTTP_RANGE")
    kind = TYPES.get(file.path.suffix, "text/plain; charset=utf-8")
    response: Response = send_file(
        file.path,
        mimetype=kind,
        etag=file.checksum or f"{file.size}-{file.date.timestamp():.0f}",
        last_modified=file.date,
        max_age=0,
        conditional=True,
    )
    response.headers["Content-Type"] = kind
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Disposition"] = f'attachment; filename="{name.replace("/", "-")}"'
    return response
