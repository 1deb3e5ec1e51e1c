"""Splitting a mixed petition: parts with a term, an answer and readers of their own, and one key for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from huiyin.core import ledger, notes
from huiyin.core.refusal import Refusal
from huiyin.registry import access, record
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Body, Entry, Outbox, Petition, Role
from huiyin.registry.receipt import receipt_again, receipt_key
from huiyin.registry.story import story_of
from huiyin.vault.unseal import open_contact, open_identity, open_words
from tests.cast import NOW, PARTS, Walk, acting_as, lodge


@pytest.fixture
def split(walk: Walk) -> tuple[Walk, Walk, Walk]:
    """The whole, the claim and the report, three days after it was lodged."""
    walk("register", "olga")
    walk.later(days=3)
    walk("split", "olga", parts=PARTS, reasons="既有诉求又有检举")
    claim, report = parts_of(walk)
    return walk, claim, report


def parts_of(walk: Walk) -> list[Walk]:
    return [Walk(replace(walk.filed, ref=part.ref), walk.now) for part in walk.petition.parts.order_by("id")]


def sees(login: str, walk: Walk) -> bool:
    return access.visible_to(acting_as(login)).filter(ref=walk.ref).exists()


def test_each_part_is_a_petition_under_the_term_of_the_whole(split: Any) -> None:
    whole, claim, report = split
    assert (whole.petition.state, whole.petition.is_open) == ("split", False)
    assert [c.state for c in whole.petition.clocks.all()] == ["met"]
    for each, kind in ((claim, "claim"), (report, "report")):
        petition = each.petition
        assert (petition.kind, petition.state, petition.holder.code) == (kind, "registered", "xf")
        assert petition.lodged_at == NOW
        (clock,) = petition.clocks.all()
        assert (clock.name, clock.start, clock.state) == (
            "sort",
            whole.petition.clocks.get().start,
            "running",
        )
        assert petition.next_due == clock.due


def test_a_part_shows_its_own_words_alone(split: Any) -> None:
    _, claim, report = split
    assert (claim.petition.text, open_words(report.petition.pk)["text"]) == ("请修好路灯。", "有人收了钱。")
    claim("transfer", "olga", body="zj")
    assert sees("otto", claim)
    told = story_of(claim.petition)
    words = " ".join(str(fact.value) for step in told.timeline for fact in step.facts)
    assert "有人收了钱" not in words


def test_a_report_among_the_parts_never_comes_to_those_it_is_about(split: Any) -> None:
    whole, _, report = split
    assert not sees("otto", report)
    assert not sees("otto", whole)
    refused = report.ask("transfer", "olga", body="zj")
    assert isinstance(refused, Refusal)


def test_a_body_that_finds_a_report_about_itself_keeps_neither_it_nor_the_whole(cast: Any) -> None:
    whole = Walk(lodge(body="zj"))
    whole("register", "otto")
    whole("split", "otto", parts=PARTS, reasons="其中一项检举本单位")
    claim, report = parts_of(whole)
    assert (claim.petition.holder.code, report.petition.holder.code) == ("zj", "jw")
    assert sees("otto", claim)
    assert not sees("otto", whole)
    assert not sees("otto", report)
    assert not access.inbox_of(acting_as("otto")).filter(ref=whole.ref).exists()


def test_the_one_key_opens_the_whole_and_every_part_and_no_other(split: Any) -> None:
    whole, claim, report = split
    for each in (whole, claim, report):
        found = access.author_of(each.ref, whole.key)
        assert not isinstance(found, Refusal)
        assert found[1].ref == each.ref
        wrong = access.author_of(each.ref, lodge().key)
        assert isinstance(wrong, Refusal)
    assert claim("add-information", "author", information="又坏了一盏")


def test_the_name_stays_under_the_seal_of_the_whole_and_each_opening_is_told_there(split: Any) -> None:
    whole, claim, report = split
    assert claim.petition.sealed_under == whole.petition.pk
    assert open_identity(claim.petition.sealed_under).name == "张三"
    assert open_contact(report.petition.sealed_under).email == "zhang@example.test"
    claim("unseal", "olga", purpose="serve", words="寄送文书")
    for each in (whole, claim, report):
        assert [o.words.zh for o in story_of(each.petition, served_only=True).openings] == ["寄送文书"]


def test_a_part_has_a_receipt_that_can_be_checked(split: Any) -> None:
    _, claim, _ = split
    text = receipt_again(claim.petition)
    told = notes.read_note(text, receipt_key())
    assert f"ref {claim.ref}\n" in told
    assert "clock sort cn-2022 22.1" in told
    entry = claim.petition.entries.get(seq=1)
    opening = record.opening_of(claim.petition, entry)
    assert ledger.commit(opening, bytes(entry.salt)).encode() in bytes(entry.public)


def test_the_author_is_told_once_and_not_for_each_part(walk: Walk) -> None:
    walk("register", "olga")
    before = Outbox.objects.count()
    walk("split", "olga", parts=PARTS, reasons="两类")
    assert [row.notice for row in Outbox.objects.order_by("id")[before:]] == ["split"]


def test_files_go_with_the_part_they_belong_to(cast: Any) -> None:
    files = [Upload("1.txt", "一".encode()), Upload("2.txt", "二".encode())]
    walk = Walk(lodge(uploads=files))
    walk("register", "olga")
    parts = [{**PARTS[0], "part_files": "2"}, PARTS[1]]
    unknown = walk.ask("split", "olga", parts=[{**PARTS[0], "part_files": "3"}, PARTS[1]], reasons="两类")
    assert isinstance(unknown, Refusal)
    assert "parts" in unknown.fields
    walk("split", "olga", parts=parts, reasons="两类")
    claim, report = walk.petition.parts.order_by("id")
    assert [a.name for a in claim.attachments.all()] == ["2.txt"]
    assert not report.attachments.exists()


@pytest.mark.parametrize(
    "changes",
    [{"part_against": ["nowhere"], "part_kind": "report"}, {"part_against": ["zj"]}, {"part_kind": "other"}],
)
def test_parts_that_cannot_be_leave_nothing_behind(walk: Walk, changes: dict[str, Any]) -> None:
    walk("register", "olga")
    before = Petition.objects.count(), Entry.objects.count()
    refused = walk.ask("split", "olga", parts=[{**PARTS[0], **changes}, PARTS[1]], reasons="两类")
    assert isinstance(refused, Refusal)
    assert "parts" in refused.fields
    assert (Petition.objects.count(), Entry.objects.count()) == before
    assert walk.petition.state == "registered"


def test_a_part_is_not_split_again_nor_is_an_import(split: Any) -> None:
    _, claim, _ = split
    refused = claim.ask("split", "olga", parts=PARTS, reasons="再拆")
    assert isinstance(refused, Refusal)
    assert refused.code == "already-part"


ASKED = [{"request": "修好路灯"}, {"request": "赔偿摔伤的医药费"}]
TWO = [
    {"part_kind": "claim", "part_subject": "路灯", "part_text": "请修好路灯。", "part_requests": "1"},
    {"part_kind": "claim", "part_subject": "赔偿", "part_text": "请赔医药费。", "part_requests": "2"},
]


@pytest.fixture
def taken_up(walk: Walk) -> Walk:
    """Accepted by the bureau, and five days later found to hold several things."""
    walk("register", "olga")
    walk("transfer", "olga", body="zj")
    walk("accept", "otto", requests=ASKED)
    walk.later(days=5)
    return walk


def test_a_part_of_what_was_taken_up_goes_on_under_the_same_term(taken_up: Walk) -> None:
    term = taken_up.petition.clocks.get(name="handling")
    taken_up("split", "otto", parts=TWO, reasons="两项诉求应当分别答复")
    lamp, money = parts_of(taken_up)
    for part, request in ((lamp, "修好路灯"), (money, "赔偿摔伤的医药费")):
        petition = part.petition
        assert (petition.state, petition.holder.code, petition.handled_by) == ("accepted", "zj", "zj")
        (clock,) = petition.clocks.all()
        assert (clock.name, clock.start, clock.due, clock.state) == (
            "handling",
            term.start,
            term.due,
            "running",
        )
        assert petition.next_due == term.due
        assert petition.requests == [request]
        assert ["otto", "handling"] in petition.took_part, "who handled the whole never reviews a part"
    assert {c.state for c in taken_up.petition.clocks.filter(ended=None)} == set()
    assert receipt_again(lamp.petition).count("clock handling cn-2022") == 1


def test_what_was_missed_before_the_split_is_missed_in_each_part(taken_up: Walk) -> None:
    taken_up.later(days=70)
    taken_up("split", "otto", parts=TWO, reasons="两项")
    assert [c.state for c in taken_up.petition.clocks.filter(name="handling")] == ["missed"]
    for part in parts_of(taken_up):
        assert part.petition.next_due == part.petition.clocks.get().due
        assert part.petition.next_due < part.now.date()


def test_a_part_that_was_sent_on_can_still_be_objected_to(walk: Walk) -> None:
    walk("register", "olga")
    walk("transfer", "olga", body="zj")
    walk("split", "otto", parts=PARTS, reasons="其中一项检举")
    claim, report = parts_of(walk)
    assert (claim.petition.state, claim.petition.senders) == ("transferred", ["xf"])
    assert {c.name for c in claim.petition.clocks.all()} == {"notice", "objection"}
    assert (report.petition.holder.code, report.petition.state) == ("jw", "handing-over")
    claim("object", "otto", reasons="不属于本机关职责")
    assert claim.petition.state == "objected"


def test_a_part_of_another_class_starts_anew_from_the_day_of_lodging(taken_up: Walk) -> None:
    idea = {"part_kind": "suggestion", "part_subject": "多装几盏", "part_text": "建议多装几盏。"}
    taken_up("split", "otto", parts=[{**TWO[0], "part_requests": "1, 2"}, idea], reasons="还有一条建议")
    _, suggestion = parts_of(taken_up)
    assert (suggestion.petition.state, suggestion.petition.kind) == ("registered", "suggestion")
    assert suggestion.petition.clocks.get().start == NOW.date()


@pytest.mark.parametrize(("numbers", "code"), [("", "request-lost"), ("9", "contents")])
def test_no_request_is_lost_by_splitting(taken_up: Walk, numbers: str, code: str) -> None:
    parts = [TWO[0], {**TWO[1], "part_requests": numbers}]
    refused = taken_up.ask("split", "otto", parts=parts, reasons="两项")
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert taken_up.petition.state == "accepted"


def test_what_is_under_way_is_ended_before_it_is_split(taken_up: Walk) -> None:
    term = (taken_up.now.date() + timedelta(days=10)).isoformat()
    taken_up("call-in", "otto", body="jt", share="核实路段归属", term=term)
    refused = taken_up.ask("split", "otto", parts=TWO, reasons="两项")
    assert isinstance(refused, Refusal)
    assert refused.code == "clock-running"


def test_who_stepped_back_from_the_whole_never_sees_a_part(walk: Walk, cast: Any) -> None:
    walk("register", "olga")
    walk("transfer", "olga", body="zj")
    walk("declare-recusal", "otto", recusal_ground="own-act")
    Role.objects.create(officer=cast["tina"], body=Body.objects.get(code="zj"), role="handler")
    walk("split", "tina", parts=TWO, reasons="两项")
    for part in parts_of(walk):
        assert not sees("otto", part)
