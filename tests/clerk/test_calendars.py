"""An official notice of holidays moves the dates that rest on it, each by a move that is on record."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from huiyin.clerk import calendars
from huiyin.clerk.calendars import Added
from huiyin.core.calendar import BrokenCalendar
from huiyin.registry import law
from huiyin.registry.models import CalendarNotice, Clock, Entry, Outbox
from tests.cast import Walk, lodge

# A Monday whose sixty days reach into a year that nobody has announced yet.
LATE = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
# Made up: no notice for 2027 exists. New Year from Friday 1 to Sunday 3 January, Spring Festival in February.
NOTICE = {
    "calendar": "cn",
    "years": [
        {
            "year": 2027,
            "off": {
                "2027-01-01": "元旦",
                "2027-01-15": "元旦",
                **{f"2027-02-{day:02}": "春节" for day in range(5, 12)},
            },
            "work": {"2027-01-16": "元旦", "2027-02-14": "春节"},
            "source": "国务院办公厅关于2027年部分节假日安排的通知（试验用）",
            "issued_on": "2026-11-20",
        }
    ],
}


@pytest.fixture(autouse=True)
def notices(tmp_path: Path, settings: Any) -> None:
    settings.NOTICES_DIR = tmp_path / "calendars"


def written(tmp_path: Path, notice: Any = NOTICE) -> Path:
    path = tmp_path / "notice.json"
    path.write_text(
        notice if isinstance(notice, str) else json.dumps(notice, ensure_ascii=False), encoding="utf-8"
    )
    return path


@pytest.fixture
def late(cast: Any) -> Walk:
    """Accepted on 16 November 2026: handling ends on 15 January 2027, provisionally."""
    return Walk(lodge(now=LATE), LATE).to("accepted")


def handling(walk: Walk) -> Clock:
    return walk.petition.clocks.get(name="handling")


def test_a_provisional_date_becomes_final_and_moves(late: Walk, tmp_path: Path) -> None:
    before = handling(late)
    assert (before.due, before.provisional) == (date(2027, 1, 15), True)
    assert calendars.add(written(tmp_path), now=late.now) == Added("cn", (2027,), recomputed=1, moved=1)
    after = handling(late)
    assert (after.due, after.provisional) == (date(2027, 1, 16), False)
    assert late.petition.next_due == after.due
    assert [after.end, after.start] == [before.end, before.start]


def test_the_move_is_on_record_and_told_to_the_author(late: Walk, tmp_path: Path) -> None:
    calendars.add(written(tmp_path), now=late.now)
    entry = late.petition.entries.last()
    assert entry is not None
    assert (entry.event, entry.role, entry.contents) == (
        "due-date-recomputed",
        "clerk",
        {"clock": "handling/1"},
    )
    assert Outbox.objects.filter(notice="recomputed", audience="author").count() == 1
    row = CalendarNotice.objects.get()
    assert (row.calendar, row.year, row.recomputed, row.issued_on) == ("cn", 2027, 1, date(2026, 11, 20))


def test_entering_it_twice_changes_nothing_more(late: Walk, tmp_path: Path) -> None:
    path = written(tmp_path)
    calendars.add(path, now=late.now)
    entries = Entry.objects.count()
    assert calendars.add(path, now=late.now) == Added("cn", (2027,), recomputed=0, moved=0)
    assert Entry.objects.count() == entries
    assert CalendarNotice.objects.get().recomputed == 1
    assert len(list(settings.NOTICES_DIR.iterdir())) == 1


def test_a_notice_may_move_a_day_of_the_december_before(cast: Any, tmp_path: Path) -> None:
    """Its clock was never provisional: every running clock is looked at."""
    walk = Walk(lodge(now=LATE.replace(month=12, day=16)), LATE.replace(month=12, day=16))
    clock = walk.petition.clocks.get()
    assert (clock.due, clock.provisional) == (date(2026, 12, 31), False)
    notice = json.loads(json.dumps(NOTICE))
    notice["years"][0]["off"] |= {"2026-12-31": "元旦"}
    notice["years"][0]["work"] |= {"2027-01-02": "元旦"}
    assert calendars.add(written(tmp_path, notice), now=walk.now).moved == 1
    assert walk.petition.clocks.get().due == date(2027, 1, 2)


def test_a_bodys_term_follows_a_make_up_day_backwards(cast: Any, tmp_path: Path) -> None:
    """Saturday 16 January is worked: what had rolled on to Monday 18 is due on that Saturday again."""
    now = LATE.replace(day=17)
    walk = Walk(lodge(now=now), now).to("accepted")
    assert handling(walk).due == date(2027, 1, 18)
    calendars.add(written(tmp_path), now=now)
    assert handling(walk).due == date(2027, 1, 16)


def test_an_authors_term_never_becomes_shorter(cast: Any, tmp_path: Path) -> None:
    """Served on 17 December: the remedy ends on Saturday 16 January, and so on Monday 18 as it was told."""
    now = LATE.replace(month=12, day=17)
    walk = Walk(lodge(now=now), now).to("opinion-served")
    clock = walk.petition.clocks.get(name="review-request")
    assert clock.due == date(2027, 1, 18)
    assert calendars.add(written(tmp_path), now=now) == Added("cn", (2027,), recomputed=1, moved=0)
    kept = walk.petition.clocks.get(name="review-request")
    assert (kept.due, kept.provisional) == (date(2027, 1, 18), False)
    assert kept.skipped == [["2027-01-16", "kept"], ["2027-01-17", "kept"]]
    assert calendars.recompute(now).recomputed == 0, "it is settled, not tried again at each round"
    walk.now = datetime(2027, 1, 18, 2, 0, tzinfo=UTC)
    walk("request-review", "author")


def test_a_paused_term_waits_for_its_resumption(cast: Any, tmp_path: Path) -> None:
    now = LATE.replace(month=12, day=17)
    walk = Walk(lodge(now=now), now).to("rereview-requested")
    walk.hear("rolf")
    assert calendars.add(written(tmp_path), now=now).recomputed == 0
    walk.later(days=2)
    walk.close_hearing("rolf")
    clock = walk.petition.clocks.get(name="rereview")  # three days sat, the 24th to the 26th
    assert (clock.due, clock.provisional) == (date(2027, 1, 19), False)


def test_ended_terms_keep_the_dates_they_were_judged_by(late: Walk, tmp_path: Path) -> None:
    late.to("opinion-issued")
    late("serve", "otto", served_on=late.today.isoformat(), way="post")
    calendars.add(written(tmp_path), now=late.now)
    assert handling(late).due == date(2027, 1, 15)


def test_a_notice_that_cannot_be_believed_leaves_nothing(late: Walk, tmp_path: Path) -> None:
    two_years_on = json.loads(json.dumps(NOTICE).replace("2027-", "2028-").replace("2027,", "2028,"))
    for broken in (
        "{",
        "[]",
        "\x00",
        json.dumps({**NOTICE, "calendar": "atlantis"}),
        json.dumps(two_years_on),
    ):
        with pytest.raises(BrokenCalendar):
            calendars.add(written(tmp_path, broken), now=late.now)
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    with pytest.raises(BrokenCalendar):
        calendars.add(tmp_path / "latin", now=late.now)
    assert list(settings.NOTICES_DIR.glob("*")) == []
    assert not CalendarNotice.objects.exists()
    assert law.calendar_for("cn").last_year == 2026


def test_a_later_notice_for_the_same_year_replaces_the_earlier(late: Walk, tmp_path: Path) -> None:
    calendars.add(written(tmp_path), now=late.now)
    later = json.loads(json.dumps(NOTICE))
    later["years"][0] |= {"issued_on": "2026-11-21", "off": {"2027-01-01": "元旦"}, "work": {}}
    assert calendars.add(written(tmp_path, later), now=late.now).moved == 1
    assert handling(late).due == date(2027, 1, 15)
    assert CalendarNotice.objects.count() == 2


def test_work_that_was_cut_short_is_finished_by_the_same_command(
    late: Walk, tmp_path: Path, monkeypatch: Any
) -> None:
    other = Walk(lodge(now=LATE), LATE).to("accepted")

    class Killed(BaseException):
        pass

    from huiyin.registry.perform import perform

    def die_at_the_second(*args: Any) -> Any:
        if args[0] == other.ref:
            raise Killed
        return perform(*args)

    with monkeypatch.context() as patch:
        patch.setattr("huiyin.clerk.calendars.perform", die_at_the_second)
        with pytest.raises(Killed):
            calendars.add(written(tmp_path), now=late.now)
    assert handling(other).due == date(2027, 1, 15)
    assert calendars.add(written(tmp_path), now=late.now) == Added("cn", (2027,), recomputed=1, moved=1)
    assert handling(late).due == handling(other).due == date(2027, 1, 16)
