"""Service by posting: no reading is known of, so a term stands for it, and nobody has to wait for that."""

from __future__ import annotations

from datetime import timedelta

from huiyin.clerk.sweep import sweep
from huiyin.core.refusal import Refusal
from huiyin.registry import story
from tests.cast import Walk, legal_day


def test_what_was_posted_counts_as_served_on_the_last_day_of_its_term(walk: Walk) -> None:
    walk.to("opinion-issued")
    walk("post-to-page", "otto")
    due = walk.petition.clocks.get(name="served-posting").due
    assert due == walk.today + timedelta(days=10)
    walk.later(days=10)
    assert not sweep(walk.now)
    # The clerk comes round late: the day of service is the last day of the term all the same.
    walk.later(days=3)
    assert sweep(walk.now) == {"deem-served": 1}
    served = walk.petition.entries.latest("seq")
    assert (served.event, served.contents) == ("served", {"served_on": due.isoformat(), "way": "posted"})
    assert walk.petition.state == "opinion-served"
    assert walk.petition.clocks.get(name="handling").state == "met"
    assert walk.petition.clocks.get(name="review-request").start == due


def test_the_author_reads_what_was_posted_at_once(walk: Walk) -> None:
    walk.to("opinion-issued")

    def shown() -> bool:
        told = story.story_of(walk.petition, served_only=True).timeline
        return any(step.document and step.facts for step in told if step.event == "opinion-issued")

    assert not shown()
    walk("post-to-page", "otto")
    assert shown()


def test_whoever_asks_for_review_need_not_wait_for_the_posting_to_end(walk: Walk) -> None:
    walk.to("opinion-issued")
    assert isinstance(walk.ask("request-review", "author"), Refusal)
    walk("post-to-page", "otto")
    walk.later(days=2)
    walk("request-review", "author")
    assert walk.petition.state == "review-requested"
    assert walk.petition.holder.code == "xian"
    posting = walk.petition.clocks.get(name="served-posting")
    assert (posting.state, posting.ended) == ("met", legal_day(walk.now))
    assert not sweep(walk.now + timedelta(days=20))


def test_what_is_posted_can_still_be_handed_over(walk: Walk) -> None:
    walk.to("opinion-issued")
    walk("post-to-page", "otto")
    walk.later(days=1)
    walk("serve", "otto", served_on=walk.today.isoformat(), way="in-person")
    assert walk.petition.clocks.get(name="served-posting").state == "met"
    assert walk.petition.clocks.get(name="review-request").start == walk.today


def test_nobody_says_posted_of_what_was_not(walk: Walk) -> None:
    walk.to("opinion-issued")
    said = walk.ask("serve", "otto", served_on=walk.today.isoformat(), way="posted")
    assert isinstance(said, Refusal)
    assert said.code == "contents"
    assert isinstance(
        walk.ask("deem-served", "clerk", served_on=walk.today.isoformat(), way="posted"), Refusal
    )


def test_the_whole_way_can_be_walked_by_posting(walk: Walk) -> None:
    for state, poster in (("opinion-issued", "otto"), ("review-issued", "rita"), ("rereview-issued", "rolf")):
        walk.to(state)
        walk("post-to-page", poster)
        walk.later(days=15)
        sweep(walk.now)
    assert walk.petition.state == "closed-final"
