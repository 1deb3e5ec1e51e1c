"""A body stands below its government and, in its sector, below one that does the same work a level up."""

from __future__ import annotations

import random
from typing import Any

import pytest

from huiyin.core.refusal import Refusal
from huiyin.papers.letter import letter_of
from huiyin.registry import access, keeping, routing
from huiyin.registry.bodies import next_higher
from huiyin.registry.models import Body, Role
from tests.cast import NOW, REVIEW, Walk, acting_as, lodge, make_sector


@pytest.fixture
def sector(cast: Any, bodies: Any) -> dict[str, Body]:
    """With a reviewer in the city's bureau."""
    made = make_sector()
    Role.objects.create(officer=cast["rolf"], body=made["c-zj"], role="reviewer")
    return made


def codes(bodies: Any) -> list[str]:
    return [body.code for body in bodies]


def code(made: object) -> str:
    assert isinstance(made, Refusal)
    return made.code


def test_what_stands_above_on_either_line_is_kept_with_the_body(sector: Any, bodies: Any) -> None:
    county = Body.objects.get(code="zj")
    assert county.chain == ("xian", "shi", "province")
    assert county.beside == ["c-zj", "s-zj"]
    assert codes(next_higher(county)) == ["xian", "c-zj"]
    assert codes(next_higher(sector["c-zj"])) == ["shi", "s-zj"]
    assert codes(next_higher(bodies["xf"])) == ["xian"]
    station = Body.objects.create(code="st", name_zh="站", kind="organ", level="township", superior=county)
    assert station.beside == ["c-zj", "s-zj"], "below a body is below all that it answers to"
    county.sector_superior = None
    county.save()
    assert Body.objects.get(code="st").beside == []


def test_a_sector_body_out_of_service_is_passed_by(sector: Any) -> None:
    Body.objects.filter(code="c-zj").update(active=False)
    assert codes(next_higher(Body.objects.get(code="zj"))) == ["xian", "s-zj"]


@pytest.mark.parametrize("above", ["zj", "jt"])
def test_a_sector_line_runs_upward(sector: Any, bodies: Any, above: str) -> None:
    county = Body.objects.get(code="zj")
    county.sector_superior = Body.objects.get(code=above)
    refused = keeping.save_body(county, by=None, now=NOW)
    assert refused is not None
    assert set(refused.fields) == {"sector_superior"}


@pytest.mark.parametrize("line", ["superior", "sector_superior"])
def test_no_circle_over_both_lines(sector: Any, line: str) -> None:
    top = sector["s-zj"]
    setattr(top, line, Body.objects.get(code="zj"))
    refused = keeping.save_body(top, by=None, now=NOW)
    assert refused is not None
    assert set(refused.fields) == {line}


def test_the_author_chooses_and_the_chosen_body_handles_it(walk: Walk, sector: Any) -> None:
    walk.to("opinion-served")
    assert codes(routing.above(walk.petition)) == ["xian", "c-zj"]
    assert code(walk.ask("request-review", "author", body="shi")) == "not-next-higher"
    walk("request-review", "author", body="c-zj")
    assert walk.petition.holder.code == "c-zj"
    assert code(walk.ask("issue-review-opinion", "rita", **REVIEW)) == "not-found"
    walk("issue-review-opinion", "rolf", **REVIEW)
    walk("serve", "rolf", served_on=walk.today.isoformat(), way="in-person")
    assert codes(routing.above(walk.petition)) == ["shi", "s-zj"], "the next of the body that reviewed it"
    assert code(walk.ask("request-rereview", "author", body="xian")) == "not-next-higher"
    walk("request-rereview", "author", body="s-zj")
    assert walk.petition.holder.code == "s-zj"


def test_who_reviewed_in_the_sector_takes_no_part_in_the_rereview(walk: Walk, sector: Any) -> None:
    walk.to("opinion-served")("request-review", "author", body="c-zj")
    walk("issue-review-opinion", "rolf", **REVIEW)
    walk("serve", "rolf", served_on=walk.today.isoformat(), way="in-person")
    walk("request-rereview", "author", body="shi")
    # Rolf reviews at the city too.
    assert code(walk.ask("issue-rereview-opinion", "rolf", **REVIEW)) == "took-part-before"


def test_a_refusal_can_be_taken_to_either(walk: Walk, sector: Any) -> None:
    walk.to("transferred")
    walk("divert", "otto", route="court", reasons="应当诉讼", redirect="县人民法院")
    walk("challenge", "author", body="c-zj")
    assert walk.petition.holder.code == "c-zj"


def test_the_letter_names_both(walk: Walk, sector: Any) -> None:
    walk.to("opinion-served")
    entry = walk.petition.entries.get(event="opinion-issued")
    letter = letter_of(walk.petition, entry)
    assert letter is not None
    assert "县人民政府或者市住建局" in str(letter)


def test_a_report_about_a_sector_body_is_hidden_from_all_who_answer_to_it(sector: Any) -> None:
    filed = lodge(kind="report", against=("c-zj",), body="zj")
    assert filed.petition.holder.code not in {"zj", "c-zj"}
    for login in ("otto", "hedda"):
        filed.petition.holdings.get_or_create(body=Body.objects.get(code="zj"), defaults={"since": NOW})
        assert not access.visible_to(acting_as(login)).exists(), "they answer to it in their sector"
    assert access.visible_to(acting_as("dora")).exists()


@pytest.mark.parametrize("seed", range(6))
def test_over_any_tree_what_is_kept_is_what_a_walk_upward_finds(db: Any, seed: int) -> None:
    chance = random.Random(seed)
    bodies: list[Body] = []
    for number in range(12):
        above = chance.choice(bodies) if bodies else None
        bodies.append(
            Body.objects.create(
                code=f"b{number}", kind="organ", level="county", superior=above, external=above is None
            )
        )
    for _ in range(12):
        lower, upper = chance.sample(bodies, 2)
        lower, upper = (Body.objects.get(pk=each.pk) for each in (lower, upper))
        lower.superior, lower.sector_superior = lower.superior, upper
        if lower.code not in {upper.code, *upper.answers_to}:
            lower.save()
        for body in Body.objects.all():
            assert set(body.answers_to) == _upward(body), body.code
            assert len(set(body.answers_to)) == len(body.answers_to)


def _upward(body: Body) -> set[str]:
    found: set[str] = set()
    for above in (body.superior, body.sector_superior):
        found |= {above.code} | _upward(above) if above else set()
    return found
