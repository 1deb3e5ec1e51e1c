"""What measures read is gathered from the registry: right, of nobody's way of asking, in few questions."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.clerk.sweep import sweep
from huiyin.core import measures, rulebook
from huiyin.core.measures import Record
from huiyin.core.refusal import Refusal
from huiyin.registry import access, demonstration, desk, measured, story, watched, yearly
from huiyin.registry.models import Body, Entry, Officer, Opened, Petition, Reception
from huiyin.registry.watched import Watched
from huiyin.site import measured as told
from tests.cast import NOW, Walk, acting_as, legal_day, lodge, said

TODAY = legal_day(NOW)
LATER = TODAY + timedelta(days=90)
LAW = rulebook.by_id("cn-2022")


def of(body: str = "", day: date = TODAY) -> Record:
    mine = watched.by(acting_as("sven", day))
    return measured.of(watched.of_body(mine, body) if body else mine, 2026)


def come_to(record: Record) -> dict[str, Any]:
    """Every measure's numbers, as they are shown."""
    lines = told.lines(measures.of_law(LAW), record, LAW)
    return {line.measure.code: [value.said.en for value in line.values] for line in lines}


def test_it_counts_how_terms_stand_and_how_long_they_took(walk: Walk) -> None:
    walk.to("opinion-served")
    late = Walk(lodge()).to("transferred").later(days=20)
    sweep(late.now)
    made = of()
    assert made.of("term notice") == {"met": 1, "overdue": 1}
    assert made.of("days notice")[None] == 1
    assert made.of("term handling") == {"met": 1}
    assert made.of(measures.OUTCOMES) == {"support": 1}
    assert made.of(measures.HANDED)[measures.TAKEN] == 2
    assert made.of(measures.HANDS)["2"] == 2


def test_reception_days_that_are_over_were_held_changed_or_called_off(walk: Walk) -> None:
    """Days ahead, days that were announced and never published, and those of other bodies are not counted."""
    past, ahead = TODAY - timedelta(days=3), TODAY + timedelta(days=3)
    off: dict[str, Any] = {"called_off": "停电"}
    held: list[tuple[str, date, dict[str, Any]]] = [("zj", past, {})] * 3
    days = [
        *held,
        ("zj", past, {"revision": 2}),
        ("zj", past, off),
        ("zj", past, off | {"revision": 1}),
        ("zj", ahead, {}),
        ("zj", past, {"published_at": None}),
        ("jt", past, {}),
    ]
    for code, day, other in days:
        made = {"published_at": NOW, "announced_at": NOW, "changed_at": NOW} | other
        host = Body.objects.get(code=code)
        Reception.objects.create(host=host, day=day, opens=time(9), closes=time(11), place="一楼", **made)
    found = of("zj").of(measures.RECEPTIONS)
    assert found == {measures.HELD: 3, measures.CHANGED: 1, measures.CALLED_OFF: 2}
    assert come_to(of("zj"))["receptions"] == ["50%"]


def test_of_one_body_it_counts_what_that_body_owed(walk: Walk) -> None:
    walk.to("opinion-served")
    assert of("zj").of("term handling") == {"met": 1}
    assert of("zj").of("term sort") == {}
    assert of("xf").of("term sort") == {"met": 1}
    assert of("xf").of(measures.OUTCOMES) == {}
    assert of("jt").of("term handling") == {}


def test_what_a_supervision_came_to_is_counted(walk: Walk) -> None:
    walk.to("transferred")
    walk("supervise", "sven", **said("supervise", walk.today))
    walk("close-supervision", "sven", supervision_result="corrected", reasons="已补发告知书")
    assert of().of(measures.SUPERVISIONS) == {"corrected": 1}


def test_reports_are_in_no_figure(cast: Any) -> None:
    lodge(kind="report", against=("jt",), body="jw")
    made = of()
    assert {name: +counted for name, counted in made.tables.items() if +counted} == {}


def test_the_questions_stay_as_many_however_much_there_is(walk: Walk) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            of()
        return len(queries)

    walk.to("opinion-served")
    few = asked()
    for code in ("zj", "jt", "xian", "xf"):
        lodge(body=code)
    assert asked() == few < 20


# ---- who asked how changes nothing, in the whole demonstration


@pytest.fixture
def demonstrated(db: Any, house_keys: None) -> Watched:
    demonstration.build(timezone.now())
    return watched.whole_house(legal_day(timezone.now()))


