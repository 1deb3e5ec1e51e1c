"""The page on how well topics are named: sums alone, small ones not said, advice where it gets worse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.reading.topic_model import dump, read
from huiyin.registry import proposing
from huiyin.registry.models import TopicOutcome
from tests.registry.test_deciding import little_model

Desk = Callable[..., Client]
PAGE = "/desk/topics/"


@pytest.fixture
def version(settings: Any) -> Iterator[str]:
    path = Path(settings.DATA_DIR) / proposing.MODEL
    path.write_bytes(dump(little_model()))
    yield read(path).version
    path.unlink()


def outcomes(version: str, *rows: tuple[str, str, int]) -> None:
    month = date.today().replace(day=1)
    for said, decided, many in rows:
        TopicOutcome.objects.create(
            month=month, model=version, said=said, decided=decided, unsure=False, petitions=many
        )


def test_it_tells_the_model_the_months_and_each_topic(desk: Desk, version: str) -> None:
    outcomes(version, ("城乡建设", "城乡建设", 40), ("城乡建设", "交通运输", 20), ("交通运输", "", 7))
    page = desk("sven").get(PAGE)
    words = page.content.decode()
    assert version in words
    assert '<svg class="plot' in words or "plot-time" in words
    assert "67%" in words
    assert "Left out: 7 petitions" in words
    assert "train it anew" in words


def test_without_a_model_it_says_how_to_have_one(desk: Desk) -> None:
    words = desk("ada").get(PAGE).content.decode()
    assert "There is none" in words
    assert "huiyin learn --to" in words
    assert "huiyin learn" not in (page := desk("sven").get(PAGE).content.decode())  # has no server
    assert "ask your system administrator" in page


def test_it_is_for_supervisors_and_administrators(desk: Desk) -> None:
    assert desk("ada").get(PAGE).status_code == 200
    assert desk("otto").get(PAGE).status_code == 404


def test_it_costs_the_same_however_much_there_is(desk: Desk, version: str) -> None:
    client = desk("sven")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as little:
        client.get(PAGE)
    outcomes(version, *((f"题{n}", f"题{n}", 30) for n in range(40)))
    with CaptureQueriesContext(connection) as much:
        client.get(PAGE)
    assert len(much) == len(little)
