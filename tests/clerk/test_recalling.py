"""A petition is taken back from an installation that does not answer, and nothing of it is doubled."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from huiyin.clerk import adopting, handing_over, offering, publishing
from huiyin.core import handover
from huiyin.core.refusal import Refusal
from huiyin.registry import partners
from huiyin.registry.models import Crossing, PartnerMessage, Petition
from huiyin.vault.models import IdentitySeal
from tests.cast import NOW, Walk
from tests.clerk.partners import Line, as_filed, author, round_of, sent_out, signed_in, theirs
from tests.clerk.seams import PLACES
from tests.seams import Killed, Seams

LATER = NOW + timedelta(days=4)
REASONS = "三天没有任何答复"
NO_ANSWER = "满三日没有答复"


def silence(line: Line) -> Walk:
    """It was offered, and whether it came there nobody knows here."""
    walk = sent_out()
    line.broken = lambda _n: TimeoutError()
    publishing.publish(NOW)
    handing_over.look(NOW)
    line.went.clear()
    return walk


def taken_and_not_heard(line: Line, monkeypatch: Any) -> Walk:
    """They took it, and their answer does not come here."""
    walk = sent_out()
    publishing.publish(NOW)
    handing_over.look(NOW)
    assert handing_over.take_in(NOW) == 1
    line.broken = lambda _n: TimeoutError()
    assert theirs(walk).state == "transferred"
    return walk


def recalled(walk: Walk) -> Walk:
    walk.now = LATER
    assert walk("recall", "olga", reasons=REASONS).state == "registered"
    return walk


def heard(line: Line, now: Any = LATER) -> None:
    """The line is whole again, and everything that waits is tried."""
    line.broken = lambda _n: None
    line.now = now
    PartnerMessage.objects.filter(done_at=None).update(next_at=now)
    round_of(now)


def out() -> Crossing:
    return Crossing.objects.filter(incoming=False).latest("pk")


def test_it_is_not_taken_back_while_an_answer_may_come(line: Line) -> None:
    walk = silence(line)
    made = walk.ask("recall", "olga", reasons=REASONS)
    assert isinstance(made, Refusal)
    assert made.code == "may-answer"


def test_it_is_at_home_again_and_its_terms_ran_on(line: Line) -> None:
    walk = silence(line)
    before = walk.petition.clocks.get(name="sort")
    recalled(walk)
    here = walk.petition
    assert (here.holder.code, here.is_open, here.marks.get("recalled")) == ("xf", True, True)
    after = here.clocks.get(name="sort")
    assert (after.state, after.start, after.due) == ("running", before.start, before.due)
    assert here.entries.get(event="crossing-recalled").contents["reasons"] == REASONS
    walk("transfer", "olga", body="zj")  # and its officer goes on


def test_nothing_of_the_case_leaves_any_more(line: Line) -> None:
    """What goes is the word that it is withdrawn: an offer that nobody wants is not sent about."""
    recalled(silence(line))
    heard(line)
    kinds = [PartnerMessage.objects.get(outgoing=False, crossing__incoming=True).kind]
    assert kinds == [handover.WITHDRAW]
    assert not Petition.objects.exclude(key_ref="").exists()


def test_they_say_that_they_never_took_it_and_it_can_go_there_again(line: Line) -> None:
    walk = recalled(silence(line))
    again = walk.ask("transfer", "olga", body="far")
    assert isinstance(again, Refusal)
    assert again.code == "recalled-there"
    heard(line)
    assert out().state == partners.RETURNED
    assert walk.petition.entries.get(event="recall-settled").contents == {"recall_outcome": "not-there"}
    walk("transfer", "olga", body="far")
    heard(line)
    assert (walk.petition.state, Petition.objects.filter(key_ref=walk.ref).count()) == ("crossed", 1)


def test_an_offer_that_comes_after_its_withdrawal_is_let_go(line: Line) -> None:
    walk = sent_out()
    line.answer_lost = True
    line.broken = lambda _n: None
    publishing.publish(NOW)
    handing_over.send(NOW)
    handing_over._each(offering.ready(), NOW, offering.offer)
    offer = bytes(PartnerMessage.objects.get(outgoing=True).sealed)
    line.broken = lambda _n: TimeoutError()
    handing_over.send(NOW)
    line.answer_lost = False
    recalled(walk)
    heard(line)
    assert line.post("http://partner.example.test/partners/v1/messages", offer, {}) == 202
    heard(line)
    assert not Petition.objects.filter(key_ref=walk.ref).exists()
    assert walk.petition.state == "registered"


def test_an_offer_that_waited_there_when_it_was_withdrawn_is_not_adopted(
    line: Line, monkeypatch: Any
) -> None:
    walk = sent_out()
    with monkeypatch.context() as patch:
        patch.setattr(handing_over, "take_in", lambda _now: 0)  # their clerk does not run
        round_of()
        recalled(walk)
        line.now = LATER
        handing_over.look(LATER)
    heard(line)
    there = Crossing.objects.get(incoming=True)
    assert (there.state, there.reason, there.petition) == (partners.REFUSED, "recalled", None)
    assert (walk.petition.state, out().state) == ("registered", partners.RETURNED)


def test_what_they_had_taken_is_theirs_as_long_as_nothing_was_done_here(line: Line, monkeypatch: Any) -> None:
    walk = recalled(taken_and_not_heard(line, monkeypatch))
    heard(line)
    here, there = walk.petition, theirs(walk)
    assert (here.state, here.holder.code, here.marks.get("recalled")) == ("crossed", "far", None)
    assert (there.state, IdentitySeal.objects.filter(petition=there).count()) == ("transferred", 1)
    assert (out().state, out().ref) == (partners.SEALED, there.ref)
    assert here.clocks.get(name="sort").state == "met"
    # An objection comes back to whoever sent it, as ever.
    Walk(as_filed(there), LATER)("object", "otto", reasons="归交通局")
    heard(line)
    assert (walk.petition.state, walk.petition.holder.code) == ("objected", "xf")


@pytest.mark.parametrize("step", ["transfer", "author"])
def test_what_went_on_here_ends_there(line: Line, monkeypatch: Any, step: str) -> None:
    walk = recalled(taken_and_not_heard(line, monkeypatch))
    if step == "transfer":
        walk("transfer", "olga", body="zj")
    else:
        walk("add-information", "author", information="又坏了一盏")
    state = walk.petition.state
    heard(line)
    there = theirs(walk)
    assert (walk.petition.state, there.state, there.is_open) == (state, "sent-back", False)
    assert not IdentitySeal.objects.filter(petition=there).exists(), "who they are stays here"
    assert walk.petition.entries.get(event="recall-settled").contents == {"recall_outcome": "ended-there"}
    assert out().state == partners.RETURNED


def test_where_both_took_it_up_both_are_told(line: Line, monkeypatch: Any) -> None:
    walk = taken_and_not_heard(line, monkeypatch)
    Walk(as_filed(theirs(walk)))("accept", "otto", requests=[{"request": "修好路灯"}])
    recalled(walk)
    walk("transfer", "olga", body="zj")
    heard(line)
    assert theirs(walk).state == "accepted"
    assert walk.petition.state == "transferred"
    assert out().state == partners.AT_BOTH
    assert walk.petition.entries.get(event="recall-settled").contents == {"recall_outcome": "handled-there"}
    again = walk.ask("transfer", "olga", body="far")
    assert isinstance(again, Refusal)


def test_a_refusal_that_comes_late_settles_it_too(line: Line, monkeypatch: Any) -> None:
    walk = sent_out()
    with monkeypatch.context() as patch:
        patch.setattr(adopting, "_is_of_our_law", lambda *_: False)
        publishing.publish(NOW)
        handing_over.look(NOW)
        handing_over.take_in(NOW)
    line.broken = lambda _n: TimeoutError()
    recalled(walk)
    heard(line)
    assert (walk.petition.state, out().state) == ("registered", partners.RETURNED)
    assert [e.event for e in walk.petition.entries.all()].count("crossing-refused") == 0


def test_an_answer_that_is_here_already_is_heard_first(line: Line, monkeypatch: Any) -> None:
    walk = sent_out()
    publishing.publish(NOW)
    handing_over.look(NOW)
    handing_over.take_in(NOW)
    handing_over.send(NOW)  # their answer is here, and nobody has worked it off
    made = walk.later(days=4).ask("recall", "olga", reasons=REASONS)
    assert isinstance(made, Refusal)
    assert made.code == "may-answer"


# ---- dying at each seam

A_FEW = 9


def once_through(line: Line, monkeypatch: Any, at: int, before: Callable[[Line, Any], Walk]) -> list[str]:
    PartnerMessage.objects.all().delete()
    with monkeypatch.context() as patch:
        line.broken = lambda _n: None
        line.now = NOW
        walk = recalled(before(line, patch))
        if before is taken_and_not_heard:
            walk("transfer", "olga", body="zj")
        seams = Seams(PLACES, at).put(patch.setattr)
        for _ in range(3):
            try:
                heard(line)
            except Killed:
                continue
    events = [entry.event for entry in walk.petition.entries.all()]
    assert events.count("recall-settled") == 1, (at, events)
    there = Petition.objects.filter(key_ref=walk.ref)
    assert [each.state for each in there] in ([], ["sent-back"]), at
    assert walk.petition.state in {"registered", "transferred"}
    assert not PartnerMessage.objects.filter(done_at=None).exists(), at
    return seams.names


@pytest.mark.parametrize("taken", [False, True])
def test_dying_at_a_seam_neither_loses_nor_doubles_it(line: Line, monkeypatch: Any, taken: bool) -> None:
    before = taken_and_not_heard if taken else (lambda each, _patch: silence(each))
    names = once_through(line, monkeypatch, 0, before)
    assert len(names) > 20
    first = random.SystemRandom().randrange(A_FEW)
    for at in range(first + 1, len(names) + 1, A_FEW):
        once_through(line, monkeypatch, at, before)


# ---- who sees it


def test_a_supervisor_sees_what_has_no_answer_and_its_officer_takes_it_back(
    cast: Any, line: Line, monkeypatch: Any
) -> None:
    walk = silence(line)
    page = signed_in(cast, "sven").get("/desk/hand-overs/").content.decode()
    assert walk.ref in page
    assert NO_ANSWER not in page
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    page = signed_in(cast, "sven").get("/desk/hand-overs/").content.decode()
    assert NO_ANSWER in page
    assert "/move/recall/" not in page
    olga, address = signed_in(cast, "olga"), f"/desk/p/{walk.ref}/move/recall/"
    assert address in olga.get("/desk/hand-overs/").content.decode()
    seen = {"seen": walk.petition.version, "reasons": REASONS}
    olga.post(address, seen)  # looked at once more before it is made
    assert walk.petition.state == "crossing"
    olga.post(address, seen | {"step": "confirm"})
    assert walk.petition.state == "registered"
    assert "/move/recall/" not in olga.get("/desk/hand-overs/").content.decode()


def test_its_author_reads_what_happened_and_why(line: Line, monkeypatch: Any) -> None:
    walk = recalled(silence(line))
    page = author(walk).get("/follow/petition/").content.decode()
    assert "对方一直没有答复" in page
    assert REASONS in page
    heard(line)
    page = author(walk).get("/follow/petition/").content.decode()
    assert "对方没有收下，只在这里办理" in page
    assert "发出前" not in page  # it had left
