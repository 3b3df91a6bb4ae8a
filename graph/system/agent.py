"""The User-Agent of requests to other hosts, without which services such as Wikimedia's refuse a client."""

from importlib.metadata import version


def user_agent(contact: str) -> str:
    """Return the User-Agent of this program, with an address of whoever runs it, if there is one."""
    who = "; ".join(filter(None, ("+https://w3id.org/convocation", contact)))
    return f"Convocation/{version('convocation')} ({who})"
