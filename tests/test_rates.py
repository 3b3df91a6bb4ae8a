"""A client that sends too many requests learns when to come again; the others are not held up."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from graph.errors import SettingError
from graph.settings import Settings
from server.application import create_app
from server.http.rates import client as counted_by


def limited(settings: Settings, **given: object) -> FlaskClient:
    return create_app(replace(settings, **{"rate": "2/minute", **given})).test_client()  # type: ignore[arg-type]


def codes(client: FlaskClient, address: str, count: int = 3, **headers: str) -> list[int]:
    return [
        client.get("/ontology.ttl", environ_base={"REMOTE_ADDR": address}, headers=headers).status_code
        for _ in range(count)
    ]


def test_beyond_the_rate_a_client_is_reported_when_to_come_again(settings: Settings) -> None:
    client = limited(settings)
    assert codes(client, "192.0.2.1") == [200, 200, 429]
    response = client.get("/ontology.ttl", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert ((response.json or {})["limit"], (response.json or {})["value"]) == ("CONVOCATION_RATE", "2/minute")


def test_another_client_is_not_held_up(settings: Settings) -> None:
    client = limited(settings)
    assert codes(client, "192.0.2.1")[-1] == 429
    assert codes(client, "192.0.2.2", 2) == [200, 200]


def test_health_and_metrics_are_free(settings: Settings) -> None:
    client = limited(settings)
    assert {client.get("/health/live").status_code for _ in range(5)} == {200}
    assert {client.get("/metrics").status_code for _ in range(5)} == {200}


def test_without_a_rate_nobody_is_held_up(settings: Settings) -> None:
    assert set(codes(limited(settings, rate=""), "192.0.2.1", 20)) == {200}


def test_behind_a_trusted_proxy_the_client_is_whom_it_names(settings: Settings) -> None:
    client = limited(settings, proxies=1)
    for who in ("198.51.100.1", "198.51.100.2", "198.51.100.3"):
        assert codes(client, "192.0.2.1", 1, **{"X-Forwarded-For": who}) == [200]


def test_without_a_trusted_proxy_a_client_cannot_name_another(settings: Settings) -> None:
    client = limited(settings)
    named = [codes(client, "192.0.2.1", 1, **{"X-Forwarded-For": f"198.51.100.{i}"})[0] for i in range(3)]
    assert named == [200, 200, 429]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8::1:2", "2001:db8::/64"), ("", ""), ("unknown", "unknown")],
)
def test_a_client_is_counted_by_what_it_has_for_itself(address: str, expected: str) -> None:
    assert counted_by(address) == expected


@pytest.mark.parametrize("rate", ["many", "0/minute", "5/fortnight", "600", "1/minute;drop"])
def test_a_rate_that_is_invalid_is_refused(rate: str) -> None:
    with pytest.raises(SettingError, match="CONVOCATION_RATE must be such as 600/minute"):
        Settings().changed(rate=rate)
