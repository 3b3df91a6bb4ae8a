"""Versions of the graph in one home folder; a version is published by one atomic rename, or not at all.

<home>/current              the number of the version that is served
<home>/versions/<n>/        a published version, never written again: store/ and version.json
<home>/versions/<n>/documents/  the texts that were given to its build, which only the pages of their sources show
<home>/versions/.building/  a version in the making; what a crash leaves there, the next build clears
<home>/sources              leads to versions/<n>/sources, the ledgers of what was imported into the current version
<home>/versions/.head-<n>/  the store that a writer works on, from which it makes versions
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from graph.errors import HomeError, VersionError
from graph.files import link
from graph.system.locks import unused, wait_for
from graph.system.room import unwritable
from graph.versions.checksums import write_sums

KEEP = 5
BUILD = "build"
WHOLE = (BUILD, "import", "restore", "rebase")  # how versions are made that no write makes
SOURCES = "sources"


@dataclass(frozen=True)
class Version:
    """A published version: its number, the base of its IRIs, when and how it was made, and its counts.

    `counts` are those of the version named by its `counted`, where it has one: after an update of a large graph nobody
    counts it again.
    """

    number: int
    base: str
    built: str
    folder: Path
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    made: str = BUILD

    @property
    def is_built(self) -> bool:
        """Whether it was made of files or of a whole graph, and not by a write."""
        return self.made.partition(" ")[0] in WHOLE

    @property
    def store(self) -> Path:
        """The folder of its store."""
        return self.folder / "store"

    @property
    def ledgers(self) -> Path:
        """The folder that keeps what its sources say, where files of sources were imported."""
        return self.folder / SOURCES

    @property
    def files(self) -> dict[int, int]:
        """The bytes of each of its files, by the number of the file, which versions share that were made by writes."""
        found = (path.stat() for path in self.folder.rglob("*") if path.is_file())
        return {each.st_ino: each.st_size for each in found}


@dataclass(frozen=True)
class Home:
    """The folder that keeps the versions.

    `wait` is how many seconds to wait for a running build, import or update; `on_wait` is called if there is one.
    """

    folder: Path
    wait: float = field(default=0.0, compare=False)
    on_wait: Callable[[str], None] = field(default=lambda _: None, compare=False)

    def __str__(self) -> str:
        return str(self.folder)

    @property
    def versions(self) -> Path:
        """The folder of the versions."""
        return self.folder / "versions"

    @property
    def pointer(self) -> Path:
        """The file that holds the number of the current version."""
        return self.folder / "current"

    def numbers(self) -> list[int]:
        """Return the numbers of the published versions, in order."""
        found = self.versions.iterdir() if self.versions.is_dir() else iter(())
        return sorted(int(each.name) for each in found if each.name.isdecimal())

    def current_number(self) -> int | None:
        """Return the number of the current version, if any was published."""
        try:
            return int(self.pointer.read_text())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            hint = "write the number of a folder in versions/ into it, or remove it and build again"
            raise HomeError(f"{self.pointer} does not hold the number of a version ({error}); {hint}.") from error

    def current(self) -> Version | None:
        """Return the current version, if any was published."""
        number = self.current_number()
        return None if number is None else self.version(number)

    def needed(self) -> Version:
        """Return the current version; raise VersionError if no version was published yet."""
        version = self.current()
        if version is None:
            raise VersionError(f"There is no graph in {self.folder} yet; run: convocation build")
        return version

    def version(self, number: int) -> Version:
        """Return a version by number; raise VersionError if it was not published, or is gone."""
        folder = self.versions / str(number)
        try:
            facts = json.loads((folder / "version.json").read_text())
            return Version(folder=folder, **facts)
        except (OSError, ValueError, TypeError) as error:
            known = ", ".join(map(str, self.numbers())) or "none"
            raise VersionError(f"There is no whole version {number} in {self.folder}; there are {known}.") from error

    @contextmanager
    def publishing(self, base: str, made: str = BUILD) -> Iterator["Draft"]:
        """Give a draft to write; when the block ends well and it was finished, publish it; else leave all as it was.

        Raises:
            HomeError: the home cannot be written, or another build is under way.
        """
        with self.locked():
            folder = self.versions / ".building"
            self._clear(folder)
            folder.mkdir(parents=True)
            draft = Draft(max(self.numbers(), default=0) + 1, base, folder, made=made)
            try:
                yield draft
                if not draft.void:
                    self._publish(draft)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def _publish(self, draft: "Draft") -> None:
        facts = {name: fact for name, fact in asdict(draft.version()).items() if name != "folder"}
        (draft.folder / "version.json").write_text(json.dumps(facts, indent=1) + "\n")
        write_sums(draft.folder, [self.versions / str(number) for number in self.numbers()])
        draft.folder.rename(self.versions / str(draft.number))
        self.point(draft.number)
        self._prune()

    def roll_back(self, number: int) -> Version:
        """Make a version the current one again; return it.

        Raises:
            VersionError: there is no such version.
            HomeError: the home cannot be written, or a build is under way.
        """
        with self.locked():
            version = self.version(number)
            try:
                self.point(number)
            except OSError as error:
                raise unwritable(self.folder, error) from error
        return version

    def prune(self, keep: int) -> tuple[list[int], list[int]]:
        """Remove all versions but the last ones and the current one; return those removed, and those left as read.

        The last one always stays, so that no number comes again.

        Raises:
            HomeError: the home cannot be written, or a build is under way.
        """
        with self.locked():
            current = self.current_number()
            old = [number for number in self.numbers()[: -max(keep, 1)] if number != current]
            removed = [number for number in old if self._remove(number)]
            self._clear()
        return removed, sorted(set(old) - set(removed))

    def _clear(self, *folders: Path) -> None:
        """Remove folders, and what processes left that ended in the middle of their work."""
        for folder in (*folders, *self.versions.glob(".pruned-*"), *self.versions.glob(".head-*")):
            with unused(folder) as free:
                if free:
                    shutil.rmtree(folder, ignore_errors=True)

    def _prune(self) -> None:
        """Remove old versions that are not in use; the last ones stay, and the last one that was built."""
        old = self.numbers()[:-KEEP]
        built = [number for number in self.numbers() if self._is_build(number)]
        for number in old:
            if number != max(built, default=0):
                self._remove(number)

    def _remove(self, number: int) -> bool:
        """Remove a version unless it is read; return whether it is gone."""
        folder, gone = self.versions / str(number), self.versions / f".pruned-{number}"
        with unused(folder / "store") as free:
            if free:
                folder.rename(gone)
                shutil.rmtree(gone, ignore_errors=True)
        return free

    def _is_build(self, number: int) -> bool:
        try:
            return self.version(number).is_built
        except VersionError:
            return False

    def point(self, number: int) -> None:
        """Make a version the current one."""
        new = self.pointer.with_name(".current")
        with new.open("w") as file:
            file.write(f"{number}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.pointer)
        self._show_sources(number)

    def _show_sources(self, number: int) -> None:
        """Have `<home>/sources` lead to the ledgers of a version, for people."""
        new = self.folder / ".sources"
        new.unlink(missing_ok=True)
        if (self.versions / str(number) / SOURCES).is_dir():
            new.symlink_to(Path("versions") / str(number) / SOURCES)
            new.replace(self.folder / SOURCES)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other builds and writers away, after waiting for them.

        Raises:
            HomeError: the home cannot be written, or another build is under way.
        """
        try:
            self.versions.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("w")
        except OSError as error:
            raise unwritable(self.folder, error) from error
        with lock:
            words = f"Another build or write is under way in {self.folder}: waiting {self.wait:g} s for its end."
            if not wait_for(lock, self.wait, lambda: self.on_wait(words)):
                hint = "wait for it, or set CONVOCATION_HOME to another folder"
                raise HomeError(f"Another build is under way in {self.folder}; {hint}.")
            yield


@dataclass
class Draft:
    """A version in the making; one that turned out to be `void` is not published."""

    number: int
    base: str
    folder: Path
    counts: dict[str, int] = field(default_factory=dict)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    made: str = BUILD
    void: bool = False

    @property
    def store(self) -> Path:
        """The folder of its store."""
        return self.folder / "store"

    @property
    def ledgers(self) -> Path:
        """The folder that keeps what its sources say, where files of sources were imported."""
        return self.folder / SOURCES

    def keep_sources(self, version: Version) -> None:
        """Have the files of what was imported into another version, by hard links."""
        link(version.ledgers, self.ledgers)

    def version(self) -> Version:
        """Return what is known of the version at this moment."""
        now = datetime.now(UTC)
        seconds = round((now - self.started).total_seconds(), 2)
        built = now.isoformat(timespec="seconds")
        return Version(self.number, self.base, built, self.folder, self.counts, seconds, self.made)
