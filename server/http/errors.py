"""Error responses: a page for browsers, a problem document (RFC 9457) for programs."""

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Flask, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as Redirection

from graph import errors
from graph.errors import ConvocationError, QuerySyntaxError, ShapeError, SpaceError, StoreError, UnknownGraphError
from graph.settings import Settings
from server.engine.failures import BusyError, EngineError, LeftError, LimitError
from server.http.headers import FIXED
from server.http.logs import RECORD
from server.metrics import LIMITS, PrivateError


class RequestError(ConvocationError):
    """The request is invalid."""


class NotAcceptableError(RequestError):
    """The client accepts none of the available formats."""

    def __init__(self, offers: str) -> None:
        super().__init__(f"None of the media types that you accept is available; there are {offers}.")


class BodyError(RequestError):
    """The body of the request is larger than its limit."""

    limit = "CONVOCATION_BODY_SIZE"

    def __init__(self, value: str) -> None:
        self.value = value
        super().__init__(f"The body of the request exceeds the limit of {value}; send several smaller requests.")


class ConditionError(RequestError):
    """A precondition of the request does not hold."""


class LongAddressError(RequestError):
    """The URL of the request is too long."""


class UnsupportedMediaError(RequestError):
    """The media type of the request body is not supported."""


class RateError(RequestError):
    """The client exceeded the rate `limit` of `value`; it may retry after `wait` seconds."""

    limit = "CONVOCATION_RATE"

    def __init__(self, message: str, value: str, wait: int) -> None:
        self.value, self.wait = value, wait
        super().__init__(message)


class WritesDisabledError(RequestError):
    """Writing is disabled."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Writing is disabled: {reason}.")


class TokenError(RequestError):
    """The request lacks the write token; `challenge` says how to send it (RFC 6750)."""

    challenge = 'Bearer realm="Convocation"'


class UnknownEntityError(ConvocationError):
    """There is no such entry in the graph; `suggestions` have names like `words`."""

    def __init__(self, message: str, words: str = "", suggestions: Sequence[Mapping[str, str]] = ()) -> None:
        self.words, self.suggestions = words, suggestions
        super().__init__(message)


NO_ROOM = (
    "The server has no room left to write; nothing was changed. Ask the operator to free some space in the home "
    "folder, such as by removing old versions (convocation versions prune), and send it again."
)
PATH = re.compile(r"(?<![\w<:/.])/[^\s:;,'\"()<>]+")  # an absolute path, not that of an IRI
STATUS: dict[type[ConvocationError], HTTPStatus] = {
    errors.QueryError: HTTPStatus.BAD_REQUEST,
    errors.RefusedError: HTTPStatus.FORBIDDEN,
    errors.RemoteServiceError: HTTPStatus.BAD_GATEWAY,
    LeftError: HTTPStatus.REQUEST_TIMEOUT,
    RateError: HTTPStatus.TOO_MANY_REQUESTS,
    RequestError: HTTPStatus.BAD_REQUEST,
    ConditionError: HTTPStatus.PRECONDITION_FAILED,
    LongAddressError: HTTPStatus.REQUEST_URI_TOO_LONG,
    BodyError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotAcceptableError: HTTPStatus.NOT_ACCEPTABLE,
    UnsupportedMediaError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    UnknownEntityError: HTTPStatus.NOT_FOUND,
    UnknownGraphError: HTTPStatus.NOT_FOUND,
    WritesDisabledError: HTTPStatus.FORBIDDEN,
    PrivateError: HTTPStatus.FORBIDDEN,
    TokenError: HTTPStatus.UNAUTHORIZED,
    errors.PayloadError: HTTPStatus.BAD_REQUEST,
    errors.FormError: HTTPStatus.NOT_ACCEPTABLE,
    ShapeError: HTTPStatus.UNPROCESSABLE_ENTITY,
    LimitError: HTTPStatus.SERVICE_UNAVAILABLE,
    EngineError: HTTPStatus.SERVICE_UNAVAILABLE,
    SpaceError: HTTPStatus.INSUFFICIENT_STORAGE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ReportError: HTTPStatus.NOT_FOUND,
}


def init_app(app: Flask) -> None:
    """Register the error handlers."""
    app.register_error_handler(ConvocationError, _answer_own)
    app.register_error_handler(HTTPException, _answer_http)


def status(error: ConvocationError) -> HTTPStatus:
    """Return the status of an error, by its nearest class in STATUS."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def public(error: ConvocationError) -> str:
    """Return the message for clients: without paths of the server, which are in its log."""
    if isinstance(error, SpaceError):
        return NO_ROOM
    if isinstance(error, StoreError) and not isinstance(error, UnknownGraphError):
        return PATH.sub("…", str(error))
    return str(error)


def _answer_own(error: ConvocationError) -> Response:
    members: dict[str, object] = {}
    if isinstance(error, QuerySyntaxError) and error.line is not None:
        members = {"line": error.line, "column": error.column}
    if limit := getattr(error, "limit", ""):
        LIMITS.labels(limit).inc()
        members = {"limit": limit, "value": getattr(error, "value", "")}
    if isinstance(error, ShapeError):
        members = {"violations": error.count, "findings": list(error.findings)}
    if isinstance(error, UnknownEntityError):
        members = {"words": error.words, "suggestions": list(error.suggestions)}
    if (message := public(error)) != str(error) and (record := request.environ.get(RECORD)):
        record.error = str(error)  # with the paths, for the operator
    answer = problem(status(error), message, **members)
    if wait := getattr(error, "wait", 0):
        answer.headers["Retry-After"] = str(wait)
    if challenge := getattr(error, "challenge", ""):
        answer.headers["WWW-Authenticate"] = challenge
    return answer


def _answer_http(error: HTTPException) -> Redirection:
    if isinstance(error, NotFound) and request.path.endswith("/") and _is_there(request.path.rstrip("/")):
        place = request.full_path.replace(request.path, request.path.rstrip("/"), 1).rstrip("?")
        return redirect(request.script_root + place, 308)
    if isinstance(error, RequestEntityTooLarge):
        settings: Settings = current_app.config["SETTINGS"]
        return _answer_own(BodyError(f"{settings.body_size} MB"))
    answer = problem(HTTPStatus(error.code or 500), error.description or error.name)
    for name, value in error.get_headers():
        if name in ("Allow", "Content-Range"):  # of 405 and 416
            answer.headers[name] = value
    return answer


def _is_there(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method=request.method)  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True


def problem(code: HTTPStatus, detail: str, **members: object) -> Response:
    """Return an error response: a page if the client prefers HTML, else a problem document."""
    wants_page = request.accept_mimetypes.best_match(["application/problem+json", "text/html"]) == "text/html"
    if wants_page and request.accept_mimetypes["text/html"] > request.accept_mimetypes["application/problem+json"]:
        page = render_template("error.html", code=code, detail=detail, path=request.path, **members)
        response = Response(page, code, mimetype="text/html")
    else:
        response = Response(problem_document(code, detail, **members), code, mimetype="application/problem+json")
    response.headers["Vary"] = "Accept"
    return response


def problem_document(code: HTTPStatus, detail: str, **members: object) -> str:
    """Return a problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": code.phrase, "status": int(code), "detail": detail, **members}
    return json.dumps(body) + "\n"


def refusal(error: ConvocationError) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the status, headers and body of an error response made without Flask, which closes the connection."""
    code, wait = status(error), str(getattr(error, "wait", BusyError.wait))
    headers = [("Content-Type", "application/problem+json"), ("Retry-After", wait), ("Connection", "close"), *FIXED]
    return code, headers, problem_document(code, str(error)).encode()
