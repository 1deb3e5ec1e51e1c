"""Open cases of an older system: their own days, marked as its claims, nothing back-dated, nothing twice."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from huiyin.clerk import counting, courier, lost_keys, numbering, sweep
from huiyin.core import ledger, measures, notes, receipts
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.reading.lists import AUTHOR
from huiyin.reading.tables import Line
from huiyin.registry import access, losing, measured, takeovers, taking_over, watched
from huiyin.registry.access import IMPORTER
from huiyin.registry.file import Lodging, file
from huiyin.registry.models import Clock, Entry, LostKey, NewKey, Outbox, Petition, Takeover
from huiyin.registry.perform import perform, perform_past
from huiyin.registry.receipt import receipt_again
from huiyin.registry.takeover_columns import OPEN_CASES
from huiyin.registry.taking_over import HERE, REFUSED, TAKEN, Told
from huiyin.vault.models import ContactSeal, IdentitySeal
from tests.cast import NOW, acting_as

OLD = "旧信访系统"
KEY = re.compile(r"\b(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}\b")
COLUMNS = {name: name for name in (*OPEN_CASES.known, *AUTHOR)}
UNDER_WAY = {
    "id": "X-17",
    "subject": "路灯不亮",
    "text": "小区门口的路灯从上个月起不亮。",
    "channel": "来信",
    "body": "县信访局",
    "lodged_at": "2025-11-20",
    "registered_at": "2025-11-21",
    "transferred_at": "2025-11-24",
    "transferred_to": "zj",
    "accepted_at": "2025-11-28 10:30",
}
SERVED = UNDER_WAY | {
    "id": "X-18",
    "opinion": "已经更换灯泡。",
    "opinion_at": "2026-01-20",
    "served_at": "2026-02-10",
    "served_way": "邮寄",
}


@pytest.fixture
def old(cast: Any) -> Takeover:
    return takeovers.begin(OLD, by=None, now=NOW)


def through(takeover: Takeover, *rows: dict[str, str], now: Any = NOW, dry: bool = False) -> list[Told]:
    lines = [Line(n, row) for n, row in enumerate(rows, start=2)]
    return list(taking_over.go_through(lines, COLUMNS, takeover, now, dry=dry))


def one(takeover: Takeover, row: dict[str, str]) -> tuple[Told, Petition]:
    [told] = through(takeover, row)
    assert told.outcome == TAKEN, told
    return told, Petition.objects.get(ref=told.ref)


# ---- what comes in


def test_it_stands_where_it_stood_with_its_own_days_as_claims(old: Takeover):
    told, petition = one(old, UNDER_WAY)
    assert (petition.state, petition.holder.code, petition.senders) == ("accepted", "zj", ["xf"])
    assert (petition.channel, petition.source_id, petition.brought_in_at) == ("letter", "X-17", NOW)
    entries = list(petition.entries.all())
    assert [each.event for each in entries] == [
        "lodged",
        "registered",
        "transferred",
        "accepted",
        "brought-in",
    ]
    assert {each.role for each in entries} == {"importer"}
    days = [each.claimed_at and each.claimed_at.astimezone(NOW.tzinfo) for each in entries]
    assert [str(day) for day in days[:2]] == ["2025-11-19 16:00:00+00:00", "2025-11-20 16:00:00+00:00"]
    assert days[3] is not None
    assert days[4] is None, "the last step is of now"
    assert {each.recorded_at for each in entries} == {NOW}, (
        "nothing looks as if it had been put on record then"
    )
    for each in entries[:4]:
        read = ledger.read_entry(bytes(each.public))
        assert read.claimed_at is not None, "the public log marks it as a claim"
        assert read.recorded_at == NOW
    assert entries[4].contents == {"old_system": OLD, "old_number": "X-17"}
    assert not Outbox.objects.filter(petition=petition).exists(), "nobody is told now what happened long ago"
    assert told.late == (("handling", date(2026, 1, 27)),)


def test_its_clocks_run_from_its_own_days_and_the_clerk_finds_it_late(old: Takeover):
    _, petition = one(old, UNDER_WAY)
    handling = petition.clocks.get(name="handling")
    assert (handling.start, handling.due, handling.state) == (
        date(2025, 11, 28),
        date(2026, 1, 27),
        "running",
    )
    sweep.sweep(NOW)
    handling.refresh_from_db()
    assert handling.state == "missed"
    missed = petition.entries.get(event="clock-missed")
    assert (missed.claimed_at, missed.recorded_at) == (None, NOW), "found out now, and not back-dated"


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({k: v for k, v in UNDER_WAY.items() if k in {"id", "text", "body", "lodged_at"}}, "lodged"),
        ({k: v for k, v in UNDER_WAY.items() if k[:8] not in {"transfer", "accepted"}}, "registered"),
        ({k: v for k, v in UNDER_WAY.items() if k != "accepted_at"}, "transferred"),
        (UNDER_WAY | {"state": "办理中"}, "accepted"),
        (UNDER_WAY | {"extended_at": "2026-01-15", "extended_days": "30"}, "accepted"),
        ({k: v for k, v in SERVED.items() if not k.startswith("served")}, "opinion-issued"),
        (SERVED, "opinion-served"),
        (SERVED | {"review_at": "2026-02-20", "state": "复查中"}, "review-requested"),
        (UNDER_WAY | {"body": "zj", "transferred_at": "", "transferred_to": ""}, "accepted"),
        (UNDER_WAY | {"kind": "建议", "accepted_at": ""}, "transferred"),
    ],
)
def test_every_state_that_an_open_case_can_have_reached(old: Takeover, row: dict[str, str], state: str):
    assert one(old, row)[1].state == state


def test_an_extension_there_counts_here(old: Takeover):
    told, petition = one(old, UNDER_WAY | {"extended_at": "2026-01-15", "extended_days": "30"})
    assert petition.clocks.get(name="extension").due == date(2026, 2, 26)
    assert told.late == (("extension", date(2026, 2, 26)),)


def test_who_asked_for_review_is_at_the_next_higher_body_here(old: Takeover):
    _, petition = one(old, SERVED | {"review_at": "2026-02-20"})
    assert (petition.holder.code, petition.stage) == ("xian", "review")
    assert petition.clocks.get(name="review").due == date(2026, 3, 23)


# ---- nothing is back-dated


def test_only_what_happened_before_it_began_is_told(old: Takeover):
    [told] = through(
        old,
        UNDER_WAY
        | {"lodged_at": "2026-03-02 11:00", "registered_at": "", "transferred_at": "", "accepted_at": ""},
        now=NOW + timedelta(days=2),
    )
    assert told.outcome == REFUSED
    assert told.why
    assert "after the takeover began" in told.why.en


def test_without_a_takeover_under_way_a_live_registry_refuses(old: Takeover):
    lodging = Lodging(subject="s", text="t", body="xf", source="other", source_id="1")
    refused = file(lodging, now=NOW, at=NOW - timedelta(days=9), by=IMPORTER)
    assert isinstance(refused, Refusal)
    assert refused.code == "live-registry"
    takeovers.end(old, by=None, now=NOW)
    [told] = through(old, UNDER_WAY)
    assert told.outcome == REFUSED
    assert not Petition.objects.exists()


def test_once_it_is_here_nothing_more_is_told_of_earlier_days(old: Takeover):
    _, petition = one(old, UNDER_WAY)
    for at in (NOW - timedelta(days=3), NOW - timedelta(days=40)):
        later = perform_past(
            petition.ref,
            [(Move("import-opinion", {"reply": "好"}), at)],
            IMPORTER,
            NOW + timedelta(seconds=1),
        )
        assert isinstance(later, Refusal)
        assert later.code == "live-registry"
        alone = perform(petition.ref, Move("extend", {"days": 5, "reasons": "r"}), IMPORTER, NOW, at=at)
        assert isinstance(alone, Refusal)
        assert alone.code == "live-registry"


def test_the_receipt_says_when_it_was_imported_and_what_is_claimed(old: Takeover):
    _, petition = one(old, UNDER_WAY)
    receipt = receipts.parse(notes.parse(receipt_again(petition)).text)
    assert receipt.acknowledged == NOW
    assert receipt.claimed_at == petition.lodged_at < NOW - timedelta(days=90)


# ---- what is not taken


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"registered_at": "2025-11-19"},
            "registered_at: registered on 2025-11-19 lies before lodged on 2025-11-20",
        ),
        ({"registered_at": ""}, "registered_at: it was transferred, and no day says when it was registered"),
        ({"accepted_at": "2025-11-23"}, "accepted_at: accepted on 2025-11-23 lies before transferred"),
        ({"state": "已送达"}, "state: the state says '已送达', the days come to accepted (accepted_at)"),
        ({"state": "已办结"}, "only open cases are taken over"),
        ({"state": "老大难"}, "'老大难' is not known"),
        ({"body": "县水利局"}, "body: no body in service is called '县水利局'"),
        ({"transferred_to": "县水利局"}, "transferred_to: no body"),
        (
            {"transferred_at": "", "transferred_to": ""},
            "accepted_at: this kind of body may not make this move",
        ),
        ({"transferred_to": "xf"}, "transferred_at:"),
        ({"lodged_at": "4/5/2025"}, "lodged_at: '4/5/2025' is no time that can be read"),
        ({"lodged_at": ""}, "lodged_at: it does not say when it was lodged"),
        ({"accepted_at": "2031-01-01"}, "accepted_at: 2031-01-01 is yet to come"),
        ({"text": ""}, "text: there is no text"),
        ({"id": ""}, "id: a number"),
        ({"id": "13800138000"}, "id: it reads like a telephone or identity number"),
        ({"kind": "检举控告"}, "a report against persons comes in by no list"),
        ({"phone": "1" * 201}, "phone: longer than 200 characters"),
        ({"extended_at": "2026-01-15"}, "extended_days: write by how many days"),
        ({"extended_at": "2026-01-15", "extended_days": "90"}, "extended_at:"),
        ({"opinion_at": "2026-01-20"}, "opinion: it was answered, and the answer is not there"),
        (
            {"served_at": "2026-01-20"},
            "opinion_at: it was served, and no day says when it was opinion issued",
        ),
        (SERVED | {"served_at": "2026-01-25"}, "the term to ask for review ended on 24 February 2026"),
        (
            SERVED | {"served_at": "2025-12-30", "opinion_at": "2025-12-29", "review_at": "2026-02-20"},
            "review_at:",
        ),
        (SERVED | {"served_way": "飞鸽"}, "served_way: '飞鸽' is not known"),
    ],
)
def test_a_row_that_contradicts_itself_or_the_law_is_refused(
    old: Takeover, change: dict[str, str], said: str
):
    [told, other] = through(old, UNDER_WAY | change, UNDER_WAY | {"id": "good"})
    assert told.outcome == REFUSED
    assert told.why is not None
    assert said in told.why.en
    assert told.why.zh != told.why.en
    assert other.outcome == TAKEN, "the others go in"
    assert Petition.objects.count() == 1, "nothing of it stays"
    assert not Entry.objects.exclude(petition__source_id="good").exists()


def test_the_same_number_comes_in_once(old: Takeover):
    first = through(old, UNDER_WAY, SERVED)
    again = through(old, UNDER_WAY, SERVED, now=NOW + timedelta(hours=1))
    assert [each.outcome for each in again] == [HERE, HERE]
    assert [each.ref for each in again] == [each.ref for each in first]
    [_, twin] = through(old, UNDER_WAY | {"id": "Y"}, UNDER_WAY | {"id": "Y", "text": "别的"})
    assert twin.outcome == REFUSED
    assert Petition.objects.count() == 3


def test_a_dry_run_finds_the_same_and_leaves_nothing(old: Takeover):
    named = UNDER_WAY | {"name": "王小明", "phone": "13800000000"}
    tried = through(old, named, UNDER_WAY | {"id": "bad", "state": "已办结"}, dry=True)
    assert [each.outcome for each in tried] == [TAKEN, REFUSED]
    assert tried[0].late
    assert not tried[0].ref
    assert not (Petition.objects.exists())
    assert not (Entry.objects.exists())
    assert not (IdentitySeal.objects.exists())


# ---- its author


def test_its_author_lies_under_seal_and_in_no_text(old: Takeover):
    said = UNDER_WAY | {
        "text": "我是王小明，路灯不亮。",
        "name": "王小明",
        "address": "东街 1 号",
        "email": "w@example.test",
    }
    _, petition = one(old, said)
    assert IdentitySeal.objects.filter(petition=petition).exists()
    assert ContactSeal.objects.filter(petition=petition).exists()
    assert petition.masked.get("text"), "where it names its author is known"
    assert "王小明" not in str([each.contents for each in petition.entries.all()])
    assert petition.service == "post"


def test_nobody_holds_a_key_until_an_officer_sends_one_and_then_it_works_at_once(old: Takeover):
    _, petition = one(old, UNDER_WAY | {"name": "王小明", "address": "东街 1 号"})
    assert petition.marks.get("keyless")
    offered = Move("send-first-key", {"key_way": "post"})
    sent = perform(petition.ref, offered, acting_as("otto"), NOW)
    assert not isinstance(sent, Refusal)
    key = losing.draw(sent)
    assert not isinstance(access.author_of(petition.ref, key), Refusal)
    second = losing.draw(sent)
    assert isinstance(access.author_of(petition.ref, key), Refusal), "a letter printed again voids the first"
    sweep.sweep(NOW + timedelta(days=9))
    petition.refresh_from_db()
    assert not petition.marks.get("keyless")
    assert not petition.marks.get("key-coming")
    assert not isinstance(access.author_of(petition.ref, second), Refusal)


def test_the_first_key_goes_by_mail_with_all_it_takes_to_use_it(old: Takeover):
    _, petition = one(old, UNDER_WAY | {"name": "王小明", "email": "w@example.test"})
    done = perform(petition.ref, Move("send-first-key", {"key_way": "contact"}), acting_as("otto"), NOW)
    assert not isinstance(done, Refusal)
    courier.deliver(NOW)
    [message] = [each for each in mail.outbox if KEY.search(str(each.body))]
    assert message.to == ["w@example.test"]
    for said in (petition.ref, OLD, "X-17"):
        assert said in message.body
    for untrue in ("丢失", "反对", "原查询码", petition.subject):
        assert untrue not in message.body
    [key] = KEY.findall(str(message.body))
    assert not isinstance(access.author_of(petition.ref, key), Refusal)


def test_the_first_key_stays_to_be_sent_until_it_was(old: Takeover):
    """Who left no name comes to the counter when they come: no week takes their only key away."""
    _, petition = one(old, UNDER_WAY)
    done = perform(petition.ref, Move("send-first-key", {"key_way": "post"}), acting_as("otto"), NOW)
    assert not isinstance(done, Refusal)
    sweep.sweep(NOW + timedelta(days=9))
    petition.refresh_from_db()
    assert losing.is_first(petition)
    assert losing.may_print(petition)
    key = losing.draw(petition)
    sweep.sweep(NOW + timedelta(days=10))
    petition.refresh_from_db()
    assert not losing.is_first(petition)
    assert not losing.may_print(petition)
    assert not isinstance(access.author_of(petition.ref, key), Refusal)
    assert not NewKey.objects.exists()


def test_nobody_is_told_of_a_lost_key_where_there_was_none(old: Takeover):
    _, petition = one(old, UNDER_WAY | {"name": "王小明"})
    losing.ask(petition.ref)
    lost_keys.look(NOW)
    petition.refresh_from_db()
    assert not petition.marks.get("key-asked")
    refused = perform(petition.ref, Move("send-new-key", {"key_way": "post"}), acting_as("otto"), NOW)
    assert isinstance(refused, Refusal)


def test_at_the_counter_it_is_found_by_its_old_number(old: Takeover):
    _, petition = one(old, UNDER_WAY)
    losing.ask_by_number(" X-17 ")
    losing.ask_by_number("X-99")
    assert set(LostKey.objects.values_list("ref", flat=True)) == {petition.ref, ""}


def test_the_letter_with_its_key_is_printed_at_the_desk(old: Takeover, cast: Any, monkeypatch: Any):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    _, petition = one(old, UNDER_WAY | {"name": "王小明", "address": "东街 1 号"})
    desk = Client()
    desk.force_login(cast["otto"])
    there = f"/desk/p/{petition.ref}/move/unseal/"
    done = perform(petition.ref, Move("send-first-key", {"key_way": "post"}), acting_as("otto"), NOW)
    assert not isinstance(done, Refusal)
    said = {"purpose": "serve", "words": "邮寄查询码", "newkey": "1", "seen": done.version}
    desk.cookies["huiyin_language"] = "en"
    told = (
        desk.get(f"/desk/p/{petition.ref}/").content.decode() + desk.get(f"{there}?newkey=1").content.decode()
    )
    assert "first key" in told
    assert "new key" not in told
    html = desk.post(there, said).content.decode()
    [key] = set(KEY.findall(html))
    assert '<article class="letter" lang="zh-hans">' in html, "in its author's language, not in the officer's"
    for shown in (
        "转到这里继续办理",
        "东街 1 号",
        petition.ref,
        "X-17",
        OLD,
        "claimed_at 2025-11-19T16:00:00Z",
    ):
        assert shown in html
    assert not isinstance(access.author_of(petition.ref, key), Refusal)
    reader = Client()
    page = reader.post(
        "/follow/", {"follow_ref": petition.ref, "follow_key": key}, follow=True
    ).content.decode()
    assert "不是在这里发生的" in page
    assert OLD in page
    assert "反对新查询码" not in page, "there is no older key whose holder could object"


def test_of_a_nameless_one_the_letter_is_handed_over_and_no_seal_is_opened(
    old: Takeover, cast: Any, monkeypatch: Any
):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    _, petition = one(old, UNDER_WAY)
    desk = Client()
    desk.force_login(cast["otto"])
    there = f"/desk/p/{petition.ref}/move/unseal/"
    assert not KEY.search(desk.post(there, {"newkey": "1"}).content.decode()), (
        "nobody has decided to send one"
    )
    perform(petition.ref, Move("send-first-key", {"key_way": "post"}), acting_as("otto"), NOW)
    assert "查询码" in desk.get(f"{there}?newkey=1").content.decode()
    [key] = set(KEY.findall(desk.post(there, {"newkey": "1"}).content.decode()))
    assert not isinstance(access.author_of(petition.ref, key), Refusal)
    assert not petition.entries.filter(event="seal-opened").exists()


def test_the_search_finds_it_by_its_old_number_and_only_who_may_see_it(
    old: Takeover, cast: Any, monkeypatch: Any
):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    _, petition = one(old, UNDER_WAY)
    desk = Client()
    desk.force_login(cast["otto"])
    assert desk.post("/desk/search/", {"q": "X-17"}).headers["Location"] == f"/desk/p/{petition.ref}/"
    page = desk.get(f"/desk/p/{petition.ref}/").content.decode()
    assert OLD in page
    assert "X-17" in page
    assert "/desk/p/" not in desk.post("/desk/search/", {"q": "X-1"}).headers.get("Location", "")
    desk.force_login(cast["tina"])
    assert "/desk/p/" not in desk.post("/desk/search/", {"q": "X-17"}).headers.get("Location", "")


# ---- figures


def test_what_ended_there_is_in_no_figure_and_what_runs_is_counted_by_the_law(old: Takeover):
    _, petition = one(old, SERVED)
    claimed = dict(petition.clocks.filter(on_due="breach").values_list("name", "claimed"))
    assert claimed["handling"] is True, "whether it was in time nobody here saw"
    _, running = one(old, UNDER_WAY)
    assert running.clocks.get(name="handling").claimed is False
    sweep.sweep(NOW)
    counting.count(NOW)
    assert not Clock.objects.filter(claimed=True, unlogged=True).exists()
    record = measured.of(watched.by(acting_as("sven")), 2025)
    assert dict(record.of(measures.TERM + "handling")) == {"overdue": 1}, "the one that runs, and late"
    assert not record.of(measures.REGISTERED)
    assert not record.of(measures.HANDED).total()


def test_numbering_takes_them_as_any_other_entry(old: Takeover):
    one(old, UNDER_WAY)
    numbering.number()
    assert not Entry.objects.filter(number=None).exists()
