"""Figures as files: Vega-Lite drawn to SVG and PNG by vl-convert, without a browser, in a process of its own."""

import json
import re
from typing import Any

from server.http import manifest
from server.views import theme
from server.views.charts import Spec
from server.views.studio import Studio

VEGA_LITE = "6.4"  # with `vega-lite` in frontend/package.json
WIDE, NARROW = 760, 340  # pixels
NAMES = 230  # pixels that the names of lying bars may take
SCALE = 2  # of PNG
_studio = Studio()


def svg(spec: Spec, width: int = WIDE) -> str:
    """Return a chart as an SVG file that follows light and dark surroundings."""
    whole = {
        **filled(narrowed(spec, width)),
        "width": width,
        "config": theme.config(),
        "autosize": {"type": "fit-x", "contains": "padding"},
    }
    drawn: str = _studio.draw("svg", whole, vl_version=VEGA_LITE)
    return styled(drawn)


def narrowed(spec: Spec, width: int) -> Spec:
    """Return a specification whose legend fits a width, with fewer names on a line."""
    color = spec.get("encoding", {}).get("color", {})
    columns = (color.get("legend") or {}).get("columns")
    if not columns:
        return spec
    left = NAMES if spec["encoding"].get("y", {}).get("type") == "nominal" else 0
    legend = {**color["legend"], "columns": max(1, columns * (width - left) // (WIDE - left))}
    return {**spec, "encoding": {**spec["encoding"], "color": {**color, "legend": legend}}}


def png(drawn: str) -> bytes:
    """Return an SVG file as PNG, on paper."""
    paper = f'<rect width="100%" height="100%" fill="{theme.LIGHT["paper"]}"/>'
    text = re.sub(r"<style>.*?</style>", paper, drawn, count=1)
    picture: bytes = _studio.draw("png", text, scale=SCALE)
    return picture


def scenegraph(spec: Spec) -> Any:
    """Return what Vega would draw, as marks with their places."""
    return _studio.draw("scenegraph", spec)


def empty(words: str) -> str:
    """Return a picture that says why there is none."""
    ink = theme.LIGHT["soft"]
    text = f'<text x="12" y="32" font-family="sans-serif" font-size="14" fill="{ink}">{words}</text>'
    return styled(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} 60" width="{WIDE}" height="60">{text}</svg>'
    )


def styled(drawn: str) -> str:
    """Return SVG with the style sheet that turns its colors, and without styles in its elements."""
    plain = re.sub(r' style="[^"]*"', "", drawn)
    return re.sub(r"(<svg[^>]*>)", lambda found: f"{found[1]}<style>{theme.sheet()}</style>", plain, count=1)


def filled(spec: Spec) -> Spec:
    """Return a specification with the built files in place of their names; without them their layers are empty."""
    return _with(spec, lambda name: {"values": json.loads(manifest.data(f"{name}.json") or "null") or _nothing(name)})


def linked(spec: Spec) -> Spec:
    """Return a specification for a page, which loads the built files by their addresses."""
    return _with(spec, lambda name: {"url": manifest.asset(f"{name}.json")})


def _with(spec: Spec, given: Any) -> Spec:
    if "layer" not in spec:
        return spec
    layers = [
        {**each, "data": {**given(each["data"]["name"]), "format": each["data"]["format"]}}
        if each.get("data", {}).get("name")
        else each
        for each in spec["layer"]
    ]
    return {**spec, "layer": layers}


def _nothing(name: str) -> Any:
    empty = {"type": "Topology", "arcs": [], "objects": {"countries": {"type": "GeometryCollection", "geometries": []}}}
    return empty if name == "world" else []
