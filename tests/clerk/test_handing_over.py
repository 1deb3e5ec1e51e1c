"""A petition goes to another installation, and nothing of it is lost or doubled on the way."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as house
from django.db import transaction
from django.test import Client

from huiyin.clerk import adopting, handing_over, offering, publishing
from huiyin.core import bundle, handover, ledger, manifest, notes
from huiyin.core.refusal import Refusal
from huiyin.papers import case_file
from huiyin.registry import access, crossings, partners, relieving, situation
from huiyin.registry.models import (
    Accused,
    Body,
    Crossing,
    Officer,
    Partner,
    PartnerMessage,
    Petition,
    Role,
)
from huiyin.registry.receipt import log_key, receipt_again
from huiyin.registry.relieving import Wish
from huiyin.vault import keys
from huiyin.vault.models import ContactSeal, IdentitySeal
from tests.cast import NOW, Walk, legal_day, lodge
from tests.clerk.partners import Line, as_filed, round_of, sent_out, theirs
from tests.clerk.seams import PLACES
from tests.registry.test_relieving import WISH
from tests.seams import Killed, Seams


def test_until_the_other_side_has_it_the_terms_here_run(line: Line) -> None:
    walk = sent_out()
    here = walk.petition
    assert (here.state, here.holder.code, here.is_open) == ("crossing", "xf", True)
    assert here.clocks.get(name="sort").state == "running"


def test_it_is_taken_over_with_terms_of_its_own_and_its_seals(line: Line) -> None:
    walk = sent_out()
    round_of()
    here, there = walk.petition, theirs(walk)
    assert (here.state, here.holder.code, here.is_open) == ("crossed", "far", False)
    assert here.clocks.get(name="sort").state == "met"
    assert (there.state, there.holder.code, there.senders) == ("transferred", "zj", ["near"])
    assert {c.name: c.start for c in there.clocks.all()} == {"notice": walk.today, "objection": walk.today}
    assert (there.subject, there.text) == (here.subject, here.text)
    assert there.lodged_at == here.lodged_at
    assert IdentitySeal.objects.filter(petition=there).exists()
    assert ContactSeal.objects.filter(petition=there).exists()
    out = Crossing.objects.get(incoming=False)
    assert (out.state, out.ref) == (partners.SEALED, there.ref)
    assert not PartnerMessage.objects.filter(done_at=None).exists()


def test_its_author_follows_it_there_with_the_key_that_they_have(line: Line) -> None:
    walk = sent_out()
    round_of()
    there = theirs(walk)
    found = access.author_of(there.ref, walk.key)
    assert isinstance(found, tuple)
    assert found[1] == there
    assert not isinstance(access.author_of(there.ref, "K7QM2-XWP9A-TD4H8-CZR3N"), tuple)


def test_nothing_changes_when_everything_is_said_again(line: Line) -> None:
    walk = sent_out()
    round_of()
    before = Petition.objects.count()
    for message in list(line.went):
        line.post("http://partner.example.test/partners/v1/messages", message, {})
    assert round_of() == {}
    assert (Petition.objects.count(), walk.petition.state) == (before, "crossed")


# ---- what is not taken


def refused(walk: Any) -> tuple[str, str]:
    here = walk.petition
    last = here.entries.order_by("-seq")[0]
    return here.state, last.contents.get("partner_refusal", "")


def test_a_body_that_is_not_theirs_is_refused_with_the_reason(line: Line) -> None:
    Body.objects.filter(code="far").update(partner_code="nowhere")
    walk = sent_out()
    round_of()
    assert refused(walk) == ("registered", "not-our-body")
    assert walk.petition.clocks.get(name="sort").state == "running"
    walk("transfer", "olga", body="zj")  # and its officer goes on


def test_what_comes_from_an_unknown_body_is_refused(line: Line) -> None:
    Body.objects.filter(code="near").delete()
    walk = sent_out()
    round_of()
    assert refused(walk) == ("registered", "unknown-sender")


def test_where_the_law_knows_no_hand_over_it_is_refused(line: Line, monkeypatch: Any) -> None:
    monkeypatch.setattr(adopting, "_is_of_our_law", lambda *_: False)
    walk = sent_out()
    round_of()
    assert refused(walk) == ("registered", "no-such-law")


def test_a_body_that_it_is_about_does_not_get_it(line: Line) -> None:
    """Whatever the sender thinks of it: whom it is about is told, and the receiver looks."""
    walk = sent_out()
    Accused.objects.create(petition=walk.petition, body=Body.objects.get(code="far"))
    round_of()
    assert refused(walk) == ("registered", "reported-body")


@pytest.mark.parametrize("body", ["far", "near"])
def test_a_report_is_not_handed_over_and_the_refusal_says_why(line: Line, body: str) -> None:
    walk = Walk(lodge(kind="report", body="xf", against_words="某人"))
    walk("register", "olga")
    made = walk.ask("transfer", "olga", body=body)
    assert isinstance(made, Refusal)
    assert made.code == "report-stays"
    assert made.article == "30"
    assert not Crossing.objects.exists()


def test_a_joint_petition_is_not_handed_over(line: Line, monkeypatch: Any) -> None:
    walk = Walk(lodge(joint=True))
    walk("register", "olga")
    monkeypatch.setattr(situation, "_signatures", lambda _: 2)
    made = walk.ask("transfer", "olga", body="far")
    assert isinstance(made, Refusal)
    assert made.code == "joint-stays"


@pytest.mark.parametrize("what", ["text", "proof", "receipt", "log key"])
def test_what_does_not_prove_itself_is_not_taken(
    line: Line, partner: Partner, what: str, monkeypatch: Any
) -> None:
    walk = sent_out()
    if what == "log key":
        other = notes.verifier_key(partner.origin, notes.public_of(b"x" * 32))
        was_adopt = adopting.adopt

        def of_another_log(crossing: Crossing, *more: Any) -> str:
            # The envelope was by whom it says; the case file inside is vouched for by another log.
            crossing.partner.log_key = other
            return was_adopt(crossing, *more)

        monkeypatch.setattr(adopting, "adopt", of_another_log)
    elif what == "receipt":
        was = receipt_again
        monkeypatch.setattr(offering, "receipt_again", lambda p: was(lodge().petition))
    else:
        was_json = case_file.as_json

        def changed(case: Any) -> Any:
            said = was_json(case)
            if what == "text":
                said["lodged"]["text"] += "。"
            else:
                said["proofs"] = said["proofs"][1:]
            return said

        monkeypatch.setattr(case_file, "as_json", changed)
    round_of()
    assert refused(walk) == ("registered", "not-proved")
    assert not Petition.objects.filter(key_ref=walk.ref).exists()


# ---- the door


def post(body: bytes) -> int:
    answer = Client().post("/partners/v1/messages", body, content_type="application/octet-stream")
    return answer.status_code


def test_the_door_takes_only_what_its_envelope_proves(line: Line) -> None:
    sent_out()
    round_of()
    offer = line.went[0]
    assert post(offer) == 202
    assert post(b"hello") == 400
    assert post(b"") == 411
    assert post(offer[:-1] + bytes([offer[-1] ^ 1])) == 403
    head, _, sealed = offer.partition(b"\0")
    assert post(head.replace(b"seq 1", b"seq 9") + b"\0" + sealed) == 403
    assert Client().get("/partners/v1/messages").status_code == 405
    assert Client().get("/partners/v1/other").status_code == 404


def test_an_unknown_installation_is_told_that_it_is_unknown(line: Line, partner: Partner) -> None:
    sent_out()
    round_of()
    Partner.objects.filter(pk=partner.pk).update(origin="another.example.test")
    assert post(line.went[0]) == 404


def test_the_public_process_needs_no_key_to_take_a_message(line: Line, settings: Any) -> None:
    sent_out()
    publishing.publish(NOW)
    handing_over.look(NOW)
    settings.ZONE = "public"
    with pytest.raises(keys.KeyRefused):
        keys.private(keys.PARTNER)
    assert post(line.went[0]) == 202


# ---- what lies where


def relieve(petition: Petition) -> None:
    """An application for aid, which its author made beside it."""
    Role.objects.create(
        officer=Officer.objects.get(login="ada"), body=Body.objects.get(code="xian"), role="relief"
    )
    wish = Wish(**WISH)
    assert not isinstance(relieving.apply(petition, wish, legal_day(NOW)), Refusal)


def test_neither_identity_nor_aid_leaves_in_the_offer(line: Line, monkeypatch: Any) -> None:
    seen: list[bytes] = []
    was = adopting.adopt

    def looked_at(crossing: Crossing, content: bytes, *more: Any) -> str:
        seen.append(content)
        return was(crossing, content, *more)

    monkeypatch.setattr(adopting, "adopt", looked_at)
    walk = sent_out()
    relieve(walk.petition)
    round_of()
    with zipfile.ZipFile(io.BytesIO(seen[0])) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for word in ("张三", "13800000000", "zhang@example.test", "一号院", "relief", "救助", walk.key):
        assert word not in held


def test_no_message_is_kept_once_its_work_is_done(line: Line) -> None:
    sent_out()
    round_of()
    assert {bytes(m.sealed) for m in PartnerMessage.objects.all()} == {b""}
    assert all(m.sha256 for m in PartnerMessage.objects.all())


def test_nothing_on_the_line_can_be_read(line: Line) -> None:
    walk = sent_out()
    round_of()
    for message in line.went:
        for word in ("路灯", walk.ref, "张三"):
            assert word.encode() not in message


def test_the_case_file_here_and_there_holds(line: Line) -> None:
    walk = sent_out()
    round_of()
    for petition in (walk.petition, theirs(walk)):
        case = case_file.case_file(petition, NOW, for_author=True)
        with case_file.bundle(case, {}) as packed:
            listed, read, digests = bundle.read(io.BytesIO(packed.read()), [notes.parse_key(log_key())])
        assert list(manifest.wrongs(listed, digests, read)) == []


def test_the_first_entry_there_names_head_and_commitment_of_here(line: Line) -> None:
    walk = sent_out()
    round_of()
    first, there = walk.petition.entries.get(seq=1), theirs(walk).entries.get(seq=1)
    said = there.contents["handed_over"]
    assert said["commitment"] == ledger.digest(bytes(first.public))
    assert int(said["head"].split()[0]) > (first.number or 0)
    assert said["origin"] == house.ORIGIN
    assert there.contents["content_sha256"] == first.contents["content_sha256"]


# ---- what comes back


def objected() -> Walk:
    """A claim that the body over there has objected to, and whoever sent it has heard of that."""
    walk = sent_out()
    round_of()
    Walk(as_filed(theirs(walk)))("object", "otto", reasons="归交通局")
    round_of()
    return walk


def test_an_objection_comes_back_to_whoever_sent_it(line: Line) -> None:
    walk = objected()
    here, there = walk.petition, theirs(walk)
    assert (here.state, here.holder.code, there.state, there.holder.code) == (
        "objected",
        "xf",
        "objected",
        "near",
    )
    assert here.entries.get(event="partner-objected").contents == {"reasons": "归交通局"}
    assert here.clocks.filter(name="notice", state="running").exists()


def test_what_is_taken_back_goes_on_here_and_ends_there(line: Line) -> None:
    walk = objected()
    walk("return", "olga", reasons="确属另一单位")
    round_of()
    there = theirs(walk)
    assert (walk.petition.state, there.state, there.is_open) == ("registered", "sent-back", False)
    assert not there.clocks.filter(state="running").exists()
    assert walk.petition.marks.get("crossed") is None
    walk("transfer", "olga", body="zj")
    assert walk.petition.state == "transferred"


def test_what_is_not_taken_back_goes_on_there(line: Line) -> None:
    walk = objected()
    walk("reject-objection", "olga", reasons="清单第41项")
    round_of()
    there = theirs(walk)
    assert (walk.petition.state, walk.petition.holder.code) == ("crossed", "far")
    assert (there.state, there.holder.code) == ("transferred", "zj")
    Walk(as_filed(there))("accept", "otto", requests=[{"request": "修好路灯"}])
    round_of()
    assert walk.petition.entries.get(event="partner-heard").contents["partner_step"] == "accepted"


def test_it_can_be_sent_there_again_once_it_came_back(line: Line) -> None:
    walk = objected()
    walk("return", "olga", reasons="确属另一单位")
    round_of()
    walk("transfer", "olga", body="far")
    round_of()
    assert walk.petition.state == "crossed"
    assert Crossing.objects.filter(petition=walk.petition).count() == 2
    assert Petition.objects.filter(key_ref=walk.ref).count() == 2


def test_what_happens_there_is_told_by_kind_and_day(line: Line) -> None:
    walk = sent_out()
    round_of()
    there = Walk(as_filed(theirs(walk)))
    there.to("opinion-served")
    round_of()
    told = [e.contents for e in walk.petition.entries.filter(event="partner-heard")]
    assert [each["partner_step"] for each in told] == ["accepted", "served"]
    assert set(told[0]) == {"partner_step", "partner_on"}


def test_what_was_assigned_is_reported_back(line: Line) -> None:
    term = (legal_day(NOW) + timedelta(days=40)).isoformat()
    walk = sent_out("assign", term=term)
    round_of()
    assert walk.petition.clocks.get(name="report").state == "running"
    there = Crossing.objects.get(incoming=True)
    with transaction.atomic():
        crossings.put(
            there, handover.WORD, handover.written({"step": "reported-back", "on": "2026-03-02"}), NOW
        )
    round_of()
    assert walk.petition.clocks.get(name="report").state == "met"


def test_the_terms_there_run_from_the_day_it_arrived_whenever_it_is_worked_off(line: Line) -> None:
    walk = sent_out()
    publishing.publish(NOW)
    handing_over.send(NOW)
    offering.offer(Crossing.objects.get(), NOW)
    handing_over.send(NOW)
    later = NOW + timedelta(days=3)
    line.now = later
    round_of(later)
    there = theirs(walk)
    assert {c.start for c in there.clocks.all()} == {legal_day(NOW)}
    assert there.entries.get(seq=1).recorded_at == later


# ---- calling it back


def test_it_is_called_back_as_long_as_it_has_not_left(line: Line) -> None:
    walk = sent_out()
    walk("call-back", "olga", reasons="选错了单位")
    assert walk.petition.state == "registered"
    assert round_of() == {}
    assert line.went == []
    assert Crossing.objects.get().state == partners.CALLED_BACK


def test_it_is_called_back_while_nobody_answers_at_that_address(line: Line) -> None:
    walk = sent_out()
    line.broken = lambda _n: ConnectionRefusedError()
    round_of()
    walk("call-back", "olga", reasons="对方没有开通")
    line.broken = lambda _n: None
    assert round_of(NOW + timedelta(days=1)) == {}
    assert walk.petition.state == "registered"


def test_it_is_not_called_back_once_it_may_be_there(line: Line) -> None:
    walk = sent_out()
    line.answer_lost = True
    publishing.publish(NOW)
    handing_over.look(NOW)
    made = walk.ask("call-back", "olga", reasons="改主意了")
    assert isinstance(made, Refusal)
    assert made.code == "has-left"


# ---- when the line breaks


def test_it_is_tried_again_with_longer_waits_and_at_last_somebody_has_to_look(line: Line) -> None:
    walk = sent_out()
    line.broken = lambda _n: TimeoutError()
    publishing.publish(NOW)
    now = NOW
    for tries, seconds in enumerate((0, *handover.WAITS), start=1):
        now += timedelta(seconds=seconds)
        handing_over.look(now)
        assert len(line.went) == tries
        handing_over.look(now)
        assert len(line.went) == tries, "not before its time"
    message = PartnerMessage.objects.get()
    assert (message.next_at, message.error, walk.petition.state) == (None, "TimeoutError", "crossing")
    line.broken = lambda _n: None
    line.now = now
    crossings.retry(PartnerMessage.objects.all(), now)
    round_of(now)
    assert walk.petition.state == "crossed"


def test_an_answer_that_was_lost_doubles_nothing(line: Line) -> None:
    walk = sent_out()
    line.answer_lost = True
    now = NOW
    for _ in range(12):
        round_of(now)
        now += timedelta(hours=13)
        line.now = now
    line.answer_lost = False
    round_of(now)
    assert walk.petition.state == "crossed"
    assert Petition.objects.filter(key_ref=walk.ref).count() == 1


def test_one_that_is_away_keeps_no_other_waiting(line: Line, partner: Partner) -> None:
    first = sent_out()
    partner.pk, partner.origin, partner.url = None, "c.example.test", "http://partner.example.test/"
    partner.save()
    Body.objects.filter(code="far").update(partner=partner)
    second = sent_out()

    round_of()
    # The second one is for somebody else: the envelope is refused, and tried again later.
    assert first.petition.state == "crossed"
    assert second.petition.state == "crossing"


# ---- dying at each seam


A_FEW = 12  # of so many seams one is tried, where it has to be quick


def once_through(monkeypatch: Any, at: int) -> tuple[list[str], Walk]:
    """There, back by objection and there again, dying once at that seam."""

    with monkeypatch.context() as patch:
        seams = Seams(PLACES, at).put(patch.setattr)

        def until_still() -> None:
            for _ in range(3):
                try:
                    PartnerMessage.objects.filter(done_at=None).update(next_at=NOW)
                    round_of()
                except Killed:
                    continue

        walk = sent_out()
        until_still()
        Walk(as_filed(theirs(walk)))("object", "otto", reasons="归交通局")
        until_still()
        walk("return", "olga", reasons="确属另一单位")
        until_still()
    return seams.names, walk


def dies_and_goes_on(monkeypatch: Any, at: int, name: str) -> None:
    _, walk = once_through(monkeypatch, at)
    there = Petition.objects.filter(key_ref=walk.ref)
    assert [each.state for each in there] == ["sent-back"], (at, name)
    assert walk.petition.state == "registered", (at, name)
    events = [entry.event for entry in walk.petition.entries.all()]
    for event in ("crossing-confirmed", "seals-closed-anew", "partner-objected", "returned"):
        assert events.count(event) == 1, (at, name, events)
    assert IdentitySeal.objects.filter(petition__in=there).count() == 1, (at, name)
    mine = PartnerMessage.objects.filter(petition__in=[walk.petition, *there])
    assert not mine.filter(done_at=None).exists(), (at, name)


def every_seam(monkeypatch: Any) -> list[tuple[int, str]]:
    names, _ = once_through(monkeypatch, 0)
    assert len(names) > 100
    return [(at, name) for at, name in enumerate(names, start=1) if not name.endswith("ready")]


def test_dying_at_a_seam_neither_loses_nor_doubles_it(line: Line, monkeypatch: Any) -> None:
    """At some of them, others each time."""
    first = random.SystemRandom().randrange(A_FEW)
    for at, name in every_seam(monkeypatch)[first::A_FEW]:
        dies_and_goes_on(monkeypatch, at, name)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_dying_at_any_seam_neither_loses_nor_doubles_it(line: Line, monkeypatch: Any) -> None:
    for at, name in every_seam(monkeypatch):
        dies_and_goes_on(monkeypatch, at, name)
