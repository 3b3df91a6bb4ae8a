"""Every setting: one field, its default and its effect; set by an environment variable CONVOCATION_<NAME>."""

import os
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from graph.errors import SettingError

PREFIX = "CONVOCATION_"


def setting(default: str | int, effect: str) -> str:
    """Declare a setting with its default and its effect."""
    value: str = field(default=default, metadata={"effect": effect})  # type: ignore[assignment]
    return value


@dataclass(frozen=True)
class Settings:
    """What an operator can change."""

    base: str = setting("", "where the IRIs of things begin; the address served, or http://127.0.0.1:5000/")
    home: str = setting("~/.local/share/convocation", "the folder that keeps the versions of the graph")
    host: str = setting("127.0.0.1", "the address to listen on")
    port: str = setting("5000", "the port to listen on")
    workers: str = setting("2", "how many processes answer requests")
    threads: str = setting("8", "how many requests one process answers at once")
    page_size: str = setting("50", "how many rows a page lists before it goes on to the next")

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings of the environment.

        Raises:
            SettingError: a variable begins with CONVOCATION_ and is not a setting, or has an unusable value.
        """
        known = {PREFIX + each.name.upper(): each.name for each in fields(cls)}
        given = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
        if unknown := sorted(given.keys() - known.keys()):
            raise SettingError(f"There is no setting {unknown[0]}; there are {', '.join(sorted(known))}.")
        return cls(**{known[name]: value for name, value in given.items() if value}).checked()

    def changed(self, **given: str | None) -> Self:
        """Return the settings with the given ones in place of the old."""
        return replace(self, **{name: value for name, value in given.items() if value is not None}).checked()

    def checked(self) -> Self:
        """Return the settings themselves, if every value can be used."""
        for name in ("port", "workers", "threads", "page_size"):
            value = getattr(self, name)
            if not (value.isascii() and value.isdigit() and int(value) >= (name != "port")):
                raise SettingError(f"{PREFIX}{name.upper()} must be a whole number above 0, not {value!r}.")
        if self.base:
            parts = urlsplit(self.base)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
                cure = "write an address such as https://kg.example.org/"
                raise SettingError(f"{PREFIX}BASE is {self.base!r}, which no IRI can begin with: {cure}.")
        return self

    @property
    def folder(self) -> Path:
        """The home folder."""
        return Path(self.home).expanduser()

    @property
    def address(self) -> str:
        """The address that is served."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    @property
    def namespace(self) -> str:
        """The base of the IRIs, which ends in a slash."""
        return (self.base or self.address).rstrip("/") + "/"
