"""The colors and letters of figures, which are those of `static/site.css`, for light and dark surroundings."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

COLORS = {  # by the names of site.css: light, dark
    "paper": ("#fcfbf8", "#16181b"),
    "tint": ("#f3f0e8", "#1f2226"),
    "line": ("#dedad0", "#33373d"),
    "ink": ("#22252a", "#e6e3dc"),
    "soft": ("#5a5f66", "#a3a7ad"),
    "land": ("#e9e6de", "#2a2d32"),
    "c1": ("#1f5f8b", "#6fb1dc"),
    "c2": ("#a84a20", "#e59a6c"),
    "c3": ("#3d7a4a", "#86c391"),
    "c4": ("#7a4a8c", "#c49ad6"),
    "c5": ("#8a6d1a", "#d4b95e"),
    "c6": ("#a13d5b", "#e48fa9"),
    "c7": ("#4a6670", "#9cb8c2"),
    "s1": ("#c9dfe0", "#21464c"),
    "s2": ("#93c0c3", "#2f6a70"),
    "s3": ("#5a9fa4", "#429197"),
    "s4": ("#2c7a80", "#66b8bd"),
    "s5": ("#0b4f56", "#a4e0e3"),
}
LIGHT = {name: light for name, (light, _) in COLORS.items()}
DARK = dict(COLORS.values())  # light to dark
SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"


def config() -> dict[str, Any]:
    """Return how charts look, in the colors for light surroundings."""
    ink, soft, line = LIGHT["ink"], LIGHT["soft"], LIGHT["line"]
    text = {
        "labelColor": ink,
        "titleColor": soft,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "background": None,
        "font": SANS,
        "padding": 4,
        "view": {"stroke": None, "continuousHeight": 280},
        "axis": {**text, "gridColor": line, "domainColor": line, "tickColor": line, "labelPadding": 6},
        "axisY": {"domain": False, "ticks": False, "titlePadding": 12},
        "legend": {**text, "orient": "top", "symbolType": "square", "labelLimit": 260, "columnPadding": 26},
        **{mark: {"color": LIGHT["c1"]} for mark in ("bar", "line", "circle", "point")},
        "range": {
            "category": [LIGHT[f"c{number}"] for number in range(1, 8)],
            **{name: [LIGHT[f"s{number}"] for number in range(1, 6)] for name in ("ramp", "heatmap", "ordinal")},
        },
    }


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
