"""`huiyin index`, and the clerk who does the same bit by bit."""

from __future__ import annotations

from typing import Any

from click.testing import CliRunner

from huiyin.clerk.loop import Clerk
from huiyin.doors.cli import house
from huiyin.doors.cli.index import index
from huiyin.registry import indexing
from huiyin.registry.models import Indexed
from tests.cast import NOW, lodge


def test_the_index_is_made_and_made_anew(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(house, "open_house", lambda: None)
    monkeypatch.setattr(indexing.catch_up, "__defaults__", (None, 2))
    for _ in range(5):
        lodge()
    Indexed.objects.all().delete()
    done = CliRunner().invoke(index, [])
    assert (done.exit_code, "5" in done.output) == (0, True), done.output
    assert Indexed.objects.count() == 5
    again = CliRunner().invoke(index, [])
    assert "0" in again.output
    assert "5" in CliRunner().invoke(index, ["--anew"]).output
    assert Indexed.objects.count() == 5


def test_the_clerk_catches_up_and_then_looks_once_a_day(cast: Any, django_assert_num_queries: Any) -> None:
    lodge()
    Indexed.objects.all().delete()
    clerk = Clerk()
    assert clerk._index(NOW)["indexed"] == 1
    assert not clerk._index(NOW)
    with django_assert_num_queries(0):
        assert not clerk._index(NOW)
