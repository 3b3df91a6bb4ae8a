"""What readers come for is a few clicks from the home page: each link of a walk is on the page before it."""

import re
from html import unescape
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

WALKS = {
    "how many people took part, and why two numbers": (
        ["/", "/page/stat/neurips-2024/registrations/neurips-2024-fact-sheet"],
        ["19,756", "16,500", "Decided by a curator"],
    ),
    "whether the acceptance rate fell": (
        ["/", "/page/edition/neurips-2024", "/page/derived/neurips-2024/ratio/acceptance-rate"],
        ["25.71", "26.56", "−0.85"],  # noqa: RUF001 - the minus of a change
    ),
    "the award papers of a year as BibTeX": (
        ["/", "/views", "/view/award-papers", "/view/award-papers?edition=2024", "/view/award-papers.bib?edition=2024"],
        ["@inproceedings{kirk-etal-2024-prism,"],
    ),
    "the award papers of a year as a table": (
        ["/", "/views", "/view/award-papers", "/view/award-papers?edition=2024", "/view/award-papers.csv?edition=2024"],
        ["PRISM"],
    ),
    "who chaired an edition": (["/", "/page/edition/neurips-2023"], ["general chair"]),
    "a chart for an article": (
        ["/", "/view/attendance-by-year", "/view/attendance-by-year.svg"],
        ["Attendance by year", "Source", "Apache 2.0"],
    ),
    "how to write SPARQL": (["/", "/sparql"], ["SELECT"]),
    "reporting a mistake": (
        ["/", "/page/edition/neurips-2024", "/contact?about=/page/edition/neurips-2024"],
        ["/page/edition/neurips-2024"],
    ),
    "whether there is an API": (["/", "/use"], ["curl", "urlopen", "/openapi.json"]),
    "subscribing to news": (["/", "/page/series/neurips", "/data/series/neurips.atom"], ["<feed"]),
    "what changed since the last version": (["/", "/changes"], ["Version 1"]),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_ends_where_the_reader_wanted_to_go(client: FlaskClient, name: str) -> None:
    path, words = WALKS[name]
    for here, following in pairwise(path):
        links = set(
            map(unescape, re.findall(r'href="([^"]+)"', client.get(here, headers={"Accept": "text/html"}).text))
        )
        assert following in links, f"{here} does not lead to {following}"
    text = unescape(client.get(path[-1], headers={"Accept": "text/html"}).text)
    assert [word for word in words if word not in text] == []
