"""Where outreach may not be held: at somebody's home."""

from __future__ import annotations

import pytest

from huiyin.core import visits


@pytest.mark.parametrize("place", ["禾苗街12号3单元402室", "老张家中", "6栋", "at the home of X", "Apt 4"])
def test_a_place_that_reads_like_a_home_is_told(place: str):
    assert visits.is_home(place)


@pytest.mark.parametrize(
    "place", ["石桥村村民委员会会议室", "北街社区文化活动中心", "Village Hall", "市民广场"]
)
def test_a_public_place_is_no_home(place: str):
    assert not visits.is_home(place)
