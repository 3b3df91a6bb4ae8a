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

SITE = (ROOT / "server" / "static" / "site.css").read_text(encoding="utf-8")
COLORS = re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", SITE)
LIGHT = {name: light for name, light, _ in COLORS}
DARK = {light: dark for _, light, dark in COLORS}


@cache
def config() -> dict[str, Any]:
    """Return how charts look, in the colors for light surroundings."""
    text = Path(__file__).with_name("vega.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(Template(text).substitute(LIGHT))
    return found


def sheet() -> str:
    """Return the style sheet of an SVG file, which turns its colors where the surroundings are dark."""
    rules = "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}' for light, dark in DARK.items()
    )
    return f"@media (prefers-color-scheme:dark){{{rules}}}"


def policy() -> str:
    """Return the Content-Security-Policy of an SVG file: nothing but its one style sheet."""
    checksum = b64encode(sha256(sheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{checksum}'; frame-ancestors 'none'"