def test_channel_company_and_coming_again_change_no_figure(demonstrated: Watched) -> None:
    years = (demonstrated.day.year, demonstrated.day.year - 1)
    before = [measured.of(demonstrated, year).tables for year in years]
    assert sum(len(+counted) for tables in before for counted in tables.values()) > 30
    Petition.objects.update(channel="visit", helper="lawyer", lodged_before="HY-AAAAA-AAAAA")
    for petition in Petition.objects.all():
        Petition.objects.filter(pk=petition.pk).update(marks={**petition.marks, "signatures": 9})
    assert [measured.of(demonstrated, year).tables for year in years] == before


def test_a_year_of_the_whole_house_and_of_a_supervisor_agree_where_both_see_all(walk: Walk) -> None:
    walk.to("opinion-served")
    house = yearly.of_watched(watched.whole_house(TODAY), 2026)
    mine = yearly.of(acting_as("sven"), 2026)
    assert (house.steps, house.classes) == (mine.steps, mine.classes)


# ---- ratings: the author's, told five at a time


def rated(number: int, rating: str = "satisfied") -> list[Walk]:
    walks = [Walk(lodge()).to("opinion-served") for _ in range(number)]
    for walk in walks:
        walk("rate", "author", rating=rating)
    return walks


def test_ratings_are_counted_five_at_a_time_and_of_the_body_that_handled(cast: Any) -> None:
    rated(4)
    assert of(day=LATER).of(measures.RATINGS) == {}
    day = legal_day(rated(2, "dissatisfied")[0].now)
    assert of(day=LATER).of(measures.RATINGS) == {"satisfied": 3, "dissatisfied": 2}
    assert of("zj", LATER).of(measures.RATINGS).total() == 5
    assert of("jt", LATER).of(measures.RATINGS) == {}
    assert come_to(of(day=LATER))["ratings"] == ["60%", "0%", "40%"]
    assert of(day=day).of(measures.RATINGS) == {}  # its day is not over


def test_a_rating_of_a_later_day_changes_no_group_of_five_that_was_told() -> None:
    days = [date(2026, 3, day) for day in (2, 2, 2, 3, 3, 4)]
    given = [(day, rating, 1) for day, rating in zip(days, "cbabaa", strict=True)]
    before = measured.ratings(given[:5])
    assert before.total() == 5
    assert measured.ratings(given) == before
    assert measured.ratings(reversed(given)) == before


def test_no_desk_shows_that_a_petition_was_rated(cast: Any) -> None:
    walk = rated(1)[0]
    seen = story.story_of(walk.petition, desk=True)
    assert "rated" not in {each.event for each in seen.timeline}
    assert "rated" in {each.event for each in story.story_of(walk.petition, served_only=True).timeline}
    for login in ("otto", "hedda", "sven", "audrey"):
        browser = Client()
        browser.force_login(Officer.objects.get(login=login))
        html = browser.get(f"/desk/p/{walk.ref}/").content.decode()
        assert "The petitioner rated" not in html, login
        assert "评价" not in html, login


def test_a_rating_marks_nothing_as_new_and_moves_nothing_up_a_list(walk: Walk) -> None:
    walk.to("opinion-served")
    otto = Officer.objects.get(login="otto")
    desk.note_opened(walk.petition, otto)
    before = walk.petition.moved_at
    walk.later(hours=5)("rate", "author", rating="dissatisfied")
    assert Petition.objects.filter(desk.has_opened(otto), pk=walk.petition.pk).exists()
    assert walk.petition.moved_at == before
    assert Opened.objects.get(officer=otto).version == walk.petition.version


def test_a_rating_is_given_once_by_whoever_holds_the_key(walk: Walk) -> None:
    walk.to("opinion-served")
    assert isinstance(walk.ask("rate", "otto", rating="satisfied"), Refusal)
    walk("rate", "author", rating="satisfied")
    assert isinstance(walk.ask("rate", "author", rating="dissatisfied"), Refusal)
    assert Entry.objects.filter(event=access.RATED).count() == 1


# ---- the page


def test_the_page_is_for_supervisors_and_says_what_each_is_not_for(walk: Walk) -> None:
    walk.to("opinion-served")
    for login, status in (("sven", 200), ("otto", 404), ("audrey", 404)):
        browser = Client()
        browser.force_login(Officer.objects.get(login=login))
        assert browser.get("/desk/supervise/measures/?year=2026").status_code == status, login
    browser = Client()
    browser.force_login(Officer.objects.get(login="sven"))
    html = browser.get("/desk/supervise/measures/?year=2026&body=zj").content.decode()
    assert html.count("must not be used") + html.count("不得用来") >= len(measures.of_law(LAW)) - 2
    for address in ("?year=1999", "?body=nowhere", "?body=province"):
        assert browser.get(f"/desk/supervise/measures/{address}").status_code == 404, address
