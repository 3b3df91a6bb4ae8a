"""Titles and names as clean text: no markup, LaTeX, mojibake, author marks or e-mail addresses."""

import html
import logging
import re
from functools import cache
from itertools import chain, zip_longest

import ftfy
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexMacroNode
from pylatexenc.macrospec import LatexContextDb

from graph.sources.privacy import without_private

ADDRESS = re.compile(r"\S+@\S*|\{[^{}]*\}@\S+")
PLAIN = re.compile(r"[\w .,:;!?()'\"/+*=-]*", re.ASCII)
VALUE = r"""\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+)"""
TAG = re.compile(rf"</?(?:i|b|em|strong|sub|sup|span|p|tt|br|title|fixed-case)(?:{VALUE})*\s*/?>", re.IGNORECASE)
SIGN = re.compile(r"/spl (\w+)/")  # IEEE Xplore, as in /spl epsi/ and H/sub /spl infin//
SHIFTED = re.compile(r"/su[bp] ([^/]*)/")
MOJIBAKE = re.compile("[\u00c2\u00c3\u00e2\ufffd\u0080-\u009f]")
LATEX = re.compile(r"\\[a-zA-Z'\"`^~=.&%$_{}]|\$[^$]+\$|\{[^{}]*\}")
DASH = re.compile(r"(?<=\w)--(?=\w)")
QUOTED = re.compile("``(.*?)''")
MATH = re.compile(r"(?<!\\)\$(?=\S)((?:[^$\\]|\\.)+?)(?<=\S)\$(?!\d)")  # as Pandoc reads it: $5 is money
BARE = re.compile(r"(?<!\\)[%&#]")
ESCAPED = r"\\\g<0>"
JOINED = re.compile(r"(\\[a-zA-Z]+)(?=[^\W\d_a-zA-Z])")  # the macro and the letter behind it, as in \Lącki
ALONE = re.compile(r"\\([a-zA-Z]+)(?![a-zA-Z{])")
SWITCHES = {"bf", "boldmath", "em", "it", "rm", "sc", "sf", "sl", "tt"}  # macros that only change the font
SIGNS = {"textasciicircum": "^", "textasciitilde": "~", "textbackslash": "\\"}  # not the accents that look like them
BREAK = re.compile(r"\\\\(?=[A-Z\s]|$)")  # a new line, and a word behind it
ROOT = re.compile(r"\\sqrt(?=[A-Za-z])")
MARKS = re.compile(r"[*\u2020\u2021\u00a7\u00b6\u2217\u2709#\u00b9\u00b2\u00b3\u2070-\u2079]+")
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
LONGEST = 20_000  # letters of a text that is read as LaTeX
LETTERS_OF_NAME = 1_000  # that are read at most
AREA = re.compile(r"^(?:[^:]*: )?[A-Z]{2,5}: (?=[^:]+$)")  # before a keyword in the lists of AAAI and IJCAI
ENDS = " ,;.:*\u2020\u2021&-_()[]{}/\\|"
PARTED = re.compile("[;\uff1b\uff0c\n]")
HOMONYM = re.compile(r" \d{4}$")  # that dblp adds to a name which several people have
NOBODY = {"anonymous", "anonymous author", "anonymous authors", "et al", "et al."}
DIGITS = re.compile(r"(?<=[^\W\d_])\d+(?: *, *\d+)*$")


def clean(text: str) -> str:
    """Return a title or label as clean text on one line."""
    if not PLAIN.fullmatch(text) or "/s" in text or "--" in text:  # which may be /spl of IEEE Xplore, or a dash of TeX
        text = _corrected(text)
    return " ".join(text.split())


def _corrected(text: str) -> str:
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    if "<" in text:
        text = TAG.sub("", text)
    if "/spl " in text or "/su" in text:
        text = SHIFTED.sub(r"\1", SIGN.sub(lambda found: html.unescape(f"&{found[1]};"), text))
    if len(text) <= LONGEST and LATEX.search(text):
        text = _without_latex(text)
    text = DASH.sub("\u2013", QUOTED.sub("\u201c\\1\u201d", text))
    return text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)


def _without_latex(text: str) -> str:
    try:
        return str(_converter().latex_to_text(_escaped(text))).replace("\n", " ")
    except Exception:  # noqa: BLE001 - whatever the converter stumbles over, the text stays as the source prints it
        return text


def _escaped(text: str) -> str:
    """Return a text whose signs are LaTeX only where its author must have meant them so."""
    text = BREAK.sub(" ", text)
    text = ALONE.sub(lambda found: found[0] if _is_known(found[1]) else found[1], JOINED.sub(r"\1{}", text))
    parts = MATH.split(ROOT.sub(r"\\sqrt ", text))
    plain = (re.sub(r"(?<!\\)\$", r"\\$", BARE.sub(ESCAPED, part)) for part in parts[::2])
    formulas = ("$" + BARE.sub(ESCAPED, part) + "$" for part in parts[1::2])
    return "".join(chain.from_iterable(zip_longest(plain, formulas, fillvalue="")))


@cache
def _converter() -> LatexNodes2Text:
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # a title may be any text
    return LatexNodes2Text(_macros(), math_mode="text", strict_latex_spaces=False, keep_braced_groups=False)


@cache
def _macros() -> LatexContextDb:
    known = get_default_latex_context_db()
    known.add_context_category("signs", prepend=True, macros=[MacroTextSpec(*each) for each in SIGNS.items()])
    known.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_arguments))
    return known


def _is_known(macro: str) -> bool:
    """Return whether a macro means something; one that does not, and has no argument, is a word of the title."""
    return macro in SWITCHES or macro.startswith("sqrt") or bool(_macros().get_macro_spec(macro).macroname)


def _arguments(node: LatexMacroNode, l2tobj: LatexNodes2Text) -> str:
    """Return the arguments of a macro without a text of its own, such as that for typewriter text, or nothing."""
    given = [each for each in (node.nodeargd.argnlist if node.nodeargd else ()) if each]
    return "".join(l2tobj.nodelist_to_text([each]) for each in given)


def person_name(text: str) -> str:
    """Return the name of a person without marks, asides and addresses, or an empty string if no name is left."""
    name = without_private(clean(text[:LETTERS_OF_NAME]))
    if not name.replace(" ", "").replace(".", "").replace("-", "").isalpha():
        name = ADDRESS.sub(" ", name)
        name = MARKS.sub("", ASIDE.sub(" ", name))
    name = DIGITS.sub("", " ".join(name.split()).removeprefix("and ").strip(ENDS.replace(".", "")))
    letters = [each for each in HOMONYM.sub("", name) if each.isalpha()]
    if name.lower() in NOBODY or not letters or (len(letters) == 1 and letters[0].islower()):
        return ""
    return HOMONYM.sub("", name)


def stands_for_others(text: str) -> bool:
    """Return whether a name in a list of authors says that some are left out."""
    return text.strip(" .").lower() in {"others", "et al", "and et al", "and others"}


def keywords(text: str) -> tuple[str, ...]:
    """Return the keywords of a text that semicolons part; of a path such as `Vision: CV: Segmentation` its end."""
    found = (AREA.sub("", clean(each)).strip(ENDS) for each in PARTED.split(text))
    return tuple(dict.fromkeys(each for each in found if each))
