"""Digests: once a week and once a month, to whoever wants them, of cases alone and of nobody."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from huiyin.clerk import courier, digests
from huiyin.clerk.digests import message_id, send, write
from huiyin.clerk.sweep import sweep
from huiyin.core import calendar
from huiyin.core import digests as core
from huiyin.registry import digests as registry
from huiyin.registry.models import Digest, DigestWish, Officer, Petition, Role
from huiyin.site import digests as words
from tests.cast import NOW, Walk, acting_as, legal_day, lodge

MONDAY = NOW + timedelta(days=7)
TODAY = legal_day(NOW)


@pytest.fixture
def wanted(cast: dict[str, Officer]) -> dict[str, Officer]:
    registry.keep(cast["sven"], ["weekly"], "zh-hans", TODAY)
    registry.keep(cast["hedda"], ["weekly", "monthly"], "en", TODAY)
    return cast


def sent() -> list[Any]:
    return list(mail.outbox)


# ---- when


@pytest.mark.parametrize(
    ("kind", "day", "first"),
    [
        ("weekly", date(2026, 3, 4), date(2026, 3, 2)),
        ("weekly", date(2026, 4, 8), date(2026, 4, 7)),  # the Monday is a day off after Qingming
        ("weekly", date(2026, 10, 6), date(2026, 10, 8)),  # days off until the 7th
        ("weekly", date(2026, 2, 18), None),  # the whole week of the Spring Festival
        ("monthly", date(2026, 3, 20), date(2026, 3, 2)),
        ("monthly", date(2026, 1, 9), date(2026, 1, 4)),  # a Sunday that is worked
    ],
)
def test_it_goes_out_on_the_first_day_that_is_worked(kind: str, day: date, first: date | None) -> None:
    assert core.goes_out(kind, day, calendar.load("cn")) == first


@pytest.mark.parametrize("kind", core.KINDS)
def test_each_day_lies_in_one_period(kind: str) -> None:
    day = date(2025, 12, 1)
    while day < date(2027, 2, 1):
        first, end = core.first_day(kind, day), core.next_first(kind, day)
        assert first <= day < end
        assert core.period(kind, first) == core.period(kind, day) != core.period(kind, end)
        assert core.next_first(kind, core.before(kind, day)) == first
        day += timedelta(days=1)


def test_nothing_goes_out_before_the_first_day_that_is_worked(wanted: dict[str, Officer]) -> None:
    sunday = NOW + timedelta(days=6)
    write(NOW)
    assert {row.period for row in Digest.objects.all()} == {"2026-W10", "2026-03"}
    assert write(sunday) == 0
    assert write(MONDAY) == 2


def test_whoever_chose_it_later_gets_the_next_one(cast: dict[str, Officer]) -> None:
    registry.keep(cast["sven"], ["weekly"], "en", TODAY + timedelta(days=2))
    assert write(NOW + timedelta(days=2)) == 0
    assert write(MONDAY) == 1


# ---- once


def test_it_is_written_and_sent_once(wanted: dict[str, Officer]) -> None:
    assert write(NOW) == 3
    assert write(NOW + timedelta(hours=5)) == 0
    assert send(NOW) == {"digest": 3}
    assert not send(NOW + timedelta(days=1))
    assert sorted(message.to[0] for message in sent()) == ["hedda@example.test"] * 2 + ["sven@example.test"]


def test_a_courier_that_dies_after_sending_sends_the_same_message_again(
    wanted: dict[str, Officer], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(NOW)

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(digests, "_sent", dies)
        with pytest.raises(KeyboardInterrupt):
            send(NOW)
    assert not send(NOW + timedelta(minutes=1)).get("digest", 0) > 2  # the claimed one rests for a while
    send(NOW + timedelta(minutes=30))
    ids = [message.extra_headers["Message-ID"] for message in sent()]
    assert len(set(ids)) == 3
    assert len(ids) == 4


def test_what_cannot_be_sent_waits_and_is_given_up_in_the_end(
    wanted: dict[str, Officer], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(NOW)

    def refused(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError("otto@example.test is unknown")

    monkeypatch.setattr(EmailMultiAlternatives, "send", refused)
    now = NOW
    for _ in range(digests.MOST_ATTEMPTS):
        assert send(now) == {"unreachable": 3}
        assert not send(now + timedelta(minutes=1))
        now += timedelta(hours=1)
    assert "example.test" not in "".join(Digest.objects.values_list("error", flat=True))
    assert send(now) == {"digest-dropped": 3}
    assert not Digest.objects.filter(sent_at=None).exists()


def test_the_courier_carries_them_with_the_rest(wanted: dict[str, Officer]) -> None:
    write(NOW)
    assert courier.deliver(NOW)["digest"] == 3


def test_who_no_longer_wants_or_heads_anything_gets_none(wanted: dict[str, Officer]) -> None:
    write(NOW)
    registry.keep(wanted["hedda"], ["weekly"], "en", TODAY)
    Role.objects.filter(officer=wanted["sven"]).delete()
    assert send(NOW) == {"digest": 1, "digest-dropped": 1}
    registry.keep(wanted["hedda"], [], "en", TODAY)
    assert not DigestWish.objects.filter(officer=wanted["hedda"]).exists()
    assert write(MONDAY) == 0 or Digest.objects.filter(officer=wanted["hedda"], sent_at=None).count() == 0


def test_where_no_mail_is_sent_none_is_written(wanted: dict[str, Officer], settings: Any) -> None:
    settings.MAILS = False
    assert write(NOW) == 0


# ---- what it says


def told(login: str, kind: str = "weekly", after: timedelta = timedelta()) -> registry.Contents:
    return registry.of(acting_as(login, legal_day(NOW + after)), kind)


def section(contents: registry.Contents, name: str) -> registry.Section:
    return next(each for each in contents.sections if each.name == name)


def test_it_tells_what_is_late_due_stuck_and_solved(cast: Any) -> None:
    late = Walk(lodge()).to("transferred")
    month = timedelta(days=30)
    sweep(NOW + month)
    solved = Walk(lodge(now=NOW + timedelta(days=20)), NOW + timedelta(days=22)).to("opinion-served")
    due = Walk(lodge(now=NOW + timedelta(days=17)), NOW + timedelta(days=17, hours=1)).to("transferred")
    contents = told("hedda", "monthly", month)
    assert [line.ref for line in section(contents, "late").lines] == [late.ref]
    assert due.ref in {line.ref for line in section(contents, "due").lines}
    assert [line.ref for line in section(contents, "solved").lines] == [solved.ref]
    later = month + timedelta(days=20)
    assert late.ref in {line.ref for line in section(told("hedda", "weekly", later), "stuck").lines}
    assert section(told("sven", "monthly", month), "late").all >= 1


def test_it_names_nobody_and_tells_no_word_of_a_petition(wanted: dict[str, Officer], walk: Walk) -> None:
    walk.to("transferred")
    other = Walk(lodge(subject="张三的房子", text="李四在三号楼")).to("accepted")
    sweep(NOW + timedelta(days=70))
    write(NOW)
    Digest.objects.update(day=legal_day(NOW + timedelta(days=70)))
    send(NOW)
    for message in sent():
        whole = message.subject + message.body + message.alternatives[0][0]
        for secret in ("张三", "李四", "路灯", "三号楼", "Otto", "Hedda", "zhang@", "13800000000", walk.key):
            assert secret not in whole
    assert any(other.ref in message.body for message in sent())


def test_reports_are_in_no_digest(wanted: dict[str, Officer], walk: Walk) -> None:
    walk.to("transferred")
    sweep(NOW + timedelta(days=40))
    assert section(told("sven", "weekly", timedelta(days=40)), "late").all
    Petition.objects.update(kind="report")
    for login in ("sven", "hedda"):
        for kind in core.KINDS:
            assert not any(each.all for each in told(login, kind, timedelta(days=40)).sections)


def test_a_head_reads_of_their_own_body_alone(wanted: dict[str, Officer]) -> None:
    Walk(lodge())  # waits at the petition office
    sweep(NOW + timedelta(days=40))
    assert section(told("sven", "weekly", timedelta(days=40)), "late").all == 1
    assert section(told("hedda", "weekly", timedelta(days=40)), "late").all == 0


def test_long_sections_say_how_many_more(wanted: dict[str, Officer]) -> None:
    for _ in range(registry.MOST + 3):
        Walk(lodge()).to("transferred")
    sweep(NOW + timedelta(days=40))
    contents = told("hedda", "weekly", timedelta(days=40))
    late = section(contents, "late")
    assert (late.all, len(late.lines)) == (registry.MOST + 3, registry.MOST)
    assert "3 more, on the desk." in words.told(contents, "en").text


class Read(HTMLParser):
    """What has to be there for a screen reader, and what must not be for anybody."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lang, self.scopes, self.loads = "", 0, 0
        self.heads: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.lang = str(said.get("lang") or "") if name == "html" else self.lang
        self.heads += [name] if re.fullmatch("h[1-6]", name) else []
        self.scopes += name == "th" and bool(said.get("scope"))
        self.loads += name in {"img", "link", "script", "iframe"}
        self.words += "" if name in {"span", "a"} else "\n"

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-Hans"), ("en", "en"), ("zh-hant", "zh-Hant")])
def test_both_parts_say_the_same_and_the_html_can_be_read_aloud(
    wanted: dict[str, Officer], language: str, lang: str
) -> None:
    Walk(lodge()).to("transferred")
    sweep(NOW + timedelta(days=40))
    made = words.told(told("sven", "weekly", timedelta(days=40)), language)
    page = Read(made.html)
    assert page.lang == lang
    assert page.heads == ["h1", "h2", "h2", "h2", "h2"]
    assert page.scopes >= 5
    assert page.loads == 0
    for line in filter(str.strip, made.text.splitlines()):
        if "http" in line:
            continue
        for piece in line.strip().split(" · "):
            assert piece in page.words, piece


