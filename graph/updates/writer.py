"""Writes to the graph, each of which makes a version: SPARQL updates, and graphs put, posted, deleted or patched."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyoxigraph import Quad

from graph.curated.documents import take_texts_along
from graph.errors import QuerySyntaxError, UnknownGraphError
from graph.store.writable import WritableStore, name
from graph.system.locks import hold
from graph.system.room import unwritable
from graph.updates.affected_quads import check_one_graph, touched
from graph.versions.home import Home, Version

Reaching = Callable[[str], AbstractContextManager[str]]
FEW = 10_000  # quads that are counted again with each version, in some milliseconds


@dataclass(frozen=True)
class Payload:
    """A serialization of a graph: the suffix of its format, and its bytes."""

    suffix: str
    data: bytes


@dataclass(frozen=True)
class Change:
    """One write: an update by its text, or what is done with a graph; `graph` None is the default graph.

    `seconds` is the time that it may take, if the client gave it less than the server does; 0 if not.
    """

    kind: str
    base: str
    text: str = ""
    graph: str | None = None
    payloads: tuple[Payload, ...] = ()
    seconds: float = 0.0

    @property
    def made(self) -> str:
        """How the version is made, for people."""
        target = "the default graph" if self.graph is None else f"<{self.graph}>"
        return "update" if self.kind == "update" else f"{self.kind} of {target}"

    def touched(self, store: WritableStore) -> list[Quad] | None:
        """Return the quads that applying this to a store adds or removes, or more; None where that is not known."""
        if self.kind == "update":
            return touched(self.text, self.base, store)
        if self.kind == "PATCH" or (self.graph is None and self.kind != "POST"):
            return None
        fresh = WritableStore.memory(())
        for payload in self.payloads:
            fresh.load(payload.data, payload.suffix, self.base, self.graph)
        old = [] if self.kind == "POST" else store.quads(self.graph)
        return [*old, *fresh.reading().quads()]

    def apply(self, store: WritableStore, reaching: Reaching = nullcontext) -> bool:
        """Change a store; return whether that made a graph.

        `reaching` gives the text to evaluate for one that asks other hosts.

        Raises:
            QueryError: the update cannot be applied.
            PayloadError: a serialization is not well formed.
            UnknownGraphError: there is no such graph to delete or patch.
        """
        known = store.has_graph(self.graph)
        if self.kind == "update":
            with reaching(self.text) as text:
                store.update(text, self.base)
        elif self.kind in ("PUT", "POST"):
            self._load(store)
        elif not known:
            raise UnknownGraphError(f"There is no graph <{self.graph}>; nothing was changed.")
        elif self.kind == "PATCH":
            check_one_graph(self.text)
            with reaching(self.text) as text:
                self._patch(store, text)
        else:
            store.remove_graph(self.graph)
        return not known

    def _load(self, store: WritableStore) -> None:
        if self.kind == "PUT":
            store.remove_graph(self.graph)
        store.add_graph(self.graph)
        for payload in self.payloads:
            store.load(payload.data, payload.suffix, self.base, self.graph)

    def _patch(self, store: WritableStore, text: str) -> None:
        if self.graph is None:
            store.update(text, self.base)
            return
        old = set(store.quads(self.graph))
        alone = WritableStore.memory(moved(each, None) for each in old)
        alone.update(text, self.base)
        new = {moved(each, self.graph) for each in alone.quads(None)}
        store.replace(old - new, new - old)


@dataclass(frozen=True)
class UpdateOutcome:
    """The result of a write: the number of the version, and whether a graph was created."""

    number: int
    created: bool


@dataclass
class WorkingStore:
    """The store that the next version is made from, in a folder of its own, and the version that it equals."""

    version: Version
    store: WritableStore
    folder: Path


@dataclass(frozen=True)
class Write:
    """A change that was applied, before it is published: the version before, the store, and the folder to be published.

    `touched` are the quads that were added or removed, or more; None where that is not known.
    """

    before: Version
    store: WritableStore
    folder: Path
    touched: list[Quad] | None


@dataclass
class Writer:
    """Makes versions by writes, one after the other, also with other processes.

    `wait` is how many seconds to wait for others. A write is applied within `limited`, where `reaching` gives the text
    of an update that asks no other host by itself, and `validate` refuses invalid graphs; without
    it, affected quads are not computed.
    """

    home: Home
    validate: Callable[[Write], None] | None = None
    wait: float = 0.0
    limited: Callable[[float], AbstractContextManager[object]] = nullcontext
    reaching: Reaching = nullcontext
    head: WorkingStore | None = field(default=None, init=False)

    def write(self, change: Change) -> UpdateOutcome:
        """Apply a change to the current version, validate it, and publish the next one.

        Raises:
            QueryError: the update cannot be applied.
            PayloadError: a serialization is not well formed.
            UnknownGraphError: there is no such graph.
            ShapeError: the graph would break a shape.
            HomeError: the home cannot be written, or others write for longer than `wait`.
        """
        try:
            return self._write(change)
        except QuerySyntaxError:
            raise
        except OSError as error:
            self.close()
            raise unwritable(self.home.folder, error) from error
        except BaseException:
            self.close()
            raise

    def _write(self, change: Change) -> UpdateOutcome:
        with replace(self.home, wait=self.wait).publishing("", change.made) as draft:
            head = self._current()
            draft.base = head.version.base
            with self.limited(change.seconds):
                quads = change.touched(head.store) if self.validate else None
                created = change.apply(head.store, self.reaching)
                if self.validate:
                    self.validate(Write(head.version, head.store, draft.folder, quads))
                draft.counts = counts(head)
            head.store.publish(draft.store)
            draft.keep_sources(head.version)
            take_texts_along(head.version.folder, draft.folder)
        head.version = self.home.version(draft.number)
        return UpdateOutcome(draft.number, created)

    def _current(self) -> WorkingStore:
        """Return the head, which equals the current version."""
        version = self.home.needed()
        if self.head is None or self.head.version.number != version.number:
            self.close()
            folder = Path(tempfile.mkdtemp(prefix=".head-", dir=self.home.versions))
            hold(folder)  # until the process ends
            self.head = WorkingStore(version, WritableStore.copy(version.store, folder / "store"), folder)
        return self.head

    def close(self) -> None:
        """Discard the working store."""
        if self.head:
            shutil.rmtree(self.head.folder, ignore_errors=True)
            self.head = None


def moved(quad: Quad, graph: str | None) -> Quad:
    """Return a quad with its triple in another graph."""
    return Quad(quad.subject, quad.predicate, quad.object, name(graph))


def counts(head: WorkingStore) -> dict[str, int]:
    """Return how many quads there are: by counting where they are few, else those of the version last `counted`."""
    before = head.version.counts
    if before.get("quads", 0) <= FEW or head.store.is_empty():
        return {"quads": head.store.count()}
    return {"quads": before["quads"], "counted": before.get("counted", head.version.number)}
