"""The process that draws figures with vl-convert; `python -P -m server.painter <socket fd>`.

vl-convert embeds a JavaScript engine: it takes 80 MB and holds Python's lock while it draws. In a process of its own it
keeps nobody waiting, can be stopped at a deadline, and gives its memory back when nothing was drawn for a while.
"""

import socket
import sys
from typing import Any

import msgspec
import vl_convert

from graph.files import ROOT
from server.engine.frames import DATA, ERROR, receive, send

ASSETS = ROOT / "server" / "assets"
IDLE = 120.0  # seconds without a figure after which the process ends


def draw(kind: str, given: Any, options: dict[str, Any]) -> Any:
    """Return what vl-convert makes of a specification or an SVG file."""
    functions: dict[str, Any] = {
        "svg": vl_convert.vegalite_to_svg,
        "png": vl_convert.svg_to_png,
        "scenegraph": vl_convert.vega_to_scenegraph,
    }
    return functions[kind](given, **options)


def main() -> None:
    """Draw until nobody asked for a while; texts in pictures of pixels are in the fonts that are built."""
    if ASSETS.is_dir():
        vl_convert.register_font_directory(str(ASSETS))
    peer = socket.socket(fileno=int(sys.argv[1]))
    peer.settimeout(IDLE)
    try:
        for _, body in receive(peer):
            try:
                send(peer, DATA, msgspec.msgpack.encode(draw(*msgspec.msgpack.decode(body))))
            except ValueError as error:  # what vl-convert raises for a specification that it cannot draw
                send(peer, ERROR, str(error).encode())
    except OSError:  # the time is over, or whoever asked is gone
        return


if __name__ == "__main__":
    main()
