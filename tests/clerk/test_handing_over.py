"""A petition goes to another installation, and nothing of it is lost or doubled on the way."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.conf import settings as house
from django.test import Client

from huiyin.clerk import adopting, handing_over, offering, publishing
from huiyin.core import bundle, ledger, manifest, notes
from huiyin.core.refusal import Refusal
from huiyin.papers import case_file
from huiyin.registry import access, partners, relieving, situation
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
from tests.clerk.partners import Line, introduce, round_of, sent_out, theirs
from tests.registry.test_relieving import WISH


@pytest.fixture
def partner(cast: Any) -> Partner:
    return introduce()


@pytest.fixture
def line(monkeypatch: Any, partner: Partner) -> Line:
    return Line(monkeypatch)


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


def test_a_report_is_not_handed_over(line: Line) -> None:
    walk = Walk(lodge(kind="report", body="xf", against_words="某人"))
    made = walk.ask("transfer", "dora", body="far")
    assert isinstance(made, Refusal)
    assert not Crossing.objects.exists()


def test_a_joint_petition_is_not_handed_over(line: Line, monkeypatch: Any) -> None:
    walk = Walk(lodge(joint=True))
    walk("register", "olga")
    monkeypatch.setattr(situation, "_signatures", lambda _: 2)
    made = walk.ask("transfer", "olga", body="far")
    assert isinstance(made, Refusal)
    assert made.code == "others-signed"


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
