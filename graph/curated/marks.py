"""YAML with the line of every value, so that a mistake can be reported with its line.

Every scalar is read as the text it is written as: `NO` is a country and `2024-12-10` is not yet a date.
What YAML can do beyond mappings, lists and scalars is refused: a few aliases can stand for a billion values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from graph.errors import CuratedFileError, Problem

Place = tuple[str | int, ...]
Tree = dict[str, "Tree"] | list["Tree"] | str

DEPTH = 20


@dataclass
class Marked:
    """A tree of values and the line of each, counted from 1."""

    path: Path
    tree: Tree = ""
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """Return the line of a place in the tree, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def load(path: Path) -> Marked:
    """Return the content of a YAML file; raise CuratedFileError if `load_all` does or finds problems."""
    marked = load_all(path)
    if marked.problems:
        raise CuratedFileError(marked.problems)
    return marked


def load_all(path: Path) -> Marked:
    """Return YAML with its recoverable problems; raise CuratedFileError if it is unreadable, empty, or not YAML."""
    marked, text = Marked(path), _text(path)
    try:
        marked.problems += _unusual(path, text)
        root = None if marked.problems else yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = min(error.problem_mark.line, text.count("\n")) + 1 if error.problem_mark else 1
        if "nesting depth" in str(error.problem):  # the limit of libyaml itself, which reads ahead of what it yields
            raise CuratedFileError([_too_deep(path, line)]) from error
        hint = "check the indentation, and put quotes around text that holds ': ' or begins with a sign"
        raise CuratedFileError([Problem(path, line, f"This is not YAML: {error.problem}; {hint}.")]) from error
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        message = f"This is not YAML: the character U+{error.character:04X} is not allowed in it; remove it."
        raise CuratedFileError([Problem(path, line, message)]) from error
    if marked.problems:
        raise CuratedFileError(marked.problems)
    if not root:
        raise CuratedFileError([Problem(path, 1, "This file is empty; it needs at least a source.")])
    marked.tree = _tree(root, (), marked)
    return marked


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}; give the path of a curated file."
        raise CuratedFileError([Problem(path, 1, message)]) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CuratedFileError([Problem(path, line, "This file is not UTF-8; save it in that encoding.")]) from error


def _unusual(path: Path, text: str) -> Iterator[Problem]:
    """Yield the first alias or too deep nesting; both are found before anything is made of them."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            yield Problem(path, line, f"The alias *{event.anchor} is not understood here; write the value out.")
            return
        if depth > DEPTH:
            yield _too_deep(path, line)
            return


def _too_deep(path: Path, line: int) -> Problem:
    message = f"Lists and mappings stand more than {DEPTH} deep in each other; write fewer brackets."
    return Problem(path, line, message)


def _tree(node: yaml.Node, place: Place, marked: Marked) -> Tree:
    marked.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, place, marked))
    if isinstance(node, yaml.SequenceNode):
        return [_tree(each, (*place, index), marked) for index, each in enumerate(node.value)]
    if node.tag.endswith(":null"):
        message = "No value stands here; write one or remove the key, and put quotes around null or ~ as a text."
        marked.problems.append(Problem(marked.path, marked.line(place), message))
    return str(node.value)


def _pairs(node: yaml.MappingNode, place: Place, marked: Marked) -> Iterator[tuple[str, Tree]]:
    seen: dict[str, int] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            message = "A key is a word, not a list or a mapping; put quotes around text that begins with a bracket."
            marked.problems.append(Problem(marked.path, line, message))
        if name in seen:
            message = f"The key {name!r} stands here twice (first in line {seen[name]}); remove one of them."
            marked.problems.append(Problem(marked.path, line, message))
        seen[name] = marked.lines[(*place, name)] = line
        yield name, _tree(value, (*place, name), marked)
