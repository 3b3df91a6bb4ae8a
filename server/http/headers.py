"""The headers of every response: Content-Security-Policy, security headers, and access from other sites (CORS)."""

from flask import Flask, Response, request

POLICY = (  # https://www.w3.org/TR/CSP3/: a page loads nothing from elsewhere
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EMBEDDED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")  # of a view in pages of other sites
READ = "Allow, ETag, Link, Location, Retry-After, Server-Timing, X-Convocation-Rows, X-Convocation-Version"
OPEN = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", READ))  # nothing depends on cookies
SAFE = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "strict-origin-when-cross-origin"))
FIXED = (("Content-Security-Policy", POLICY), *SAFE, *OPEN)
SENT = "Accept, Content-Type, If-None-Match, X-Convocation-Timeout"
DAY = 86_400


def init_app(app: Flask) -> None:
    """Let pages of other sites read every response, including errors (CORS, the Fetch standard)."""
    app.after_request(_open)


def _open(response: Response) -> Response:
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
