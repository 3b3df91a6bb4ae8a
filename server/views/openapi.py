"""Describes the views to programs: `/openapi.json` (OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.1)."""

from importlib.metadata import version as version_of
from typing import Any

from flask import Blueprint, Response, g, jsonify

from server.http.caching import known, marked, tag_of
from server.views import drawing
from server.views.pages import FILES, View, views
from server.views.parameters import Parameter

bp = Blueprint("openapi", __name__)

PROBLEM = {"$ref": "#/components/responses/problem"}
TABLE = {
    "type": "object",
    "required": ["view", "title", "summary", "parameters", "columns", "rows"],
    "properties": {
        "view": {"type": "string"},
        "title": {"type": "string"},
        "summary": {"type": "string"},
        "parameters": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "columns": {"type": "array", "items": {"type": "string"}},
        "rows": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
    },
}


@bp.get("/openapi.json")
def document() -> Response:
    """Answer with the description of the files of every view."""
    version = g.served.version
    tag = tag_of(version.number, version.built, "openapi")
    return marked(Response(status=304) if known(tag) else jsonify(described()), tag)


def described() -> dict[str, Any]:
    """Return the description."""
    info = {
        "title": "Convocation",
        "summary": "Prebuilt views of a knowledge graph of research conferences.",
        "description": "Each view is a question to the graph. Its answers name the source and the line of every number "
        "that a source gives. Other questions go to the SPARQL endpoint, /sparql.",
        "version": version_of("convocation"),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    paths = {f"/view/{each.name}.{suffix}": _path(each, suffix) for each in views().values() for suffix in _files(each)}
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": g.served.version.base.rstrip("/")}],
        "paths": paths,
        "components": {"schemas": {"table": TABLE, "problem": _problem()}, "responses": {"problem": _refused()}},
    }


def _files(view: View) -> list[str]:
    return [suffix for suffix in FILES if view.chart or suffix not in drawing.FORMS]


def _path(view: View, suffix: str) -> dict[str, Any]:
    kind = FILES[suffix].partition(";")[0]
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


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {"type": text, "title": text, "status": {"type": "integer"}, "detail": text},
    }


def _refused() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    return {"description": "The error, and how to correct it (RFC 9457).", "content": content}
