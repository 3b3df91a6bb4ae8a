"""Answers to programs in the pages of other sites: every answer may be read there (CORS, the Fetch standard)."""

from flask import Flask, Response, request

from server.http.headers import OPEN

SENT = "Accept, Content-Type, If-None-Match, X-Convocation-Timeout"
DAY = 86_400


def init_app(app: Flask) -> None:
    """Open every answer, also errors, to other sites; nothing here depends on cookies."""
    app.after_request(opened)


def opened(response: Response) -> Response:
    """Return an answer that pages of other sites may read; to OPTIONS an empty one with what may be sent."""
    for name, value in OPEN:
        response.headers[name] = value
    if "Allow" in response.headers:
        response.headers["Allow"] = ", ".join(sorted(response.allow))
    if request.method == "OPTIONS" and response.headers.get("Allow") and response.status_code in (200, 204):
        response.set_data(b"")
        response.status_code = 204
        response.headers.pop("Content-Type", None)
        response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
        response.headers["Access-Control-Allow-Headers"] = SENT
        response.headers["Access-Control-Max-Age"] = str(DAY)
    return response