def test_each_reads_it_in_their_own_language(wanted: dict[str, Officer]) -> None:
    write(NOW)
    send(NOW)
    by = {(message.to[0], "week" in message.subject): message for message in sent()}
    assert by["hedda@example.test", True].subject.startswith("The week")
    assert "一周简报" in "".join(message.subject for message in sent() if message.to == ["sven@example.test"])


def test_it_asks_few_questions(wanted: dict[str, Officer], django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        Walk(lodge()).to("transferred")
    sweep(NOW + timedelta(days=40))
    with django_assert_max_num_queries(16):
        told("sven", "weekly", timedelta(days=40))


# ---- at the desk


@pytest.mark.usefixtures("password_free")
def test_the_desk_shows_the_same_and_switches_it_on_and_off(cast: dict[str, Officer]) -> None:
    Walk(lodge()).to("transferred")
    browser = Client()
    browser.cookies["huiyin_language"] = "en"
    browser.force_login(cast["hedda"])
    shown = browser.get("/desk/account/digest/").content.decode()
    assert "The week, as of" in shown
    browser.post("/desk/account/digest/", {"wanted": ["weekly"]})
    wish = DigestWish.objects.get()
    assert (wish.weekly, wish.monthly, wish.language) == (True, False, "en")
    made = words.told(registry.of(acting_as("hedda", wish.since), "weekly"), "en")
    shown = browser.get("/desk/account/digest/?kind=weekly").content.decode()
    assert words.body(registry.of(acting_as("hedda", wish.since), "weekly"), "en") in shown
    assert made.subject in shown
    browser.post("/desk/account/digest/", {})
    assert not DigestWish.objects.exists()
    browser.force_login(cast["otto"])
    assert browser.get("/desk/account/digest/").status_code == 404


@pytest.fixture
def password_free(settings: Any) -> None:
    settings.SECOND_FACTOR = "keepers"


def test_the_message_id_tells_nothing(wanted: dict[str, Officer]) -> None:
    write(NOW)
    ids = {message_id(row) for row in Digest.objects.all()}
    assert len(ids) == 3
    assert not any("hedda" in each or "W10" in each for each in ids)
