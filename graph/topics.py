"""Spellings of a topic: plural, hyphens, abbreviations and what is in brackets make no other topic."""

import re
from functools import cache
from typing import Any

import yaml

from graph.files import TOPICS
from graph.names import slug

IN_BRACKETS = re.compile(r"(?P<long>.*\S)\s*\((?P<short>[A-Za-z][\w&/-]{1,9})\)\s*$")
VERSION = re.compile(r"\b([a-z]{3,})(\d+)\b")  # gpt4 is gpt-4
SINGULAR = ("ss", "us", "is", "ics")
WITH_E = ("ches", "shes", "xes", "sses")
SHORTEST = 3  # letters of a word that can be a plural


@cache
def topic_slug(name: str) -> str:
    """Return the slug that the spellings of a topic have in common, such as large-language-model of LLMs."""
    found = IN_BRACKETS.match(name)
    if found and _abbreviates(found["short"], found["long"]):
        name = found["long"]
    text = VERSION.sub(r"\1-\2", _joined(slug(name)))
    words = "-".join(_written_out(each) for each in text.split("-")).split("-")
    return "-".join((*words[:-1], _singular(words[-1])))


def _abbreviates(short: str, long: str) -> bool:
    """Return whether an abbreviation has its letters from a name, in their order and from its first."""
    letters, rest = slug(short.removesuffix("s")), iter(slug(long))
    return slug(long).startswith(letters[0]) and all(letter in rest for letter in letters)


def _written_out(word: str) -> str:
    """Return an abbreviation in full, and a compound of two words with its hyphen; any other word as it is."""
    known = _abbreviations()
    return known.get(word) or known.get(word.removesuffix("s")) or _parted().get(word, word)


def _singular(word: str) -> str:
    irregular, lasting = _words()["plural"], _words()["not_plural"]
    if word in irregular:
        return str(irregular[word])
    if len(word) <= SHORTEST or not word.endswith("s") or word.endswith(SINGULAR) or word in lasting:
        return word
    if word.endswith("ies") and len(word) > SHORTEST + 2:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(WITH_E) else word[:-1]


@cache
def _words() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(TOPICS.read_text(encoding="utf-8"))
    return read


def _joined(text: str) -> str:
    """Return a slug without the hyphen behind a prefix, and within a compound that is one word."""
    return _whole_words().sub(lambda found: found[0].replace("-", ""), text)


@cache
def _whole_words() -> re.Pattern[str]:
    words = _words()
    return re.compile(
        rf"\b(?:(?:{'|'.join(words['prefixes'])})-(?=[a-z]{{3}})|(?:{'|'.join(words['joined'])})(?=s?\b))"
    )


@cache
def _parted() -> dict[str, str]:
    return {each.replace("-", ""): each for each in _words()["parted"]}


@cache
def _abbreviations() -> dict[str, str]:
    return {short: _joined(slug(long)) for short, long in _words()["abbreviations"].items()}
