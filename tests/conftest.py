"""The bundled graph, built once for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.build import Inputs, build
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.versions import Home
from server import create_app

BASE = "http://127.0.0.1:5000/"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one version of the bundled graph."""
    home = Home(tmp_path_factory.mktemp("home"))
    build(home, BASE, Inputs.bundled())
    return home


@pytest.fixture(scope="session")
def settings(home: Home) -> Settings:
    """Settings that serve that home."""
    return Settings(home=str(home.folder), base=BASE)


@pytest.fixture(scope="session")
def store(home: Home) -> EmbeddedStore:
    """The store of that version."""
    return EmbeddedStore.open(home.needed().store)


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    """A client of the application that serves that home."""
    with create_app(settings).test_client() as client:
        yield client


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home without a version, which the commands use."""
    monkeypatch.setenv("CONVOCATION_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")
