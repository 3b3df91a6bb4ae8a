"""Describes the views to programs: `/openapi.json` (OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.1)."""

import json
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, g, jsonify

from server.formats import reference_formats
from server.http.caching import cached, tag_of
from server.views.catalog import FILES, View, views
from server.views.parameters import Parameter

bp = Blueprint("openapi", __name__)

SKELETON = Path(__file__).with_suffix(".json")
PROBLEM = {"$ref": "#/components/responses/problem"}


@bp.get("/openapi.json")
def document() -> Response:
    """Answer with the description of the files of every view."""
    version = g.served.version
    tag = tag_of(version.number, version.built, "openapi")
    return cached(tag, lambda: jsonify(described()))


def described() -> dict[str, Any]:
    """Return the description: its constant part, and a path for each file of a view."""
    found: dict[str, Any] = json.loads(SKELETON.read_text(encoding="utf-8"))
    found["info"]["version"] = version_of("convocation")
    found["servers"] = [{"url": g.served.version.base.rstrip("/")}]
    views_ = views().values()
    found["paths"] = {f"/view/{each.name}.{suffix}": _path(each, suffix) for each in views_ for suffix in each.files}
    return found


def _path(view: View, suffix: str) -> dict[str, Any]:
    kinds = {**FILES, **{each.media.suffix: each.media.type for each in reference_formats()}}
    kind = kinds[suffix].partition(";")[0]
    schema: dict[str, Any] = {"$ref": "#/components/schemas/table"} if suffix == "json" else {"type": "string"}
    content = {kind: {} if suffix == "png" else {"schema": schema}}
    return {
        "get": {
            "operationId": f"{view.name}-{suffix}",
            "summary": f"{view.title} as {suffix.upper()}",
            "description": view.summary,
            "tags": [view.group],
            "parameters": [_parameter(each) for each in view.parameters],
            "responses": {
                "200": {"description": view.summary, "content": content},
                "304": {"description": "The client's copy still holds."},
                "400": PROBLEM,
                "503": PROBLEM,
            },
        }
    }


def _parameter(each: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(each.schema)
    if each.is_thing and each.choices:
        schema["examples"] = [choice.value for choice in each.choices[:3]]
    what = "A thing by its path, its IRI or its name" if each.is_thing else "A value"
    return {
        "name": each.name,
        "in": "query",
        "required": False,
        "description": f"{what}{'; may be given several times' if each.several else ''}. Without it, "
        f"{each.default or 'all'}.",
        "schema": {"type": "array", "items": schema} if each.several else schema,
        **({"style": "form", "explode": True} if each.several else {}),
    }
