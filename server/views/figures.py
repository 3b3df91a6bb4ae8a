"""Figures as files: Vega-Lite drawn to SVG and PNG by vl-convert, without a browser, in a process of its own."""

import json
import re
from typing import Any

from server.http import manifest
from server.views import theme
from server.views.axes import Spec
from server.views.studio import Studio

VEGA_LITE = "6.4"  # with `vega-lite` in frontend/package.json
WIDE, NARROW = 760, 340  # pixels
SCALE = 2  # of PNG
SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')
STYLE = re.compile(r' style="[^"]*"')
_studio = Studio()


def plain(spec: Spec, width: int) -> str:
    """Return a chart as SVG in the colors for light surroundings; charts side by side have widths of their own."""
    whole = {**filled(spec), "config": theme.config()}
    if "facet" not in spec:
        whole |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    drawn: str = _studio.draw("svg", whole, vl_version=VEGA_LITE)
    return drawn


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
    ink, font = theme.LIGHT["soft"], theme.FONT
    text = f'<text x="12" y="32" font-family="{font}" font-size="14" fill="{ink}">{words}</text>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="60" viewBox="0 0 {WIDE} 60">{text}</svg>'


def size(drawn: str) -> tuple[int, int]:
    """Return width and height of an SVG file in pixels."""
    found = SIZE.search(drawn)
    assert found, "Vega writes the width and height of each figure"  # noqa: S101
    return round(float(found[1])), round(float(found[2]))


def styled(drawn: str) -> str:
    """Return SVG with the style sheet that turns its colors, and without styles in its elements."""
    style = f"<style>{theme.sheet()}</style>"
    return re.sub(r"(<svg[^>]*>)", lambda found: f"{found[1]}{style}", STYLE.sub("", drawn), count=1)


def filled(spec: Spec) -> Spec:
    """Return a specification with the built files in place of their names; without them their layers are empty."""
    if "layer" not in spec:
        return spec
    layers = [
        {**each, "data": {"values": _built(each["data"]["name"]), "format": each["data"]["format"]}}
        if each.get("data", {}).get("name")
        else each
        for each in spec["layer"]
    ]
    return {**spec, "layer": layers}


def _built(name: str) -> Any:
    return json.loads(manifest.data(f"{name}.json") or "null") or _nothing(name)


def _nothing(name: str) -> Any:
    empty = {"type": "Topology", "arcs": [], "objects": {"countries": {"type": "GeometryCollection", "geometries": []}}}
    return empty if name == "world" else []
