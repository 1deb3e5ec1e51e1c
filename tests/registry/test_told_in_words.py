"""What the timeline says is said in words: seats by function, tasks by what they are, yes and no as such."""

from __future__ import annotations

from huiyin.core.text import Text
from huiyin.registry.facts import Fact
from huiyin.registry.models import Body
from huiyin.registry.story import story_of
from tests.cast import SEATS, Walk, said


def facts_of(walk: Walk, event: str) -> list[Fact]:
    told = next(t for t in reversed(story_of(walk.petition).timeline) if t.event == event)
    return list(told.facts)


def both(fact: Fact) -> Text:
    assert isinstance(fact.value, Text), fact
    return fact.value


def test_a_seat_is_one_line_and_says_who_stood_apart_and_nothing_of_the_others(walk: Walk) -> None:
    walk.to("accepted")
    witness = {"seat": "witness", "function_held": "工程师", "stood_apart": False}
    walk("call-hearing", "otto", **{**said("call-hearing", walk.now.date()), "seats": [*SEATS, witness]})
    chair, other = (both(fact) for fact in facts_of(walk, "hearing-announced") if fact.name == "seats")
    assert chair.zh.endswith("：副局长（没有参与本事项的办理）")
    assert other.zh.endswith("：工程师")
    assert "part in" not in other.en


def test_who_carried_it_out_is_told_and_not_who_holds_the_review(walk: Walk) -> None:
    walk.to("opinion-served")("request-review", "author")
    walk("report-carried-out", "otto", task=1, note="已经修好")
    told = story_of(walk.petition).timeline[-1]
    assert told.event == "carrying-out-reported"
    assert told.body == Body.objects.get(code="zj").name != walk.petition.holder.name


def test_a_task_is_told_by_what_is_to_be_done_and_not_by_its_number(walk: Walk) -> None:
    walk.to("opinion-served")
    walk("report-carried-out", "otto", task=1, note="已经修好")
    named = next(fact for fact in facts_of(walk, "carrying-out-reported") if fact.name == "task")
    assert both(named).zh == "意见中予以支持的全部内容"
