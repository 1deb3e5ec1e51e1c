"""Who may see and do what: nothing, unless something allows it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from huiyin.core import rulebook
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.core.vocabulary import VERBS
from huiyin.registry import access, routing
from huiyin.registry.file import file
from huiyin.registry.models import Body, Officer, Petition, Role
from huiyin.registry.perform import perform
from huiyin.registry.prospects import open_moves
from tests.cast import NOW, OFFICERS, Walk, acting_as, lodge, lodging, said

LAW = rulebook.by_id("cn-2022")
HOUSE = {"author": "author", "clerk": "clerk", "courier": "courier", "importer": "importer"}


# ---- strangers


@pytest.mark.parametrize("state", ["transferred", "opinion-served"])
def test_who_has_nothing_to_do_with_it_sees_and_does_nothing(walk: Walk, state: str) -> None:
    walk.to(state)
    unknown = perform("HY-00000-00000", Move("accept"), acting_as("tina"), NOW)
    for login in ("tina", "ada", "audrey"):
        acting = acting_as(login)
        assert not access.visible_to(acting).exists()
        assert not access.inbox_of(acting).exists()
        assert not access.below(acting).exists()
        assert open_moves(walk.petition, acting, NOW) == []
        # The same words as for a reference that does not exist.
        tried = [perform(walk.ref, Move(verb, said(verb, walk.today)), acting, NOW) for verb in VERBS]
        assert tried == [unknown] * len(VERBS)


def test_the_author_of_one_petition_is_a_stranger_to_the_next(cast: Any) -> None:
    mine, theirs = lodge(), lodge()
    refused = perform(theirs.ref, Move("request-withdrawal", {"pressed": "no"}), access.Author(mine.ref), NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "not-found"


def test_who_may_no_longer_sign_in_sees_nothing(walk: Walk, cast: Any) -> None:
    cast["olga"].is_active = False
    cast["olga"].save()
    assert not access.visible_to(acting_as("olga")).exists()


def test_a_body_out_of_service_gives_no_rights(walk: Walk, bodies: Any) -> None:
    bodies["xf"].active = False
    bodies["xf"].save()
    assert not access.visible_to(acting_as("olga")).exists()


# ---- the whole table


@pytest.mark.parametrize(
    "state",
    ["transferred", *(pytest.param(s, marks=pytest.mark.once) for s in ("accepted", "opinion-served"))],
)
def test_each_role_makes_the_moves_that_the_law_gives_it_and_no_other(walk: Walk, state: str) -> None:
    """All who can see it try every verb: what succeeds must stand in the rulebook for their role there.

    What no row of the law allows in that state, whoever asks, only one of them tries.
    """
    walk.to(state)
    petition = walk.petition
    open_here = {row.verb for row in LAW.rows if LAW.covers(state, row)}
    made: set[tuple[str, str]] = set()
    for login in (*HOUSE, *OFFICERS):
        actor = walk.actor(login)
        if isinstance(actor, access.Acting) and not access.visible_to(actor).exists():
            continue
        for verb in VERBS if login == HOLDERS[state][0] else sorted(open_here):
            if _succeeds(walk, verb, actor):
                made.add((login, verb))
                assert _is_in_the_table(petition, verb, login), (login, verb)
    assert {verb for login, verb in made if login == HOLDERS[state][0]} >= HOLDERS[state][1]


# Who does the day's work there, and what they must at least be able to do.
HOLDERS = {
    "transferred": ("otto", {"object", "accept", "divert", "entrust", "unseal"}),
    "accepted": ("otto", {"call-hearing", "submit-opinion", "entrust", "unseal"}),
    "opinion-served": ("author", {"request-review", "rate", "request-withdrawal", "add-information"}),
}


def _succeeds(walk: Walk, verb: str, actor: access.Actor) -> bool:
    with transaction.atomic():
        made = perform(walk.ref, Move(verb, said(verb, walk.today)), actor, walk.now)
        transaction.set_rollback(True)
    return isinstance(made, Petition)


def _is_in_the_table(petition: Petition, verb: str, login: str) -> bool:
    for row in LAW.rows_of(verb):
        if row.at == "above":
            at = petition.holder.chain
        else:
            at = (petition.handled_by if row.at == "handled" else petition.holder.code,)
        roles = {HOUSE[login]} if login in HOUSE else {role for body, role in OFFICERS[login] if body in at}
        if roles & row.by and LAW.covers(petition.state, row):
            return True
    return False


# ---- what is seen


def test_a_petition_stays_visible_to_the_bodies_it_went_through(walk: Walk) -> None:
    walk.to("review-requested")
    seen = {login for login in OFFICERS if access.visible_to(acting_as(login)).exists()}
    assert seen == {"olga", "otto", "hedda", "rita", "sven"}


def test_it_waits_only_where_it_is(walk: Walk) -> None:
    walk.to("review-requested")
    waits = {login for login in OFFICERS if access.inbox_of(acting_as(login)).exists()}
    assert waits == {"rita"}


def test_a_supervisor_looks_at_own_body_and_below_but_not_above(walk: Walk) -> None:
    sven = acting_as("sven")
    walk.to("accepted")
    assert access.below(sven).exists()
    walk.to("rereview-requested")
    assert not access.below(sven).exists()
    assert not access.visible_to(sven).exists()


def test_a_body_whose_code_only_begins_alike_is_not_below(cast: Any, bodies: Any) -> None:
    other = Body.objects.create(
        code="xian-b", name_zh="另一县", name_en="Other", kind="organ", level="county", superior=bodies["shi"]
    )
    lodge(body=other.code)
    assert not access.below(acting_as("sven")).exists()


def test_letters_of_an_external_body_are_recorded_by_the_registrars_named_for_it(cast: Any) -> None:
    assert acting_as("stella").recorded == {"province"}
    assert acting_as("rolf").recorded == set()
    assert acting_as("olga").recorded == set()


# ---- standing in


def stand_in(away: str, other: str, first: date, last: date | None) -> None:
    Officer.objects.filter(login=away).update(
        away_from=first, away_until=last, stands_in=Officer.objects.get(login=other)
    )


def test_a_stand_in_acts_while_the_other_is_away_and_not_a_day_longer(walk: Walk, cast: Any) -> None:
    walk.to("accepted")
    first, last = date(2026, 3, 2), date(2026, 3, 6)
    stand_in("otto", "tina", first, last)
    assert not access.visible_to(acting_as("tina", first - timedelta(days=1))).exists()
    assert access.inbox_of(acting_as("tina", first)).exists()
    assert access.inbox_of(acting_as("tina", last)).exists()
    assert not access.visible_to(acting_as("tina", last + timedelta(days=1))).exists()
    walk("submit-opinion", "tina", **said("submit-opinion", walk.today))
    entry = walk.petition.entries.last()
    assert entry is not None
    assert (entry.role, entry.officer and entry.officer.login) == ("handler", "tina")


def test_a_stand_in_handles_petitions_and_keeps_no_house(cast: Any) -> None:
    stand_in("sven", "tina", NOW.date(), None)
    stand_in("ada", "tina", NOW.date(), None)
    tina = acting_as("tina")
    assert not tina.has("supervisor")
    assert not tina.has("administrator")


def test_nobody_stands_in_for_one_whose_account_is_closed(walk: Walk, cast: Any) -> None:
    stand_in("olga", "tina", NOW.date(), None)
    Officer.objects.filter(login="olga").update(is_active=False)
    assert not access.visible_to(acting_as("tina")).exists()


# ---- reports (charter 6)


def test_a_report_does_not_exist_for_the_body_it_is_about(cast: Any) -> None:
    """Even where it once lay there, as a claim that turned out to accuse would."""
    filed = lodge(kind="report", against=("zj",), body="xf")
    walk = Walk(filed)
    walk("register", "olga")
    for login in ("otto", "hedda"):
        acting = acting_as(login)
        assert not access.visible_to(acting).exists()
        refused = walk.ask("accept", login)
        assert isinstance(refused, Refusal)
        assert refused.code == "not-found"
        earlier = perform(filed.ref, Move("no-longer-accept", {"prior": filed.ref}), acting, NOW)
        assert isinstance(earlier, Refusal)
        assert earlier.code == "not-found"
    sent = walk.ask("transfer", "olga", body="zj")
    assert isinstance(sent, Refusal)
    assert walk("transfer", "olga", body="jw").state == "handing-over"


def test_who_stands_in_at_the_accused_body_does_not_see_it_either(cast: Any) -> None:
    lodge(kind="report", against=("zj",), body="xf")
    assert access.visible_to(acting_as("olga")).exists()
    stand_in("otto", "olga", NOW.date(), None)
    assert not access.visible_to(acting_as("olga")).exists()


@pytest.mark.parametrize("seed", range(8))
def test_over_any_tree_a_report_is_hidden_from_the_accused_and_all_who_answer_to_them(
    db: Any, house_keys: None, seed: int
) -> None:
    chance = random.Random(seed)
    bodies = _random_tree(chance)
    accused = chance.choice(bodies)
    made = file(lodging(kind="report", against=(accused.code,)), now=NOW)
    under = _under(accused)
    if isinstance(made, Refusal):
        # Nobody is left who does not answer to the accused: it is refused, not handed to them.
        assert made.code == "no-body"
        assert all(
            b.external or b.code in under or not (b.receives or b.kind == "discipline") for b in bodies
        )
        return
    assert made.petition.holder.code not in under
    for body in bodies:
        # As if it had been everywhere: what hides it must not be that it never came by.
        made.petition.holdings.get_or_create(body=body, defaults={"since": NOW})
    for body in bodies:
        acting = access.Acting(Officer.objects.get(login=f"o-{body.code}"), NOW.date())
        seen = [
            q.exists() for q in (access.visible_to(acting), access.below(acting), access.inbox_of(acting))
        ]
        refused = perform(made.ref, Move("entrust", {"officer": acting.officer.login}), acting, NOW)
        if body.code in under:
            assert seen == [False, False, False], (accused.code, body.path, body.beside)
            assert isinstance(refused, Refusal)
            assert refused.code == "not-found"
        elif not body.external:
            assert seen[0], (accused.code, body.path)


def _under(accused: Body) -> set[str]:
    """It and all that answer to it on either line, found by walking down, body by body."""
    found, waiting = set(), [accused]
    while waiting:
        body = waiting.pop()
        found.add(body.code)
        waiting += [*body.below.all(), *body.sector_below.all()]
    return found


def _random_tree(chance: random.Random) -> list[Body]:
    bodies: list[Body] = []
    for number in range(10):
        body = Body.objects.create(
            code=f"b{number}",
            name_zh="单位",
            name_en="Body",
            kind=chance.choice(("office", "organ", "discipline")),
            level="county",
            superior=chance.choice(bodies) if bodies else None,
            sector_superior=chance.choice([None, *bodies]),
            external=not bodies,
            receives=chance.random() < 0.4,
        )
        officer = Officer.objects.create_officer(f"o-b{number}", None, name=f"o{number}")
        for role in ("handler", "supervisor", "administrator"):
            Role.objects.create(officer=officer, body=body, role=role)
        bodies.append(body)
    return bodies


def test_routing_never_gives_a_report_to_whom_it_is_about(cast: Any) -> None:
    for body in Body.objects.all():
        routed = routing.receiver("report", body.code if not body.external else "", [body.code])
        if isinstance(routed, routing.Routed):
            assert body.code not in {routed.body.code, *routed.body.chain}


def test_a_supervisor_above_the_accused_may_see_the_report(cast: Any) -> None:
    lodge(kind="report", against=("zj",), body="xf")
    assert access.below(acting_as("sven")).exists()
