"""YAML with the line of every value, so that a mistake can be told by its line.

Every scalar is read as the text it is written as: `NO` is a country and `2024-12-10` is not yet a date.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from graph.errors import CuratedFileError, Problem

Place = tuple[str | int, ...]
Tree = dict[str, "Tree"] | list["Tree"] | str | None


@dataclass
class Marked:
    """A tree of values and the line of each, counted from 1."""

    path: Path
    tree: Tree = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """Return the line of a place in the tree, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def load(path: Path) -> Marked:
    """Return what a YAML file holds.

    Raises:
        CuratedFileError: the file is not YAML, is empty, or gives a key twice.
    """
    marked = Marked(path)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        cure = "check the indentation, and put quotes around text that holds ': ' or begins with a sign"
        raise CuratedFileError([Problem(path, line, f"This is not YAML: {error.problem}; {cure}.")]) from error
    except UnicodeDecodeError as error:
        raise CuratedFileError([Problem(path, 1, "This file is not UTF-8; save it in that encoding.")]) from error
    if root is None:
        raise CuratedFileError([Problem(path, 1, "This file is empty; it needs at least a source.")])
    marked.tree = _tree(root, (), marked)
    if marked.problems:
        raise CuratedFileError(marked.problems)
    return marked


def _tree(node: yaml.Node, place: Place, marked: Marked) -> Tree:
    marked.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, place, marked))
    if isinstance(node, yaml.SequenceNode):
        return [_tree(each, (*place, index), marked) for index, each in enumerate(node.value)]
    return None if node.tag.endswith(":null") else str(node.value)


def _pairs(node: yaml.MappingNode, place: Place, marked: Marked) -> Iterator[tuple[str, Tree]]:
    seen: dict[str, int] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in seen:
            message = f"The key {name!r} stands here twice (first in line {seen[name]}); remove one of them."
            marked.problems.append(Problem(marked.path, line, message))
        seen[name] = marked.lines[(*place, name)] = line
        yield name, _tree(value, (*place, name), marked)
