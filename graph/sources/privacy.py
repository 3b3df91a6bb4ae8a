"""E-mail addresses and telephone numbers, which no text of the graph may hold."""

import re

ROUND, BACK = r"[\[({<]\s?", r"\s?[\])}>]"
DOMAIN = r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}"
PRIVATE = re.compile(
    rf"(?:mailto:\s?)?(?:\{{[^{{}}]*\}}|(?<![\w.+-])[\w.+-]+[\])}}]?)\s?[@\uff20]\s?{DOMAIN}"  # ada@example.org
    # ada [at] example [dot] org
    rf"|(?<![\w.+-])[\w.+-]+\s?{ROUND}at{BACK}\s?[\w-]+(?:\s?(?:\.|{ROUND}dot{BACK})\s?[\w-]+)+"
    r"|(?<![\w.+-])[\w.+-]+ at [\w-]+(?: dot [\w-]+)+"  # ada at example dot org
    r"|(?<!\w)(?:\+\d{1,3}[ .-]?)?\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b"  # a telephone number: (555) 123-4567
    r"|(?<!\w)\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){3,5}\b"  # +41 44 123 45 67
    r"|\b(?:tel|telephone|phone|fax|mobile)\b[.:]*\s?\+?[\d(][\d ()./-]{5,}\d",
    re.IGNORECASE,
)
SIGNS = re.compile(r"[@\uff20]|\d\d|[([{<]\s?at\b| dot ", re.IGNORECASE)  # one of which each has; quick to look for
EMPTY = re.compile(r"\(\s*\)|\[\s*\]|<\s*>")


def without_private(text: str) -> str:
    """Return a text without e-mail addresses and telephone numbers."""
    if not SIGNS.search(text) or not PRIVATE.search(text):
        return text
    return " ".join(EMPTY.sub(" ", PRIVATE.sub(" ", text)).split()).strip(" ,;:|")
