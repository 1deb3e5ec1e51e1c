"""The decision aid: every way through it ends in a proposal that the law can carry out."""

from dataclasses import replace
from itertools import product

import pytest

from huiyin.core import aid
from huiyin.core.aid import Question, follow, wrongs
from huiyin.core.rulebook import Rulebook
from huiyin.core.text import Text
from tests.core.cast import CN05, CN22

T = Text("字", "word")


def ends(book: Rulebook) -> set[str]:
    """The proposals that some way of answering leads to."""
    found = set()
    for answers in product("yn", repeat=len(book.aid.questions)):
        standing = follow(book.aid, "".join(answers))
        assert standing.proposal is not None
        assert standing.question is None
        found.add(standing.proposal.name)
    return found


def test_every_way_ends_and_every_proposal_is_reached():
    assert ends(CN22) == set(CN22.aid.proposals)
    assert list(wrongs(CN22.aid)) == []


def test_the_six_routes_of_a_claim_are_all_proposed_each_by_its_own_article():
    articles = {p.article for p in CN22.aid.proposals.values()}
    assert {f"31.{n}" for n in range(1, 7)} <= articles
    for name, proposal in CN22.aid.proposals.items():
        if proposal.verb == "classify":
            (choice,) = (c for c in CN22.choices["class-routes"] if c.code == name)
            assert choice.article == proposal.article


def test_answers_are_followed_as_far_as_they_go():
    standing = follow(CN22.aid, "nn")
    assert standing.question is not None
    assert [q.name for q, _ in standing.asked] == ["mixed", "report"]
    assert standing.proposal is None
    assert standing.answers == "nn"


def test_what_is_no_answer_and_what_comes_too_late_is_left_out():
    assert follow(CN22.aid, "x<script>").answers == ""
    assert follow(CN22.aid, "ynnnn").answers == "y"


def test_a_law_without_an_aid_asks_nothing():
    standing = follow(CN05.aid, "yy")
    assert (standing.question, standing.proposal, standing.asked) == (None, None, ())


@pytest.mark.parametrize(
    ("changes", "key"),
    [({"yes": "nowhere"}, "aid.a.yes"), ({"no": "=nothing"}, "aid.a.no"), ({"yes": "a"}, "aid.a.yes")],
)
def test_an_aid_that_leads_nowhere_or_in_circles_is_found_out(changes, key):
    question = Question("a", T, T, "=court", "=court")
    made = aid.Aid((replace(question, **changes),), {"court": CN22.aid.proposals["court"]})
    assert key in {where for where, _ in wrongs(made)}


def test_what_no_answer_leads_to_is_found_out():
    one = Question("a", T, T, "=court", "=court")
    made = aid.Aid((one, replace(one, name="b")), CN22.aid.proposals)
    found = {where for where, _ in wrongs(made)}
    assert {"aid.b", "proposals.duty"} <= found
