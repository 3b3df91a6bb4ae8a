"""Waits until the engine answers with a version."""

import socket
import time

from server.engine.frames import STALE, Question, receive, send

PATIENCE = 10.0  # seconds that a new version may take to be opened
PAUSE = 0.003


def follow(path: str, number: int) -> bool:
    """Return whether the engine behind a socket answers with a version, or a later one, before patience ends."""
    question = Question(text="", version=number, results="json", graph=None, base="", timeout=PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if _answers(path, question):
            return True
        time.sleep(PAUSE)
    return False


def _answers(path: str, question: Question) -> bool:
    """Ask an empty question, which who has the version refuses as no SPARQL."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(PATIENCE)
        try:
            peer.connect(path)
            send(peer, b"Q", question.encode())
            frame = next(receive(peer), None)
        except OSError:
            return False
    return frame is not None and frame[0] != STALE
