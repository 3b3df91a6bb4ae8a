"""Titles and names as clean text: no markup, LaTeX, mojibake, author marks or e-mail addresses."""

import html
import logging
import re
from functools import cache

import ftfy
from pylatexenc.latex2text import LatexNodes2Text

ADDRESS = re.compile(r"\S+@\S*|\{[^{}]*\}@\S+")
PLAIN = re.compile(r"[\w .,:;!?()'\"/+*=-]*", re.ASCII)
TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|span|p|tt|br|title|fixed-case)\b[^<>]*>", re.IGNORECASE)
MOJIBAKE = re.compile("[\u00c2\u00c3\u00e2\ufffd\u0080-\u009f]")
LATEX = re.compile(r"\\[a-zA-Z'\"`^~=.&%$_{}]|\$[^$]+\$|\{[^{}]*\}")
MARKS = re.compile(r"[*\u2020\u2021\u00a7\u00b6\u2217\u2709#\u00b9\u00b2\u00b3\u2070-\u2079]+")
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
LETTERS, WORDS = 60, 6  # that a keyword has at most
ENDS = " ,;.:*\u2020\u2021&-_()[]{}/\\|"
PARTED = re.compile("[;\uff1b\uff0c\n]")
DIGITS = re.compile(r"(?<=[^\W\d_])\d+$")


def clean(text: str) -> str:
    """Return a title or label as clean text on one line."""
    if not PLAIN.fullmatch(text):
        text = _corrected(text)
    return " ".join(text.split())


def _corrected(text: str) -> str:
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    if "<" in text:
        text = TAG.sub("", text)
    if LATEX.search(text):
        text = _without_latex(text)
    return text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)


def _without_latex(text: str) -> str:
    try:
        return str(_converter().latex_to_text(text)).replace("\n", " ")
    except Exception:  # noqa: BLE001 - whatever the converter stumbles over, the text stays as the source prints it
        return text


@cache
def _converter() -> LatexNodes2Text:
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # a title may be any text
    return LatexNodes2Text(math_mode="text", strict_latex_spaces=False, keep_braced_groups=False)


def person_name(text: str) -> str:
    """Return the name of a person without marks, asides and addresses, or an empty string if no name is left."""
    name = clean(text)
    if not name.replace(" ", "").replace(".", "").replace("-", "").isalpha():
        name = ADDRESS.sub(" ", name)
        name = MARKS.sub("", ASIDE.sub(" ", name))
    name = DIGITS.sub("", " ".join(name.split()).removeprefix("and ").strip(ENDS.replace(".", "")))
    return name if sum(map(str.isalpha, name)) > 1 else ""


def keywords(text: str) -> tuple[str, ...]:
    """Return the keywords of a text that semicolons part; without sentences and addresses."""
    found = (clean(each).strip(ENDS) for each in PARTED.split(text))
    short = (each for each in found if each and len(each) <= LETTERS and each.count(" ") < WORDS)
    return tuple(dict.fromkeys(each for each in short if "@" not in each))


def without_addresses(text: str) -> str:
    """Return a text without e-mail addresses."""
    return " ".join(ADDRESS.sub(" ", text).split()).strip(" ,;") if "@" in text else text
