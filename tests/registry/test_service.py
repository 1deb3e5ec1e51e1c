"""How a document reached its author is read from the record, and asks nobody for a click."""

from __future__ import annotations

from django.test import Client

from huiyin.clerk.sweep import sweep
from huiyin.registry import service
from huiyin.registry.models import Entry, Officer, Outbox
from tests.cast import Walk, said


def left(walk: Walk, event: str) -> Entry:
    return walk.petition.entries.get(event=event)


def test_a_notice_stands_on_the_page_from_the_move_that_made_it(walk: Walk) -> None:
    walk.to("accepted")
    told = service.of(walk.petition, left(walk, "accepted"))
    assert (told.on_page, told.mailed, told.wanted) == (walk.now, None, "electronic")


def test_word_of_it_is_told_only_when_a_mailbox_was_reached(walk: Walk) -> None:
    walk.to("accepted")
    accepted = left(walk, "accepted")
    walk.later(minutes=5)
    Outbox.objects.filter(entry=accepted).update(sent_at=walk.now)
    assert service.of(walk.petition, accepted).mailed is None
    walk("dispatch", "courier", channel="e-mail")
    assert service.of(walk.petition, accepted).mailed == walk.now


def test_an_opinion_is_there_once_it_is_posted_or_served(walk: Walk) -> None:
    walk.to("opinion-issued")
    issued = left(walk, "opinion-issued")
    assert service.of(walk.petition, issued).on_page is None
    walk.later(days=1)("post-to-page", "otto")
    assert service.of(walk.petition, issued).on_page == walk.now


def test_an_answer_by_duty_can_be_posted_to_a_holder_of_the_key(walk: Walk) -> None:
    walk.to("transferred")
    walk("accept-duty", "otto", **said("accept-duty", walk.today))
    walk("issue-duty-answer", "otto", **said("issue-duty-answer", walk.today))
    walk("post-to-page", "otto")
    due = walk.petition.clocks.get(name="served-posting").due
    walk.later(days=12)
    assert sweep(walk.now)["deem-served"] == 1
    assert walk.petition.state == "duty-answered"
    met = walk.petition.clocks.get(name="duty")
    assert (met.state, met.ended) == ("met", due)


def test_the_desk_says_it_beside_the_letter(walk: Walk) -> None:
    walk.to("accepted")
    seq = left(walk, "accepted").seq
    desk = Client()
    desk.cookies["huiyin_language"] = "en"
    desk.force_login(Officer.objects.get(login="otto"))
    page = desk.get(f"/desk/p/{walk.ref}/letter/{seq}/").content.decode()
    assert "On the petition's page since" in page
