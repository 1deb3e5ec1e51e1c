"""Petitions on the same matter: linked by reference, never merged, and never about who asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from huiyin.core.refusal import Refusal
from huiyin.registry import linking
from huiyin.registry.file import file
from huiyin.registry.models import Matter, MatterLink, Officer, Petition
from huiyin.registry.story import story_of
from tests.cast import NOW, Walk, acting_as, lodge, lodging

WHY = "同一处路灯"


@pytest.fixture
def two(cast: Any) -> tuple[Walk, Walk]:
    return Walk(lodge()), Walk(lodge())


def linked(one: Walk, other: Walk, login: str = "olga") -> Refusal | None:
    return linking.link(one.petition, other.ref, WHY, acting_as(login), NOW)


def test_linked_petitions_stay_apart_and_both_authors_are_told(two: tuple[Walk, Walk]) -> None:
    one, other = two
    before = [(w.petition.next_due, w.petition.state, w.petition.holder_id) for w in two]
    assert linked(one, other) is None
    assert [(w.petition.next_due, w.petition.state, w.petition.holder_id) for w in two] == before
    for walk, stranger in ((one, other), (other, one)):
        told = story_of(walk.petition, served_only=True)
        assert told.timeline[-1].event == "matter-linked"
        said = repr(told.timeline)
        assert stranger.ref not in said, "no author learns another's reference"
        assert "张三" not in said


def test_a_link_is_made_by_whoever_handles_and_only_to_what_they_may_see(two: tuple[Walk, Walk]) -> None:
    one, other = two
    for login in ("tina", "sven"):
        refused = linked(one, other, login)
        assert isinstance(refused, Refusal)
    other("register", "olga")
    assert isinstance(linking.link(one.petition, "HY-00000-00000", WHY, acting_as("olga"), NOW), Refusal)
    assert isinstance(linking.link(one.petition, one.ref, WHY, acting_as("olga"), NOW), Refusal)
    assert isinstance(linking.link(one.petition, other.ref, " ", acting_as("olga"), NOW), Refusal)
    assert not Matter.objects.exists()


def test_a_report_is_never_linked_from_either_side(cast: Any) -> None:
    claim, report = Walk(lodge(body="xf")), Walk(lodge(kind="report", body="xf"))
    login = "olga" if report.petition.holder.code == "xf" else "dora"
    assert isinstance(linking.link(claim.petition, report.ref, WHY, acting_as(login), NOW), Refusal)
    assert isinstance(linking.link(report.petition, claim.ref, WHY, acting_as(login), NOW), Refusal)
    assert not MatterLink.objects.exists()


def test_what_is_linked_to_two_is_one_matter_and_a_link_can_be_taken_back(two: tuple[Walk, Walk]) -> None:
    one, other = two
    third, fourth = Walk(lodge()), Walk(lodge())
    linked(one, other)
    linked(third, fourth)
    linked(other, third)
    assert len(set(MatterLink.objects.values_list("matter", flat=True))) == 1
    assert linking.unlink(one.petition, acting_as("olga"), NOW) is None
    assert MatterLink.objects.count() == 3
    assert not one.petition.marks.get("linked")
    for walk in (other, third):
        linking.unlink(walk.petition, acting_as("olga"), NOW)
    assert not MatterLink.objects.exists(), "of two, none is left linked"


def test_one_answer_serves_several_each_by_itself(cast: Any) -> None:
    walks = [Walk(lodge(kind="suggestion", body="zj")) for _ in range(3)]
    for walk in walks:
        walk("register", "otto")
    for other in walks[1:]:
        linked(walks[0], other, "otto")
    assert linking.shared_step(walks[0].petition) is None
    walks[0]("answer-suggestion", "otto", adoption="part", reasons="下月试行")
    done = linking.same_for(walks[0].petition, [w.ref for w in walks], acting_as("otto"), NOW)
    assert not [each.refusal for each in done if each.refusal], done
    assert {each.petition.ref for each in done} == {w.ref for w in walks[1:]}
    for walk in walks[1:]:
        assert walk.petition.state == "answered"
        last = walk.petition.entries.order_by("-seq")[0]
        assert last.contents["reasons"] == "下月试行"
        assert last.notice
        assert walk.petition.outbox.filter(entry=last).exists(), "a notice of its own"


def test_one_that_is_refused_holds_up_none_of_the_others(cast: Any) -> None:
    walks = [Walk(lodge()) for _ in range(3)]
    for n, walk in enumerate(walks):
        walk("register", "olga")
        walk("transfer", "olga", body="zj")
        walk("accept", "otto", requests=[{"request": "修好路灯"}] + [{"request": "赔偿"}] * (n == 1))
    for other in walks[1:]:
        linked(walks[0], other, "otto")
    from tests.cast import OPINION

    walks[0]("submit-opinion", "otto", **OPINION)
    done = linking.same_for(walks[0].petition, [w.ref for w in walks[1:]], acting_as("otto"), NOW)
    outcome = {each.petition.ref: each.refusal and each.refusal.code for each in done}
    assert outcome[walks[2].ref] is None
    assert outcome[walks[1].ref], "it asks for more than was answered"


def test_the_desk_links_by_reference_and_finds_nobody(client: Client, two: tuple[Walk, Walk]) -> None:
    one, other = two
    client.force_login(Officer.objects.get(login="olga"))
    wrong = client.post(f"/desk/p/{one.ref}/matter/", {"prior": "张三", "reasons": WHY})
    assert wrong.status_code == 400
    client.post(f"/desk/p/{one.ref}/matter/", {"prior": other.ref.lower(), "reasons": WHY})
    shown = client.get(f"/desk/p/{one.ref}/").content.decode()
    assert f"/desk/p/{other.ref}/" in shown
    for words in ("同一信访人", "same petitioner", "same author"):
        assert words not in shown


def test_of_a_helper_one_word_is_kept_and_no_access(cast: Any) -> None:
    filed = lodge(helper="relative")
    petition = Petition.objects.get(ref=filed.ref)
    assert petition.helper == "relative"
    refused = file(lodging(helper="my cousin 李四"), now=NOW)
    assert isinstance(refused, Refusal)
    assert set(refused.fields) == {"helper"}


def test_a_helper_is_told_to_hand_over_the_key(client: Client, cast: Any) -> None:
    written = {"been": ["matter", "about", "body", "author"], "step": "check", "go": "send", "kind": "claim"}
    written |= {"subject": "路灯坏了", "text": "三个月了", "who": "anonymous", "helper": "relative"}
    answer = client.post("/lodge/write/", written).content.decode()
    assert Petition.objects.get().helper == "relative"
    assert "您在帮助别人" in answer
