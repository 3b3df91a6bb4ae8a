"""Networks drawn by the server: every node is a link, placed by the forces of Vega, colored by the group it is in.

The drawing is the same each time: the forces begin from the same places, and groups are found in a fixed order by
label propagation (Raghavan, Albert and Kumara 2007, https://doi.org/10.1103/PhysRevE.76.036106).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

from flask import render_template

from server.display.tables import Line
from server.views import figures, theme
from server.views.axes import Chart

WIDTH, HEIGHT, EDGE = 1100, 680, 34
COLORS = 7
ROUNDS = 20
DENSE = 5  # connections of a node, from which on they pull less
LETTER, LETTERS_HIGH = 5.6, 13  # pixels of a label
Point = tuple[float, float]


@dataclass(frozen=True)
class NetworkNode:
    """A node: its name, where it leads, its place, how many neighbors it has, its color, and whether its name shows."""

    number: int
    name: str
    href: str
    at: Point
    degree: int
    color: int
    named: bool

    @property
    def radius(self) -> float:
        """Its size: the area grows with the neighbors."""
        return round(2.6 + 1.1 * sqrt(self.degree), 1)


@dataclass(frozen=True)
class Network:
    """Nodes, and which of them belong together how much."""

    nodes: tuple[NetworkNode, ...]
    edges: tuple[tuple[int, int, float], ...]
    width: int = WIDTH
    height: int = HEIGHT

    @cached_property
    def ranking(self) -> list[NetworkNode]:
        """The nodes with the most neighbors first."""
        return sorted(self.nodes, key=lambda node: (-node.degree, node.name))

    def svg(self) -> str:
        """Return the network as a file."""
        return render_template("views/_network.html", network=self, colors=theme.LIGHT, font=theme.FONT)


def network(chart: Chart, lines: Sequence[Line]) -> Network:
    """Return the network of lines that connect two things each."""
    names: dict[str, tuple[str, int]] = {}
    edges: list[tuple[int, int, float]] = []
    for line in lines:
        ends = [line.cells[chart.column(each)] for each in ("source", "target")]
        if all(ends):
            first, second = (names.setdefault(end[0].href or end[0].words, (end[0].words, len(names))) for end in ends)
            weight = line.cells.get(chart.column("width"), ())
            edges.append((first[1], second[1], float(weight[0].term.value) if weight else 1.0))
    placed = _places(len(names), edges)
    degrees = Counter(end for edge in edges for end in edge[:2])
    colors = _groups(len(names), edges)
    shown = _labels([(number, name) for name, number in names.values()], placed, degrees)
    nodes = tuple(
        NetworkNode(number, name, href, placed[number], degrees[number], colors[number], number in shown)
        for href, (name, number) in names.items()
    )
    return Network(nodes, tuple(edges))


def _groups(size: int, edges: Sequence[tuple[int, int, float]]) -> list[int]:
    """Return the number of the group of each node, the largest group first."""
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for first, second, weight in edges:
        near[first][second] = near[second][first] = weight
    label = list(range(size))
    for _ in range(ROUNDS):
        for node in range(size):
            votes: Counter[int] = Counter()
            for other, weight in near[node].items():
                votes[label[other]] += weight  # type: ignore[assignment]
            if votes:
                label[node] = max(sorted(votes), key=lambda each: (votes[each], each == label[node]))
    sizes = Counter(label)
    order = {each: place for place, each in enumerate(sorted(sizes, key=lambda each: (-sizes[each], each)))}
    return [order[each] % COLORS + 1 for each in label]


def _labels(names: Sequence[tuple[int, str]], at: Sequence[Point], degrees: Mapping[int, int]) -> set[int]:
    """Return the nodes whose names have room, the best connected first."""
    boxes: list[tuple[float, float, float, float]] = []
    shown = set()
    for number, name in sorted(names, key=lambda each: (-degrees[each[0]], each[0])):
        (x, y), half = at[number], len(name) * LETTER / 2
        box = (x - half, y - LETTERS_HIGH - 6, x + half, y - 4)
        if box[0] > 0 and box[2] < WIDTH and not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            shown.add(number)
    return shown


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _places(size: int, edges: Sequence[tuple[int, int, float]]) -> list[Point]:
    found = figures.scenegraph(_forces(size, edges))
    points = [(float(each.get("x", 0)), float(each.get("y", 0))) for each in _items(found)]
    across, down = ([point[axis] for point in points] for axis in (0, 1))
    return [(_scaled(x, across, WIDTH), _scaled(y, down, HEIGHT)) for x, y in points]


def _scaled(place: float, all_places: Sequence[float], length: int) -> float:
    low, high = min(all_places), max(all_places)
    share = (place - low) / (high - low) if high > low else 0.5
    return round(EDGE + share * (length - 2 * EDGE), 1)


def _forces(size: int, edges: Sequence[tuple[int, int, float]]) -> dict[str, Any]:
    """Return the Vega specification that places the nodes (https://vega.github.io/vega/docs/transforms/force/)."""
    forces = [
        {"force": "x", "x": "datum.cx", "strength": 0.09},
        {"force": "y", "y": "datum.cy", "strength": 0.16},
        {"force": "nbody", "strength": -60, "distanceMax": 220},
        {"force": "collide", "radius": 12},
        {"force": "link", "links": "edges", "distance": 30, "strength": 0.05 if len(edges) > DENSE * size else 0.3},
    ]
    force = {"type": "force", "static": True, "iterations": 300, "forces": forces}
    links = [{"source": first, "target": second} for first, second, _ in edges]
    nodes = [{"i": number, "cx": 300, "cy": 200} for number in range(size)]
    return {
        "width": 600,
        "height": 400,
        "data": [{"name": "edges", "values": links}, {"name": "nodes", "values": nodes}],
        "marks": [{"type": "symbol", "name": "placed", "from": {"data": "nodes"}, "transform": [force]}],
    }


def _items(scene: Any) -> list[dict[str, Any]]:
    todo = [scene]
    while todo:
        each = todo.pop()
        if isinstance(each, dict) and each.get("name") == "placed" and each.get("marktype") == "symbol":
            items: list[dict[str, Any]] = each["items"]
            return items
        todo += list(each.values()) if isinstance(each, dict) else each if isinstance(each, list) else []
    return []
