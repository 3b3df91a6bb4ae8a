"""Reads whole numbers that strangers write."""

DIGITS = 9  # enough for any page, line or year; Python refuses to convert thousands of them


def whole_number(text: str) -> int | None:
    """Return the number of at most nine ASCII digits; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
