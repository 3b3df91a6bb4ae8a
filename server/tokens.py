"""Whether a client shows the token of the operator (RFC 6750)."""

import hmac


def shows(authorization: str, token: str) -> bool:
    """Return whether an Authorization header has a token; nobody shows an empty one."""
    scheme, _, shown = authorization.partition(" ")
    right = hmac.compare_digest(shown.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and right
