"""Month by month and year by year, on the page of measures: of the bodies that somebody watches."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.cohorts import Cohort, Sums
from huiyin.registry.board_round import count
from huiyin.registry.models import BoardRound
from huiyin.site import cohort_plot, open_data
from tests.cast import Walk, legal_day, lodge
from tests.verifying.made_log import honest

Desk = Callable[..., Client]


@pytest.fixture
def published(settings: Any, tmp_path: Path) -> dict[Cohort, Sums]:
    settings.LOG_DIR = honest().write(tmp_path / "log")
    found = open_data.source()
    assert found
    return dict(found.figures.cohorts)


def rows(page: str) -> list[list[str]]:
    """The cells of the table of months."""
    table = page.partition('id="months"')[2].partition("</section>")[0].partition("<tbody")[2]
    return [re.findall(r"<span>([^<]*)</span>", row) for row in table.split("<tr")[1:]]


def test_each_month_tells_shares_of_the_bodies_watched(desk: Desk, published: dict[Cohort, Sums]) -> None:
    own = [sums for cohort, sums in published.items() if cohort.bodies == "body zj"]
    met = sum(sum(n for how, n in sums.standings.items() if how.partition("/")[0] == "met") for sums in own)
    began = sum(sum(sums.standings.values()) for sums in own)
    page = desk("sven").get("/desk/supervise/measures/?body=zj").content.decode()
    (month,) = rows(page)
    assert month[0] == "January 2026"
    assert month[1] == f"{100 * met / began:.0f}%"
    assert "<svg" not in page.partition('id="months"')[2].partition("</section>")[0]  # one month is no curve


def test_what_stands_for_several_bodies_together_is_nobodys(
    desk: Desk, published: dict[Cohort, Sums]
) -> None:
    assert any(cohort.bodies.startswith("level ") for cohort in published)
    told = cohort_plot.months((c, sums) for c, sums in published.items() if c.bodies.startswith("body "))
    (month,) = rows(desk("sven").get("/desk/supervise/measures/").content.decode())
    (shares,) = told.values()
    assert month[1:] == [f"{share:.0f}%" for share in shares.values()]
    assert not rows(desk("sven").get("/desk/supervise/measures/?body=xf").content.decode())


def test_two_months_are_drawn_and_the_latest_twelve_are_kept(published: dict[Cohort, Sums]) -> None:
    first, sums = next(iter(published.items()))
    periods = [f"{2024 + n // 12}-{n % 12 + 1:02d}" for n in range(15)]
    told = cohort_plot.months((replace(first, period=period), sums) for period in periods)
    assert list(told) == periods[-12:]
    assert "<svg" in cohort_plot.plot(told)
    assert all(sum(of.values()) == pytest.approx(100) for of in told.values())


@pytest.mark.usefixtures("password_alone")
def test_years_stand_beside_one_another_once_they_are_counted(desk: Desk, cast: Any) -> None:
    this = legal_day(timezone.now()).year
    for year, late in ((this - 1, 0), (this - 2, 3)):
        begun = timezone.now().replace(year=year, month=6, day=15)
        for n in range(6):
            walk = Walk(lodge(now=begun), begun + timedelta(days=20 if n < late else 1))
            walk.to("accepted")
    count(timezone.now())
    address = f"/desk/supervise/measures/?year={this - 1}"
    page = desk("sven").get(address).content.decode()
    table = page.partition('id="years"')[2].partition("</section>")[0]
    assert re.findall(r'columnheader">(\d{4})<', table) == [str(this - n) for n in (3, 2, 1)]
    told = [re.findall(r"<span>(\d+)%", row) for row in table.split("<tr")[2:]]
    assert ["50", "100"] in told  # three of six were registered late, and the year after none
    BoardRound.objects.all().delete()  # nothing is counted: one year is asked of the petitions, and no other
    assert 'id="years"' not in desk("sven").get(address).content.decode()
