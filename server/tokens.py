"""Whether a client shows the token of the operator (RFC 6750)."""

import hmac

from flask import request


def shows(token: str) -> bool:
    """Return whether the request shows a token; nobody shows an empty one."""
    given = request.authorization
    shown = given.token if given and given.type == "bearer" else None
    return bool(token) and hmac.compare_digest((shown or "").encode(), token.encode())
