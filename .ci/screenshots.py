"""Writes the two pictures of the README: the home page and the page of NeurIPS 2024, as the bundled graph shows them.

`make screenshots` calls it, with the extra `browser` and the Chromium of the machine. Look at the pictures afterwards.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
PAGES = {"home": "", "neurips-2024": "page/edition/neurips-2024"}
WIDTH, HEIGHT = 1200, 760
LARGEST = 200_000  # bytes of a picture, so that a clone stays small


@contextmanager
def served() -> Iterator[str]:
    """Yield the address of a server of the bundled graph."""
    with TemporaryDirectory() as home:
        command = [sys.executable, "-P", "-m", "server", "serve", "--port", "0", "--home", home]
        environment = os.environ | {"CONVOCATION_ACCESS_LOG": "no"}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
            assert server.stdout is not None  # noqa: S101 - it is a pipe
            found = re.search(r"http://\S+/", server.stdout.readline())
            assert found is not None, "the server did not start; its message is above"  # noqa: S101
            yield found[0]
            server.terminate()


def draw(address: str) -> None:
    """Write the picture of each page."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        for name, path in PAGES.items():
            page.goto(address + path, wait_until="networkidle")
            file = FOLDER / f"{name}.png"
            page.screenshot(path=file, animations="disabled")
            print(f"{file.name}: {file.stat().st_size:,} bytes")  # noqa: T201 - a command
            assert file.stat().st_size < LARGEST, "the picture is too large; take less of the page"  # noqa: S101


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served() as where:
        draw(where)
