"""Settings come from the environment, and one that cannot be used is reported with its valid values."""

from dataclasses import fields
from pathlib import Path

import pytest

from graph.errors import SettingError
from graph.settings import Settings, variable

NUMBERS = [each.name for each in fields(Settings) if isinstance(each.default, int)]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine sets."""
    for each in fields(Settings):
        monkeypatch.delenv(variable(each), raising=False)


def test_without_variables_every_setting_has_its_default() -> None:
    assert Settings.from_environment() == Settings()


def test_a_variable_sets_what_it_is_named_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOCATION_PORT", "8080")
    monkeypatch.setenv("CONVOCATION_HOST", "0.0.0.0")  # noqa: S104 - only read here
    assert Settings.from_environment() == Settings(host="0.0.0.0", port=8080)  # noqa: S104


def test_an_empty_variable_leaves_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOCATION_HOME", "")
    assert Settings.from_environment().home == Settings().home


def test_an_unknown_variable_is_refused_with_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOCATION_PROT", "8080")
    with pytest.raises(
        SettingError, match=r"no setting CONVOCATION_PROT; there are .*CONVOCATION_BASE, .*CONVOCATION_PORT"
    ):
        Settings.from_environment()


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["-1", "x", "1.5", "1e3", " 5", "٣", "9" * 5000])
def test_a_number_that_is_invalid_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"CONVOCATION_{name.upper()}", value)
    with pytest.raises(
        SettingError, match=f"^CONVOCATION_{name.upper()} must be a whole number, (. or more|from 0 to 65535), not "
    ):
        Settings.from_environment()


def test_no_workers_are_too_few() -> None:
    with pytest.raises(SettingError, match="CONVOCATION_WORKERS must be a whole number, 1 or more, not '0'"):
        Settings().changed(workers="0")


@pytest.mark.parametrize(
    "base",
    [
        "kg.example.org",
        "//kg.example.org/",
        "ftp://kg.example.org/",
        "urn:kg",
        "https://",
        "https:///kg",
        "https://kg.example.org/?a=b",
        "https://kg.example.org/#a",
        "https://kg example.org/",
        "https://<kg>/",
        "http://[::1",
    ],
)
def test_a_base_that_no_iri_can_begin_with_is_refused(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv("CONVOCATION_BASE", base)
    with pytest.raises(
        SettingError, match=r"CONVOCATION_BASE is .*: write an address such as https://kg\.example\.org/"
    ):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://kg.example.org", "https://kg.example.org/"),
        ("https://kg.example.org/", "https://kg.example.org/"),
        ("https://example.org/kg//", "https://example.org/kg/"),
        ("http://[::1]:8080", "http://[::1]:8080/"),
        ("https://bücher.example/", "https://bücher.example/"),
    ],
)
def test_the_namespace_ends_in_one_slash(base: str, expected: str) -> None:
    assert Settings().changed(base=base).namespace == expected


@pytest.mark.parametrize(("host", "expected"), [("::1", "http://[::1]:80/"), ("localhost", "http://localhost:80/")])
def test_without_a_base_iris_begin_with_the_address(host: str, expected: str) -> None:
    settings = Settings().changed(host=host, port="80")
    assert (settings.address, settings.namespace) == (expected, expected)


def test_what_is_given_as_none_stays() -> None:
    assert Settings(port=8080).changed(port=None, base=None) == Settings(port=8080)


def test_the_home_may_begin_at_that_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert Settings(home="~/graph").folder == Path("/home/ada/graph")


def test_settings_pass_through_the_environment_of_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(base="https://kg.example.org/", port=8080, home="/srv/graph")
    for name, value in settings.environment.items():
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == settings


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_every_setting_says_its_effect(name: str) -> None:
    [setting] = [each for each in fields(Settings) if each.name == name]
    assert len(setting.metadata["effect"].split()) >= 4
