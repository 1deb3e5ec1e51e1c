"""The public page of the assessment: the formula, and points that anybody reckons from the public log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.core import assessment, cohorts, measures, rulebook
from tests.public.test_pages import page
from tests.verifying.made_log import honest


@pytest.fixture
def published(settings: Any, tmp_path: Path) -> Path:
    folder = honest().write(tmp_path / "log")
    settings.LOG_DIR = folder
    return folder


def test_before_anything_is_counted_it_tells_the_formula(bodies: Any, settings: Any, tmp_path: Path) -> None:
    settings.LOG_DIR = tmp_path / "nothing"
    html = page("/figures/assessment/", "en")
    assert "Nothing is counted in the public log by body yet" in html
    assert "What was promised is done" in html
    assert "costs up to 200" in html
    assert "答应的做到了" in page("/figures/assessment/")


def test_the_points_are_those_that_the_published_file_comes_to(bodies: Any, published: Path) -> None:
    html = page("/figures/assessment/", "en")
    told = json.loads((published / "figures.json").read_text())
    figures = cohorts.Figures.from_json(told["cohorts"])
    under = rulebook.by_id("cn-2022").assessment
    assert under is not None
    year = max(row["period"][:4] for row in told["cohorts"])
    made = measures.from_figures(figures, year=year, bodies="body zj")
    came = assessment.assess(under.public(), made)
    assert came.value is not None
    row = html.partition("County Housing Bureau")[2].partition("</tr>")[0]
    assert f">{float(came.value):.0f}" in row
    assert f"{came.low:.0f}–{came.high:.0f}" in row


def test_it_asks_the_registry_for_names_of_bodies_and_nothing_else(bodies: Any, published: Path) -> None:
    client = Client()
    client.get("/figures/assessment/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/figures/assessment/")
    assert not [each["sql"] for each in asked if "petition" in each["sql"].lower()]


def test_no_petition_and_nobody_is_on_it(bodies: Any, published: Path) -> None:
    html = page("/figures/assessment/", "en")
    assert "HY-" not in html
    assert "ranking" not in html.lower() or "no ranking" in html.lower()
