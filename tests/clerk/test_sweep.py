"""What runs out is put on record: once, in time, and whatever else is the matter."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection

from huiyin.clerk.sweep import Stuck, sweep
from huiyin.registry import demonstration, hearings
from huiyin.registry.models import Clock, Entry, Outbox, Petition
from huiyin.registry.story import story_of
from tests.cast import NOW, Walk, lodge


def events(petition: Petition) -> list[str]:
    return [entry.event for entry in petition.entries.all()]


def test_a_missed_term_becomes_a_breach_of_its_own_article(walk: Walk) -> None:
    walk.later(days=16)
    assert sweep(walk.now) == {"breach": 1}
    entry = walk.petition.entries.last()
    assert entry is not None
    assert (entry.event, entry.role, entry.rulebook, entry.article) == (
        "clock-missed",
        "clerk",
        "cn-2022",
        "22.1",
    )
    assert entry.contents == {"clock": "sort/1"}
    assert entry.clocks == [[1, "sort", "missed", "2026-03-02", "2026-03-17", None]]


def test_the_last_day_is_in_time_until_it_ends_in_china(walk: Walk) -> None:
    last_second = datetime(2026, 3, 17, 15, 59, 59, tzinfo=UTC)
    assert not sweep(last_second)
    assert sweep(last_second.replace(hour=16, minute=0, second=0)) == {"breach": 1}


def test_a_breach_is_told_to_the_author_and_stays_first_in_the_inbox(walk: Walk) -> None:
    sweep(walk.later(days=16).now)
    assert list(Outbox.objects.filter(notice="breach").values_list("audience", flat=True)) == ["author"]
    assert walk.petition.next_due == date(2026, 3, 17)


def test_running_twice_finds_nothing_the_second_time(walk: Walk) -> None:
    walk.to("transferred").later(days=20)
    assert sweep(walk.now) == {"breach": 1, "lapse": 1}
    before = Entry.objects.count()
    assert not sweep(walk.now)
    assert Entry.objects.count() == before


def test_the_right_to_object_lapses_and_nothing_else_ends_by_it(walk: Walk) -> None:
    walk.to("transferred")
    assert sweep(walk.later(days=8).now) == {"lapse": 1}
    states = dict(walk.petition.clocks.values_list("name", "state"))
    assert states == {"sort": "met", "notice": "running", "objection": "lapsed"}
    assert walk.petition.state == "transferred"


@pytest.mark.parametrize(
    ("state", "clock"), [("opinion-served", "review-request"), ("review-served", "rereview-request")]
)
def test_a_remedy_not_asked_for_in_time_lapses(walk: Walk, state: str, clock: str) -> None:
    walk.to(state)
    assert sweep(walk.later(days=31).now) == {"lapse": 1}
    assert walk.petition.state == "lapsed"
    assert Clock.objects.get(name=clock).state == "lapsed"
    assert Outbox.objects.filter(notice="lapsed").exists()


def test_a_lapse_leaves_the_duty_to_carry_out(walk: Walk) -> None:
    walk.to("opinion-served")
    sweep(walk.later(days=31).now)
    assert walk.petition.remedy == "due"
    walk("report-carried-out", "otto", note="三盏路灯已修好")


def test_a_withdrawal_takes_effect_after_seven_days_and_not_before(walk: Walk) -> None:
    walk("request-withdrawal", "author", pressed="no")
    assert not sweep(walk.later(days=7).now)
    assert sweep(walk.later(days=1).now) == {"withdraw": 1}
    assert walk.petition.state == "withdrawn"
    assert not walk.petition.clocks.filter(state="running").exists()


def test_a_withdrawal_taken_back_never_takes_effect(walk: Walk) -> None:
    walk("request-withdrawal", "author", pressed="yes")
    walk("revoke-withdrawal", "author")
    assert not sweep(walk.later(days=8).now)
    assert walk.petition.state == "lodged"


def test_an_extended_term_is_judged_by_its_extension_alone(walk: Walk) -> None:
    walk.to("accepted")
    walk("extend", "hedda", days=30, reasons="案情复杂")
    assert not sweep(walk.later(days=70).now)
    assert sweep(walk.later(days=30).now) == {"breach": 1}
    assert walk.petition.clocks.get(state="missed").name == "extension"


def test_a_paused_term_is_not_missed(walk: Walk) -> None:
    walk.to("rereview-requested").later(days=23).hear("rolf")
    sweep(walk.later(days=1).now)
    assert walk.petition.clocks.get(name="rereview").state == "paused"


def test_a_term_that_no_row_can_end_is_asked_about_once_a_day(walk: Walk, monkeypatch: Any) -> None:
    """Stands in for a version of the law whose rows forgot one of its clocks."""
    walk.to("accepted")
    Clock.objects.filter(name="sort").update(state="running", ended=None, on_due="lapse")
    other = Walk(lodge())
    asked: list[str] = []

    def count(ref: str, *rest: Any) -> Any:
        asked.append(ref)
        return perform(ref, *rest)

    from huiyin.registry.perform import perform

    monkeypatch.setattr("huiyin.clerk.sweep.perform", count)
    stuck: Stuck = {}
    walk.later(days=16)
    assert sweep(walk.now, stuck) == {"breach": 1}, "the petition behind it is not kept waiting"
    assert other.petition.clocks.get().state == "missed"
    assert len(stuck) == 1
    asked.clear()
    sweep(walk.now, stuck)
    assert asked == []
    sweep(walk.later(days=1).now, stuck)
    assert asked == [walk.ref]


def test_a_broken_petition_hides_no_deadline_of_another(walk: Walk, caplog: pytest.LogCaptureFixture) -> None:
    broken = Walk(lodge(subject="王五的秘密"))
    Petition.objects.filter(ref=broken.ref).update(took_part=[["only-half-a-pair"]])
    assert sweep(walk.later(days=16).now) == {"breach": 1}
    assert "ValueError" in caplog.text
    assert "王五" not in caplog.text
    assert broken.ref not in caplog.text


def test_many_clocks_are_swept_in_batches(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("huiyin.clerk.batches.FOUND", 3)
    for _ in range(8):
        lodge()
    walk = Walk(lodge()).later(days=16)
    assert sweep(walk.now) == {"breach": 9}
    assert not Clock.objects.filter(state="running").exists()


def test_the_sweep_reads_by_the_partial_index(cast: Any) -> None:
    over = Clock.objects.filter(state="running", carried_by=0, due__lt=NOW.date()).order_by("due", "pk")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # a table of no rows is read whole, unless that is forbidden
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    assert "clock_by_due" in over.explain()


def test_a_hearing_left_open_is_counted_again_by_the_clerk(walk: Walk) -> None:
    walk.to("rereview-requested")
    walk.hear("rolf")
    assert not sweep(walk.later(days=1).now)["end-sitting"]
    assert sweep(walk.later(days=3).now)["end-sitting"] == 1
    assert walk.petition.clocks.get(name="rereview").state == "running"
    told = hearings.told(walk.petition, story_of(walk.petition))
    assert told is not None
    assert told.stands == hearings.STANDS["left"]
    assert str(told.seats[0].value).count("(had no part in handling the matter)") == 1


@pytest.mark.usefixtures("db", "house_keys")
def test_a_test_whose_day_passed_without_a_result_is_counted_again(settings: Any) -> None:
    settings.JURISDICTION = "cn-samr"
    ring = next(e for e in demonstration.build(NOW) if e.state == "testing")
    clocks = Petition.objects.get(ref=ring.ref).clocks
    until = clocks.get(name="test").due
    assert not sweep(datetime.combine(until, time(12), NOW.tzinfo))["run-on"]
    assert sweep(datetime.combine(until, time(12), NOW.tzinfo) + timedelta(days=9))["run-on"] == 1
    assert Petition.objects.get(ref=ring.ref).state == "accepted"
    mediate = clocks.get(name="mediate")
    assert (mediate.state, mediate.exclusions[-1][1]) == ("running", until.isoformat())
