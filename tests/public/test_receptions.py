"""The public calendar of reception days: a list, a month, a feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.registry import receiving
from huiyin.registry.models import Officer, Reception
from tests.cast import NOW, legal_day
from tests.registry.days import published

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def page(client: Client, address: str = "/reception/", **asked: Any) -> str:
    client.cookies["huiyin_language"] = "en"
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_day_shows_who_receives_where_and_on_what(client: Client):
    day = published("xf", "zj")
    for address in ("/reception/", f"/reception/{day.pk}/"):
        shown = page(client, address)
        for words in (
            "县人民来访接待大厅",
            "住房",
            "zj局长",
            "xf局长",
            "several bodies in one place",
            "09:00–11:00",
        ):
            assert words in shown, (address, words)


def test_the_month_marks_the_days_and_leads_to_each(client: Client):
    day = published()
    shown = page(client)
    assert f"?day={day.day}#days" in shown
    assert page(client, month="2026-04").count("#days") == 0
    for nonsense in ("2026-13", "x", "1999-01", "9999-12"):
        assert "March 2026" in page(client, month=nonsense)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"body": "zj"}, 1),
        ({"body": "jt"}, 0),
        ({"kind": "outreach"}, 0),
        ({"find": "住房"}, 1),
        ({"find": "大厅"}, 1),
        ({"find": "医疗"}, 0),
        ({"day": "2026-03-07"}, 1),
        ({"day": "2026-03-08"}, 0),
        ({"body": "nonsense", "page": "x"}, 1),
    ],
)
def test_the_list_narrows_by_body_place_subject_and_day(client: Client, asked: dict[str, str], found: int):
    published("xf", "zj")
    assert page(client, **asked).count('<article class="card">') == found


def test_a_day_that_is_over_or_unknown_is_told(client: Client):
    day = published()
    Reception.objects.filter(pk=day.pk).update(day=legal_day(NOW) - timedelta(days=1))
    assert "This day is over" in page(client, f"/reception/{day.pk}/")
    assert client.get("/reception/999/").status_code == 404


# ---- the feed


def events(client: Client, **asked: Any) -> list[dict[str, str]]:
    """The events of the feed as any calendar would read them: unfolded, unescaped."""
    answer = client.get("/reception/calendar.ics", asked)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    raw = answer.content
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    lines = raw.decode().replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in {"BEGIN", "END"}:
            found[-1][name] = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")
    return found


def test_the_feed_holds_the_hours_in_utc_and_folds_long_lines(client: Client):
    published("xf", "zj", subjects="住房；物业, " + "很长的事项" * 30)
    (event,) = events(client)
    assert (event["DTSTART"], event["DTEND"]) == ("20260307T010000Z", "20260307T030000Z")
    assert event["DESCRIPTION"].endswith("很长的事项" * 30)
    assert event["STATUS"] == "CONFIRMED"
    assert datetime.strptime(event["DTSTAMP"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) < NOW


def test_the_feed_tells_what_was_called_off_and_what_changed(client: Client):
    day = published()
    receiving.call_off(day, "停电检修", by=Officer.objects.get(login="olga"), now=NOW)
    (event,) = events(client)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", "1")
    assert "停电检修" in event["DESCRIPTION"]


def test_the_feed_narrows_like_the_list(client: Client):
    published()
    assert events(client, body="jt") == []
