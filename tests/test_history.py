"""The past of a thing says what each version changed in its facts; what is not there is reported."""

from html import unescape
from pathlib import Path

from conftest import BASE
from flask.testing import FlaskClient

from graph.settings import Settings
from graph.versions.home import Home
from server.application import create_app

NUMBER = "stat/neurips-2024/registrations/neurips-2024-fact-sheet"


def shown(client: FlaskClient, path: str) -> str:
    return unescape(client.get(path, headers={"Accept": "text/html"}).text)


def test_the_page_of_a_number_leads_to_its_past(client: FlaskClient) -> None:
    assert f'href="/history/{NUMBER}"' in shown(client, f"/page/{NUMBER}")
    assert "There is no earlier version to compare it with" in shown(client, f"/history/{NUMBER}")


def test_what_an_import_says_of_an_edition_is_in_its_past(listed: Home) -> None:
    with create_app(Settings(home=str(listed.folder), base=BASE, access_log="no")).test_client() as client:
        text = shown(client, "/history/edition/cogs-2030")
        assert "; the first version with it" in text
        assert "number of records" in text
        assert "Its facts are the same in all of them" in shown(client, f"/history/{NUMBER}")


def test_what_is_not_there_has_no_past(client: FlaskClient, tmp_path: Path) -> None:
    assert client.get("/history/edition/nothing-1999").status_code == 404
    assert client.get(f"/history/{tmp_path.name}%00").status_code == 404
