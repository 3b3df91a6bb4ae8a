"""The public sources that can be fetched: one table, which is a file of data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.errors import SourceError
from graph.files import CATALOGUE

PART, OFFSET = "{part}", "{offset}"


class FileEntry(BaseModel):
    """A file of a source: its address, or the end of its name in a list of files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    name: str = ""
    listed: str = Field(default="", alias="from")
    unpack: tuple[str, ...] = ()
    paged: int = 0

    def page(self, number: int) -> Self:
        """Return one page of a list that comes in several, counted from 0."""
        offset = str(number * self.paged)
        words = {"address": self.address.replace(OFFSET, offset), "name": self.called.replace(OFFSET, offset)}
        return self.model_copy(update=words)

    def of(self, part: str) -> Self:
        """Return the file of one part."""
        words = {"address": self.address.replace(PART, part), "name": self.called.replace(PART, part.replace("/", "-"))}
        return self.model_copy(update=words)

    @property
    def called(self) -> str:
        """How the file is called here."""
        return self.name or self.address.partition("?")[0].rpartition("/")[2]


class DownloadSource(BaseModel):
    """A public source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    license: str
    imports: str
    pause: float = Field(ge=0)
    files: tuple[FileEntry, ...] = Field(min_length=1)

    @property
    def in_parts(self) -> bool:
        """Whether it is fetched part by part."""
        return any(PART in each.address for each in self.files)

    def wanted(self, parts: tuple[str, ...]) -> Iterator[FileEntry]:
        """Yield the files to fetch; raise SourceError if parts are missing, not supported, or invalid in an address."""
        if self.in_parts != bool(parts):
            hint = "say which: convocation fetch <name> <part>..." if self.in_parts else "leave the parts away"
            has = "is fetched in parts" if self.in_parts else "has no parts"
            raise SourceError(f"{self.title} {has}; {hint}.")
        for part in parts or ("",):
            if not all(each.isalnum() or each in "-_./" for each in part) or ".." in part:
                raise SourceError(f"{part!r} is no part of {self.title}; write letters, digits and slashes.")
            yield from (each.of(part) for each in self.files)


def catalogue(path: Path = CATALOGUE) -> dict[str, DownloadSource]:
    """Return the sources of a table by name; raise SourceError if the table cannot be read."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {str(name): DownloadSource.model_validate(facts) for name, facts in dict(found).items()}
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}; give the path of a table of sources.") from error
    except (yaml.YAMLError, ValidationError, UnicodeError, ValueError, TypeError) as error:
        words = " ".join(str(error).split())
        raise SourceError(f"{path} is no table of sources: {words}; write it as {CATALOGUE.name} is.") from error


def source_of(name: str, sources: dict[str, DownloadSource]) -> DownloadSource:
    """Return a source by name; raise SourceError if there is none of that name."""
    if name not in sources:
        raise SourceError(f"There is no source {name!r}; there are {', '.join(sorted(sources))}.")
    return sources[name]
