"""How long ahead reception days are known, and where outreach may not be held."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.core import visits

DAY = date(2026, 3, 20)


def test_a_term_ahead_is_kept_on_its_last_day_and_not_after():
    assert visits.ANNOUNCED.kept(date(2026, 3, 10), DAY)
    assert not visits.ANNOUNCED.kept(date(2026, 3, 11), DAY)


def test_what_the_regulation_does_not_say_is_not_called_law():
    # Art. 18 sets no number of days: each of these says where it comes from instead.
    for term in (visits.PUBLISHED, visits.ANNOUNCED, visits.NAMED):
        assert term.basis != "law"
        assert term.basis in visits.BASES


@pytest.mark.parametrize("place", ["禾苗街12号3单元402室", "老张家中", "6栋", "at the home of X", "Apt 4"])
def test_a_place_that_reads_like_a_home_is_told(place: str):
    assert visits.is_home(place)


@pytest.mark.parametrize(
    "place", ["石桥村村民委员会会议室", "北街社区文化活动中心", "Village Hall", "市民广场"]
)
def test_a_public_place_is_no_home(place: str):
    assert not visits.is_home(place)
