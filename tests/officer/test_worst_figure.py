"""From a figure to what explains it, in three steps; and what changed this week, and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.clerk import sweep
from huiyin.registry import demonstration, law, week
from huiyin.registry.models import Entry, Officer, Petition, TopicOutcome
from tests.cast import Walk, acting_as

pytestmark = pytest.mark.usefixtures("password_alone")


def links(html: str, to: str) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(rf'href="({to}[^"]*)"', html)]


def opened(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("login", ["sven", "hedda"])
def test_from_the_measures_to_the_petition_that_explains_the_lowest_in_three_steps(
    desk: Callable[..., Client], at: Callable[..., Walk], login: str
) -> None:
    late = at("transferred", days=40)
    for _ in range(5):
        at("accepted", days=2)
    sweep.sweep(timezone.now())
    browser = desk(login)
    begin = opened(browser, "/desk/supervise/" if login == "sven" else "/desk/")
    (measures, *_rest) = links(begin, "/desk/supervise/measures/")  # 1
    page = opened(browser, measures)
    lowest = page.partition('id="lowest"')[2]
    (cases, *_rest) = links(lowest, "/desk/supervise/measures/")  # 2
    assert "/notice/" in cases
    told = opened(browser, cases)
    (first, *_rest) = links(told, "/desk/p/")  # 3: the worst first
    assert late.ref in first
    assert "Written notice" in opened(browser, first)


def test_a_head_sees_the_figures_of_their_own_body_and_of_no_other(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    at("accepted", days=2)
    html = opened(desk("hedda"), "/desk/supervise/measures/")
    assert "County Housing Bureau" in html
    assert "County Transport Bureau" not in html
    assert desk("hedda").get("/desk/supervise/measures/?body=jt").status_code == 404
    assert desk("hedda").get("/desk/supervise/measures/notice/?body=jt").status_code == 404
    assert desk("hedda").get("/desk/supervise/measures/no-such/").status_code == 404
    assert desk("otto").get("/desk/supervise/measures/").status_code == 404
    assert desk("hedda").get("/desk/supervise/").status_code == 404


def test_walked_on_the_demonstration_as_head_of_an_office(db: Any, house_keys: Any) -> None:
    """Board, measures, the cases of the lowest share, the petition: each is one press away."""
    demonstration.build(timezone.now())
    for login, begin in (("supervisor-office", "/desk/supervise/"), ("head", "/desk/")):
        browser = Client()
        browser.cookies["huiyin_language"] = "zh-hans"
        browser.force_login(Officer.objects.get(login=login))
        (measures, *_rest) = links(opened(browser, begin), "/desk/supervise/measures/")
        page = opened(browser, measures).partition('id="lowest"')[2]
        (cases, *_rest) = links(page, "/desk/supervise/measures/")
        (petition, *_rest) = links(opened(browser, cases), "/desk/p/")
        ref = petition.removeprefix("/desk/p/").partition("/")[0]
        assert Petition.objects.get(ref=ref).clocks.filter(state="missed").exists()
        opened(browser, petition)


# ---- this week


def test_the_week_says_which_term_was_missed_where_and_why(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    at("transferred", days=17)  # notice was due two days ago
    at("transferred", days=24)  # and nine
    at("opinion-served", days=1)
    sweep.sweep(timezone.now())
    today = law.at(timezone.now())[1]
    Entry.objects.filter(
        event="clock-missed", petition__lodged_at__lt=timezone.now() - timedelta(days=20)
    ).update(recorded_at=timezone.now() - timedelta(days=9))
    found = week.of(acting_as("sven", today), today)
    (missed,) = found.missed
    assert (missed.body.code, missed.now, missed.before) == ("zj", 1, 1)
    assert (missed.nobody, missed.handed) == (1, 1)
    assert found.answered == (1, 0)
    html = opened(desk("sven"), "/desk/supervise/week/")
    assert "Written notice" in html
    assert "nobody was in charge" in html
    assert "/desk/supervise/petitions/?body=zj" in html
    assert links(opened(desk("sven"), "/desk/supervise/"), "/desk/supervise/week/")
    assert desk("hedda").get("/desk/supervise/week/").status_code == 404


def test_reports_are_in_no_week(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    at("transferred", days=17)
    sweep.sweep(timezone.now())
    Petition.objects.update(kind="report")
    today = law.at(timezone.now())[1]
    assert week.of(acting_as("sven", today), today).missed == ()


def month(today: date, before: int) -> date:
    first = today.replace(day=1)
    for _ in range(before):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def test_a_topic_that_changed_suddenly_points_to_the_register_of_problems(
    desk: Callable[..., Client], cast: dict[str, Officer]
) -> None:
    today = law.at(timezone.now())[1]
    for before, lifts, lamps in ((1, 43, 11), (2, 10, 10), (3, 9, 12), (4, 11, 9)):
        for topic, n in (("电梯", lifts), ("路灯", lamps)):
            row = {
                "month": month(today, before),
                "model": "m",
                "said": topic,
                "unsure": False,
                "decided": topic,
            }
            TopicOutcome.objects.create(**row, petitions=n)
    (found,) = week.topics(today)
    assert (found.name, found.least, found.usual) == ("电梯", 40, 10)
    html = opened(desk("sven"), "/desk/supervise/week/")
    assert "电梯" in html
    assert "路灯" not in html
    assert "43" not in html.partition('id="topics"')[2].partition("</section>")[0]
    assert links(html, "/desk/problems/")


def test_the_month_that_runs_is_not_looked_at(cast: dict[str, Officer]) -> None:
    today = law.at(timezone.now())[1]
    for before, n in ((0, 90), (1, 10), (2, 10), (3, 9), (4, 11)):
        row = {
            "month": month(today, before),
            "model": "m",
            "said": "电梯",
            "unsure": False,
            "decided": "电梯",
        }
        TopicOutcome.objects.create(**row, petitions=n)
    assert week.topics(today) == []
