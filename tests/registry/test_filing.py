"""Putting a petition on record: what is kept, what is refused, where it goes, what the receipt proves."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from huiyin.core import ledger, notes
from huiyin.core.refusal import Refusal
from huiyin.registry import access
from huiyin.registry.attachments import Upload
from huiyin.registry.file import Filed, file
from huiyin.registry.models import Body, Clock, DataSet, Entry, Outbox, Petition
from huiyin.registry.receipt import receipt_key
from huiyin.vault.seal import Author as Person
from tests.cast import NOW, acting_as, lodge, lodging

pytestmark = pytest.mark.usefixtures("cast")


def refused(**changes: Any) -> Refusal:
    made = file(lodging(**changes), now=NOW)
    assert isinstance(made, Refusal)
    assert not Petition.objects.exists()
    return made


def test_a_claim_that_names_no_body_goes_to_the_petition_office_under_its_clock() -> None:
    filed = lodge()
    assert filed.petition.holder.code == "xf"
    clock = Clock.objects.get()
    assert (clock.name, clock.article, clock.due.isoformat(), clock.state) == (
        "sort",
        "22.1",
        "2026-03-17",
        "running",
    )
    assert filed.clocks[0].due == clock.due
    assert Outbox.objects.get().notice == "receipt"


def test_a_claim_addressed_to_a_body_goes_there() -> None:
    filed = lodge(body="zj")
    assert filed.routing.body.code == "zj"
    assert filed.routing.instead_of is None
    assert filed.clocks[0].name == "notice"


def test_two_petitions_share_neither_reference_nor_key() -> None:
    first, second = lodge(), lodge()
    assert first.ref != second.ref
    assert first.key != second.key


def test_only_the_right_key_opens_and_wrong_key_and_unknown_reference_look_the_same() -> None:
    filed, other = lodge(), lodge()
    author = access.author_of(filed.ref.lower(), filed.key.replace("-", " ").lower())
    assert not isinstance(author, Refusal)
    assert author[0].ref == filed.ref
    wrong = [access.author_of(filed.ref, other.key), access.author_of("HY-00000-00000", filed.key)]
    wrong += [access.author_of(filed.ref, ""), access.author_of("", ""), access.author_of("\x00", "\x00")]
    assert {said.code for said in wrong if isinstance(said, Refusal)} == {"not-found"}
    assert len(set(map(repr, wrong))) == 1


def test_the_key_is_kept_by_nobody() -> None:
    filed = lodge()
    assert filed.key not in repr(filed)
    kept = json.dumps(Petition.objects.values().get(), default=repr)
    assert filed.key not in kept
    assert filed.key.replace("-", "") not in kept


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "长" * 201}, "subject"),
        ({"text": ""}, "text"),
        ({"text": "长" * 20_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "half \ud800"}, "text"),
        ({"kind": "complaint"}, "kind"),
        ({"channel": "pigeon"}, "channel"),
        ({"service": "drone"}, "service"),
        ({"body": "nowhere"}, "body"),
        ({"body": "province"}, "body"),
        ({"body": "z\x00j"}, "body"),
        ({"kind": "report", "against": ("nobody",)}, "against"),
        ({"against_words": "长" * 501}, "against"),
        ({"author": Person(name="长" * 201)}, "name"),
        ({"author": Person(phone="\ud800")}, "phone"),
        ({"language": "x" * 11}, "language"),
        ({"source": "s", "source_id": "1" * 81}, "source_id"),
        ({"uploads": [Upload("a.exe", b"MZ\x90\x00")]}, "attachments"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(changes: dict[str, Any], field: str) -> None:
    said = refused(**changes)
    assert field in said.fields, said
    assert said.reason.zh
    assert said.reason.en


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert set(refused(subject="", text="", kind="x").fields) == {"subject", "text", "kind"}


def test_a_live_registry_refuses_to_back_date() -> None:
    made = file(lodging(), now=NOW, at=NOW - timedelta(days=1))
    assert isinstance(made, Refusal)
    assert made.code == "live-registry"
    DataSet.objects.create(kind="live", marked_at=NOW)
    assert isinstance(file(lodging(), now=NOW, at=NOW - timedelta(days=1)), Refusal)


def test_an_import_keeps_both_times_and_sends_nothing() -> None:
    DataSet.objects.create(kind="import", marked_at=NOW)
    then = NOW - timedelta(days=4000)
    filed = file(lodging(source="mailbox", source_id="1"), now=NOW, at=then, by=access.IMPORTER)
    assert isinstance(filed, Filed), filed
    entry = Entry.objects.get()
    assert (entry.recorded_at, entry.claimed_at, entry.rulebook) == (NOW, then, "cn-2005")
    assert f"claimed_at {ledger.second(then)}" in filed.receipt
    assert filed.petition.lodged_at == then
    assert not Outbox.objects.exists()


def test_the_same_row_of_the_same_source_is_imported_once() -> None:
    lodge(source="mailbox", source_id="1")
    again = file(lodging(source="mailbox", source_id="1"), now=NOW)
    assert isinstance(again, Refusal)
    assert again.code == "already-imported"
    lodge(source="another", source_id="1")
    assert Petition.objects.count() == 2


def test_a_registrar_takes_in_a_letter_whoever_it_is_addressed_to() -> None:
    filed = file(lodging(channel="letter", body="zj"), now=NOW, by=acting_as("olga"))
    assert isinstance(filed, Filed)
    entry = Entry.objects.get()
    assert (entry.role, entry.body, entry.officer and entry.officer.login) == ("registrar", "zj", "olga")


@pytest.mark.parametrize("login", ["hedda", "rita", "sven", "ada", "audrey"])
def test_who_is_no_registrar_enters_nothing_for_others(login: str) -> None:
    made = file(lodging(channel="letter"), now=NOW, by=acting_as(login))
    assert isinstance(made, Refusal)
    assert made.code == "wrong-role"


# ---- reports


def test_a_report_goes_to_the_discipline_body_and_ends_at_the_hand_over() -> None:
    filed = lodge(kind="report", against=("zj",))
    assert (filed.petition.holder.code, filed.petition.state) == ("jw", "handing-over")
    assert filed.clocks == ()
    assert "clock none" in filed.receipt


def test_a_report_addressed_to_whom_it_is_about_goes_elsewhere_and_says_so() -> None:
    filed = lodge(kind="report", body="zj", against=("zj",))
    assert filed.routing.instead_of is not None
    assert (filed.routing.instead_of.code, filed.routing.body.code) == ("zj", "jw")


def test_a_report_about_the_county_comes_to_nobody_who_answers_to_the_county() -> None:
    assert refused(kind="report", against=("xian",)).code == "no-body"
    outside = Body.objects.create(
        code="sjw",
        name_zh="省纪委监委",
        name_en="Discipline",
        kind="discipline",
        level="province",
        external=True,
    )
    assert lodge(kind="report", against=("xian",)).petition.holder == outside


def test_a_claim_about_a_bodys_own_act_still_goes_to_that_body() -> None:
    assert lodge(body="zj", against=("zj",)).petition.holder.code == "zj"


# ---- the receipt


def opened(receipt: str) -> dict[str, str]:
    text = notes.read_note(receipt, receipt_key())
    return dict(line.split(" ", 1) for line in text.splitlines() if " " in line)


def test_the_receipt_proves_offline_what_was_lodged_and_which_clock_runs() -> None:
    filed = lodge(subject="  路灯坏了 ", uploads=[Upload("a.txt", b"light")])
    told = opened(filed.receipt)
    assert told["ref"] == filed.ref
    assert told["recorded_at"] == "2026-03-02T02:00:00Z"
    assert told["clock"] == "sort cn-2022 22.1 15 day 2026-03-02 2026-03-17 final"
    kept = Petition.objects.get()
    files = ["" + a.sha256 for a in kept.attachments.all()]
    content = {"subject": kept.subject, "text": kept.text, "attachments": files}
    assert told["content_sha256"] == ledger.digest(ledger.canonical(content))


def test_the_receipt_opens_the_first_entry_of_the_ledger() -> None:
    told = opened(lodge().receipt)
    entry = Entry.objects.get()
    opening = json.loads(told["opening"])
    commitment = ledger.commit(opening, base64.b64decode(told["salt"]))
    assert bytes(entry.public) == ledger.Entry(entry.recorded_at, commitment).to_bytes()
    assert told["entry"] == ledger.digest(bytes(entry.public))


@pytest.mark.parametrize("change", [("2026-03-17", "2026-03-18"), ("xf", "zj"), ("— huiyin", "— another")])
def test_a_changed_receipt_does_not_verify(change: tuple[str, str]) -> None:
    receipt = lodge().receipt
    assert change[0] in receipt
    with pytest.raises(notes.BadNote):
        notes.read_note(receipt.replace(*change), receipt_key())


def test_the_receipt_tells_a_finder_nothing_of_the_matter_or_the_person() -> None:
    receipt = lodge().receipt
    for secret in ("路灯", "张三", "13800000000", "zhang@", "一号院"):
        assert secret not in receipt
