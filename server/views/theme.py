"""The colors and letters of figures, for light and dark surroundings: those of `static/site.css`, in `vega.json`."""

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any

from graph.files import ROOT
from server.http import manifest

SITE = (ROOT / "server" / "static" / "site.css").read_text(encoding="utf-8")
COLORS = re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", SITE)
LIGHT = {name: light for name, light, _ in COLORS}
DARK = {light: dark for _, light, dark in COLORS}
FAMILY = "Source Sans 3"
FONT = f"'{FAMILY}', '{FAMILY} Variable', system-ui, sans-serif"


@cache
def config() -> dict[str, Any]:
    """Return how charts look, in the colors for light surroundings."""
    text = Path(__file__).with_name("vega.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(Template(text).substitute(LIGHT, font=FONT))
    return found


@cache
def sheet() -> str:
    """Return the style sheet of an SVG file: its font, where that is built, and its colors in dark surroundings."""
    rules = "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}' for light, dark in DARK.items()
    )
    return f"{_face()}@media (prefers-color-scheme:dark){{{rules}}}"


def _face() -> str:
    """Return the font of the site as a part of a file, since a picture in a page may load nothing."""
    font = manifest.data("sans.woff2")
    if font is None:
        return ""
    address = f"data:font/woff2;base64,{b64encode(font).decode()}"
    return f"@font-face{{font-family:'{FAMILY}';font-weight:200 900;src:url({address}) format('woff2')}}"


def policy() -> str:
    """Return the Content-Security-Policy of an SVG file: nothing but its one style sheet and the font in it."""
    checksum = b64encode(sha256(sheet().encode()).digest()).decode()
    return f"default-src 'none'; font-src data:; style-src 'sha256-{checksum}'; frame-ancestors 'none'"
