"""Old cases are found by age and stage; a conference keeps petitions side by side only until it is over."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from huiyin.core.refusal import Refusal
from huiyin.registry import conferring
from huiyin.registry.conferring import NOT_HERE, NOT_YET, ON_IT, OVER
from huiyin.registry.models import AgendaItem, Body, Conference, Petition
from tests.cast import NOW, Walk, acting_as, legal_day, lodge, said

pytestmark = pytest.mark.usefixtures("cast")
LATER = NOW + timedelta(days=100)
TODAY = legal_day(LATER)


def hedda(now: Any = LATER) -> Any:
    return acting_as("hedda", legal_day(now))


def accepted(**lodging: Any) -> Walk:
    return Walk(lodge(**lodging)).to("accepted")


def called(day: Any = TODAY) -> Conference:
    conference = Conference(
        body=Body.objects.get(code="zj"), day=day, opens=time(9), place="会议室", present="住建局"
    )
    assert conferring.call(conference, today=TODAY) is None
    return conference


def reason(answer: Any) -> Any:
    assert isinstance(answer, Refusal), answer
    return answer.reason


def test_what_is_open_for_longer_than_handling_may_take_is_old_and_nothing_else_is():
    walk = accepted()
    assert not conferring.old_cases(hedda(), NOW + timedelta(days=89))
    assert list(conferring.old_cases(hedda(), NOW + timedelta(days=90))) == [walk.petition]
    assert not conferring.old_cases(hedda(), LATER, days=180)


def test_an_old_case_is_seen_by_who_works_at_its_body_and_by_who_supervises_it():
    accepted()
    for login, n in (("hedda", 1), ("otto", 1), ("tina", 0), ("sven", 1), ("ada", 0), ("audrey", 0)):
        assert conferring.old_cases(acting_as(login, TODAY), LATER).count() == n, login


def test_looking_at_old_cases_takes_as_many_queries_for_many_as_for_one(django_assert_max_num_queries):
    for _ in range(4):
        accepted()
    with django_assert_max_num_queries(6):
        list(conferring.old_cases(hedda(), LATER).select_related("holder"))


def test_a_conference_ends_when_each_decision_stands_on_its_petition_and_then_keeps_no_list():
    one, two, conference = accepted(), accepted(), called()
    for walk in (one, two):
        assert conferring.put_on_agenda(conference, walk.petition) is None
    assert reason(conferring.put_on_agenda(conference, one.petition)) == ON_IT
    for walk in (one, two):
        refused = conferring.conclude(conference, today=TODAY, now=LATER)
        assert isinstance(refused, Refusal)
        walk.later(days=100)
        walk("confer", "hedda", **said("confer", walk.today))
    assert conferring.conclude(conference, today=TODAY, now=LATER) is None
    assert not AgendaItem.objects.exists()
    assert reason(conferring.put_on_agenda(conference, one.petition)) == OVER
    last = one.petition.entries.order_by("-seq").first()
    assert last is not None
    assert last.contents["decision"] == "由住建局换电缆"


def test_a_decision_of_an_earlier_conference_is_not_this_ones():
    walk, conference = accepted(), called()
    walk("confer", "hedda", **said("confer", walk.today))
    conferring.put_on_agenda(conference, walk.petition)
    assert isinstance(conferring.conclude(conference, today=TODAY, now=LATER), Refusal)


def test_a_conference_is_on_petitions_of_its_body_and_never_on_a_report():
    conference = called()
    assert reason(conferring.put_on_agenda(conference, lodge().petition)) == NOT_HERE
    report = lodge(kind="report", body="zj", against_words="某人").petition
    Petition.objects.filter(pk=report.pk).update(holder=conference.body)
    report.refresh_from_db()
    assert reason(conferring.put_on_agenda(conference, report)) == NOT_HERE


def test_it_is_concluded_on_its_day_and_a_forgotten_agenda_is_taken_apart_after_a_month():
    walk, conference = accepted(), called(TODAY + timedelta(days=5))
    conferring.put_on_agenda(conference, walk.petition)
    assert reason(conferring.conclude(conference, today=TODAY, now=LATER)) == NOT_YET
    conferring.forget(TODAY + timedelta(days=34))
    assert AgendaItem.objects.exists()
    conferring.forget(TODAY + timedelta(days=35))
    assert not AgendaItem.objects.exists()


def test_no_conference_and_no_agenda_says_anything_about_a_person():
    assert {f.name for f in AgendaItem._meta.concrete_fields} == {"id", "petition", "conference"}


def test_a_letter_waits_for_a_leader_until_one_has_read_it():
    from huiyin.registry.models import Officer, Role

    Role.objects.create(
        officer=Officer.objects.get(login="hedda"), body=Body.objects.get(code="zj"), role="leader"
    )
    walk = accepted()
    assert list(conferring.letters_to(hedda())) == [walk.petition]
    assert not conferring.letters_to(acting_as("otto", TODAY))
    walk("leader-instructs", "hedda", instruction="请抓紧")
    assert not conferring.letters_to(hedda())
