"""Docstrings, comments, messages, pages and documents are written in standard terms, which CONTRIBUTING.md lists."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.files import ROOT

# each habit, and what to write instead
HABITS = {
    r"(?<!\.)\b(tell|tells|told|telling)\b": "show, list, report, state, describe, say",
    r"\banew\b": "again, from scratch, rebuild",
    r"\bmend(s|ed|ing)?\b": "fix, correct, repair",
    r"\bcures?\b": "fix, hint",
    r"\bso (many|few)\b(?! that)": "at most n, n bytes, up to the limit, that many",
    r"\bas many as there (may|can) be\b": "up to the limit",
    r"(?:^|[.:;] )What (is|was|has|are|were|does|did|may|can|makes?|gives?|leads?|comes?|it|a|an|the)\b(?![^.\n]*\?)": (
        "a noun as the subject: results derived from, entries that match, the rest"
    ),
    r"(?:^|[.;] |\b(?:to|of|for|by|from|let|lets) )[Ww]ho (asks|waits|writes|reads|has|made|makes|may|knows|sends)\b": (
        "the caller, the waiting thread, the producer"
    ),
    r"\b(a|an|the) [a-z]+ that is none\b": "not a ..., invalid",
    r"\bof none\b": "not of any ..., without",
    r"\bstands? (in|on|beside|there|behind|before|where|once|twice|\d)\b": "is in, appears on, is stored next to",
    r"\bbe (it|each|they) [a-z]+\b(?=[^.]*,)": "even if",
    r"\bnothing where\b": "or None; or an empty string",
    r"\bnobody (waits|asks|looks|reads|has)\b": "no caller, no request",
}
CODE = [
    path for name in ("graph", "server", "tests", "benchmarks", ".ci") for path in sorted((ROOT / name).rglob("*.py"))
]
TEXTS = [
    *sorted(path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "benchmarks").glob("*.md")),
    *sorted((ROOT / ".github").rglob("*.md")),
    *sorted((ROOT / "server" / "templates").rglob("*.html")),
    *sorted((ROOT / "server" / "frontend" / "src").rglob("*.js")),
    *(path for name in ("graph", "server", "ontology", "shapes") for path in sorted((ROOT / name).rglob("*.rq"))),
    *(path for name in ("ontology", "shapes") for path in sorted((ROOT / name).rglob("*.ttl"))),
]
QUOTED = {ROOT / "tests" / "test_language.py", ROOT / "CONTRIBUTING.md"}  # which list the words


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def passages(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the comments and strings of a module, and its names as words."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING) or token.type == getattr(tokenize, "FSTRING_MIDDLE", -1):
            yield token.start[0], token.string.strip("\"'# frb\n")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name.replace("_", " ")


def habits(found: Iterator[tuple[int, str]], path: Path) -> list[str]:
    titles = path.suffix != ".py"  # in a title, as in "What does not add up", a question-word is fine
    return [
        f"{named(path)}:{number + text[: match.start()].count(chr(10))}: {match[0].strip()!r}: write {instead}"
        for number, text in found
        for habit, instead in HABITS.items()
        if not (titles and "What" in habit)
        for match in re.finditer(habit, text, re.MULTILINE)
    ]


@pytest.mark.parametrize(
    "path", [path for path in CODE if path not in QUOTED and "node_modules" not in path.parts], ids=named
)
def test_a_module_is_written_in_standard_terms(path: Path) -> None:
    wrong = habits(passages(path), path)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "path", [path for path in TEXTS if path not in QUOTED and "node_modules" not in path.parts], ids=named
)
def test_a_text_is_written_in_standard_terms(path: Path) -> None:
    wrong = habits(iter([(1, path.read_text(encoding="utf-8"))]), path)
    assert not wrong, "\n".join(wrong)
