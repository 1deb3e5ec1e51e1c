"""Petitions on the same problem find each other: only those that may be seen, masked, and no report ever."""

from __future__ import annotations

from typing import Any

import pytest

from huiyin.reading import mask
from huiyin.registry import comparing, linking, resembling
from huiyin.registry.comparing import Reader
from huiyin.registry.models import CommonWords, MatterLink, Petition, Resemblance
from huiyin.vault.seal import Author as Person
from tests.cast import NOW, Walk, acting_as, lodge
from tests.registry.alike import LIFT, OTHER, lodged


def similar(petition: Petition, login: str = "otto", **more: Any) -> list[resembling.Similar]:
    return resembling.similar_to(petition, acting_as(login), **more)


@pytest.fixture
def lifts(cast: Any) -> list[Petition]:
    made = [filed.petition for filed in lodged()]
    Reader().read(NOW)
    return made


def test_the_same_problem_in_other_words_is_found_and_no_other(lifts: list[Petition]) -> None:
    about_the_lift = {petition.ref for petition in lifts[: len(LIFT)]}
    for petition in lifts[: len(LIFT)]:
        found = [each.petition.ref for each in similar(petition)]
        assert len(found) >= 3
        assert set(found) < about_the_lift
        assert petition.ref not in found
    assert similar(lifts[-1]) == []


def test_what_is_filed_later_finds_the_earlier_and_is_found_by_them(cast: Any) -> None:
    first, second, *others = [filed.petition for filed in lodged((*LIFT[:2], *OTHER))]
    reader = Reader()
    assert reader.read(NOW) == 5
    assert reader.read(NOW) == 0
    third = lodged(LIFT[2:3])[0].petition
    assert reader.read(NOW) == 1
    assert {each.petition for each in similar(third)} == {first, second}
    assert third in {each.petition for each in similar(first)}
    assert third not in {each.petition for other in others for each in similar(other)}


def test_reading_leaves_the_rest_to_the_next_round_when_its_time_is_up(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lodged((*LIFT[:2], *OTHER))
    monkeypatch.setattr(comparing, "AT_ONCE", 2)
    reader = Reader()
    assert [reader.read(NOW, seconds=0) for _ in range(4)] == [2, 2, 1, 0]


def test_another_process_goes_on_from_what_is_kept(lifts: list[Petition]) -> None:
    late = lodge(subject=LIFT[0][0], text=LIFT[0][1], body="zj").petition
    assert Reader().read(NOW) == 1
    assert similar(late)[0].petition == lifts[0]
    assert similar(late)[0].likeness > 0.9


def test_what_was_read_by_older_rules_of_masking_is_read_anew(lifts: list[Petition]) -> None:
    reader = Reader()
    assert reader.read(NOW) == 0
    CommonWords.objects.update(mask_version=mask.VERSION - 1)
    Resemblance.objects.update(vector=b"")
    assert reader.read(NOW) == len(lifts)
    assert CommonWords.objects.get().mask_version == mask.VERSION
    assert all(bytes(row.vector) for row in Resemblance.objects.all())
    assert reader.read(NOW) == 0


def test_a_stranger_to_them_is_told_of_none(lifts: list[Petition]) -> None:
    assert similar(lifts[0], "tina") == []
    assert similar(lifts[0], "olga") == []


def test_three_statements_whatever_is_found(
    lifts: list[Petition], django_assert_max_num_queries: Any
) -> None:
    acting = acting_as("otto")
    acting.seen, acting.works_at  # noqa: B018 who is at work is known on any page
    with django_assert_max_num_queries(3):
        assert len(resembling.similar_to(lifts[0], acting, answers=True)) == resembling.SHOWN


def test_the_answer_that_one_got_is_shown_beside_it(cast: Any) -> None:
    walk = Walk(lodged(LIFT[:1], kind="suggestion")[0])
    walk("register", "otto")
    walk("answer-suggestion", "otto", adoption="full", reasons="下月更换电梯主机，请打13912345678")
    asking = lodged((*LIFT[1:3], *OTHER))[0].petition
    Reader().read(NOW)
    found = {each.petition: each for each in similar(asking, answers=True)}
    said = " ".join(str(fact.value) for fact in found[walk.petition].answer)
    assert "下月更换电梯主机" in said


def test_names_and_numbers_are_masked_before_anything_is_read(cast: Any) -> None:
    """Who is named in a text, and how they are reached, makes no difference to its vector."""
    said = "东门路灯不亮。联系人{}，电话{}。"
    for name, phone in (("赵钱孙", "13912345678"), ("王建国", "13800001111")):
        lodge(subject="路灯", text=said.format(name, phone), body="zj", author=Person(name=name, phone=phone))
    Reader().read(NOW)
    first, second = Resemblance.objects.all()
    assert bytes(first.vector) == bytes(second.vector)
    assert first.places == second.places


def test_linked_all_or_none(lifts: list[Petition]) -> None:
    one, *others = lifts[:4]
    refs = [each.ref for each in others]
    refused = linking.link_all(one, [*refs, "HY-00000-00000"], "同一部电梯", acting_as("otto"), NOW)
    assert refused is not None
    assert not MatterLink.objects.exists()
    assert linking.link_all(one, refs, "同一部电梯", acting_as("otto"), NOW) is None
    assert MatterLink.objects.count() == 4
    assert MatterLink.objects.values("matter").distinct().count() == 1


def test_the_background_is_made_anew_when_there_are_twice_as_many(cast: Any) -> None:
    lodged(LIFT[:2])
    reader = Reader()
    reader.read(NOW)
    assert CommonWords.objects.get().texts == 2
    lodged(OTHER[:1])
    reader.read(NOW)
    assert CommonWords.objects.get().texts == 2
    lodged(OTHER[1:])
    reader.read(NOW)
    assert CommonWords.objects.get().texts == 5
    assert Resemblance.objects.count() == 5
