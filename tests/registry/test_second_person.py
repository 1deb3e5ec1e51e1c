"""Who is behind a report opens only with a second person; another authority learns a name only with two."""

from __future__ import annotations

import random
from typing import Any

import pytest

from huiyin.clerk.sweep import sweep
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import access, demands
from huiyin.registry.file import file
from huiyin.registry.models import Body, Entry, Officer, Petition, Role, SecondPerson
from huiyin.registry.perform import perform
from huiyin.registry.prospects import open_moves
from huiyin.registry.story import story_of
from tests.cast import NOW, Walk, acting_as, lodge, lodging
from tests.registry.test_access import _random_tree, _under

WHY = {"purpose": "contact", "words": "To ask for the name of the street"}
PAPER = {
    "demand_authority": "County Police",
    "demand_instrument": "Notice to produce evidence",
    "demand_article": "Criminal Procedure Law, art. 54",
    "demand_date": "2026-03-01",
    "demand_number": "2026-17",
    "demand_what": "The name of the author",
}
ORDER = {"kept_order": "Order 2026-3, art. 54", "kept_until": "2026-04-30"}
REASONS = {"reasons": "It is needed"}


@pytest.fixture
def report(cast: Any, bodies: Any) -> Walk:
    """A report that lies with the discipline body; its custodian serves at the petition office."""
    for login, body in (("cora", "xf"), ("carl", "zj")):
        officer = Officer.objects.create_officer(login, None, name=login.title())
        Role.objects.create(officer=officer, body=bodies[body], role="custodian")
    Role.objects.create(officer=cast["dora"], body=bodies["jw"], role="handler")
    return Walk(lodge(kind="report", against=("zj",)))


def code(made: Any) -> str:
    return made.code if isinstance(made, Refusal) else ""


def test_no_report_opens_without_a_custodian_of_another_line(report: Walk) -> None:
    assert code(report.ask("unseal", "dora", **WHY)) == "not-opening-allowed"
    report("ask-opening", "dora", **WHY)
    # The nearest of another line that the report is not about: not the accused body's.
    assert [(s.body.code, s.role) for s in SecondPerson.objects.all()] == [("xf", "custodian")]
    assert not access.waits_for(acting_as("carl")).exists()
    assert code(report.ask("allow-opening", "carl", **REASONS)) == "not-found"
    report("allow-opening", "cora", **REASONS)
    assert not SecondPerson.objects.exists()
    assert code(report.ask("unseal", "dora", **{**WHY, "purpose": "serve"})) == "another-purpose"
    report("unseal", "dora", **WHY)
    assert code(report.ask("unseal", "dora", **WHY)) == "not-opening-allowed", "it works once"
    titles = [opening.title.en for opening in story_of(report.petition, served_only=True).openings]
    assert len(titles) == 3
    assert access.openings_for(acting_as("audrey")).count() == 3


def test_nobody_is_their_own_second_person(report: Walk, cast: Any, bodies: Any) -> None:
    Role.objects.create(officer=cast["dora"], body=bodies["xf"], role="custodian")
    report("ask-opening", "dora", **WHY)
    assert code(report.ask("allow-opening", "dora", **REASONS)) == "own-second-person"


def test_without_a_custodian_nothing_opens(report: Walk) -> None:
    Role.objects.filter(role="custodian").delete()
    assert code(report.ask("ask-opening", "dora", **WHY)) == "no-custodian"


def test_what_is_not_decided_or_not_used_in_time_opens_nothing(report: Walk) -> None:
    report("ask-opening", "dora", **WHY)
    report.later(days=4)
    sweep(report.now)
    assert report.petition.entries.filter(event="opening-lapsed").count() == 1
    report("ask-opening", "dora", **WHY)
    report("allow-opening", "cora", **REASONS)
    report.later(days=4)
    assert code(report.ask("unseal", "dora", **WHY)) == "term-over"
    sweep(report.now)
    assert report.petition.entries.filter(event="opening-lapsed").count() == 2
    assert not report.petition.entries.filter(event="seal-opened").exists()


def test_a_custodian_sees_the_request_and_no_petition(report: Walk) -> None:
    report("ask-opening", "dora", **WHY)
    cora = acting_as("cora")
    assert not access.visible_to(cora).exists()
    assert {row.verb for row in open_moves(report.petition, cora, report.now)} == {
        "allow-opening",
        "refuse-opening",
    }
    report("refuse-opening", "cora", **REASONS)
    assert open_moves(report.petition, cora, report.now) == []
    assert code(report.ask("unseal", "dora", **WHY)) == "not-opening-allowed"


def test_what_was_allowed_to_one_opens_for_nobody_else(report: Walk, bodies: Any) -> None:
    other = Officer.objects.create_officer("dean", None)
    Role.objects.create(officer=other, body=bodies["jw"], role="handler")
    report("ask-opening", "dora", **WHY)
    report("allow-opening", "cora", **REASONS)
    assert code(report.ask("unseal", "dean", **WHY)) == "not-your-opening"


# ---- demands


def test_a_demand_needs_its_paper_and_two_people(report: Walk) -> None:
    assert code(report.ask("record-demand", "dora", demand_authority="County Police")) == "contents"
    report("record-demand", "dora", **PAPER)
    assert code(report.ask("grant-demand", "audrey", **REASONS)) == "not-found", "the custodian comes first"
    assert code(report.ask("answer-demand", "cora", handed="name")) == "not-demand-granted"
    report("agree-demand", "cora", **REASONS)
    assert code(report.ask("answer-demand", "cora", handed="name")) == "not-found"
    report("grant-demand", "audrey", **REASONS)
    assert code(report.ask("answer-demand", "dora", handed="name")) == "wrong-role"
    report("answer-demand", "cora", handed="name")
    assert code(report.ask("answer-demand", "cora", handed="name")) == "not-found", "once"


@pytest.mark.parametrize("who", ["cora", "audrey"])
def test_either_of_them_can_refuse(report: Walk, who: str) -> None:
    report("record-demand", "dora", **PAPER)
    if who == "audrey":
        report("agree-demand", "cora", **REASONS)
    report("refuse-demand", who, **REASONS)
    assert not SecondPerson.objects.exists()
    assert "demanded" not in report.petition.marks


def test_the_author_sees_a_demand_within_seven_days(report: Walk) -> None:
    report("record-demand", "dora", **PAPER)
    report("refuse-demand", "cora", **REASONS)
    for days, seen in ((0, 0), (6, 0), (1, 2)):
        report.later(days=days)
        story = story_of(report.petition, served_only=True, today=report.today)
        assert len([o for o in story.openings if o.title.en]) == seen, report.today
        assert ("identity-demanded" in {t.event for t in story.timeline}) is bool(seen)
        assert not any(c.clock.name.startswith("demand") for c in story.clocks)
    said = story.openings[0].words
    assert "2026年3月1日（星期日）" in said.zh, (
        "a day in the words of the reader's language, each fact with its label"
    )
    assert "Sunday 1 March 2026" in said.en
    sweep(report.later(days=1).now)
    assert report.petition.outbox.filter(notice="demand").count() == 1


def test_longer_only_by_an_order_that_ends(report: Walk) -> None:
    forever = {**PAPER, **ORDER, "kept_until": "2030-01-01"}
    assert code(report.ask("record-kept-demand", "dora", **forever)) == "kept-too-long"
    assert code(report.ask("record-kept-demand", "dora", **PAPER, kept_until="2026-04-30")) == "contents"
    report("record-kept-demand", "dora", **PAPER, **ORDER)
    report.later(days=58)
    assert not story_of(report.petition, served_only=True, today=report.today).openings
    report.later(days=1)
    assert story_of(report.petition, served_only=True, today=report.today).openings


def test_no_superior_and_no_colleague_reads_the_log(report: Walk) -> None:
    report("record-demand", "dora", **PAPER)
    desk = story_of(report.petition, desk=True)
    assert desk.openings == ()
    assert not {told.event for told in desk.timeline} & access.READ_LOG
    for login in ("sven", "hedda", "ada", "dora"):
        assert not access.demands_for(acting_as(login)).exists()
    assert access.demands_for(acting_as("audrey")).count() == 1


def test_demands_are_counted_for_everybody_and_small_counts_are_not_said(report: Walk, client: Any) -> None:
    for _ in range(6):
        report("record-demand", "dora", **PAPER)
        report("refuse-demand", "cora", **REASONS)
    (year,) = demands.by_year()
    assert (year.year, year.asked, year.granted, year.refused) == (2026, 6, 0, 6)
    report("record-demand", "dora", **PAPER)
    report("agree-demand", "cora", **REASONS)
    report("grant-demand", "audrey", **REASONS)
    (year,) = demands.by_year()
    assert (year.asked, year.granted) == (7, "<5")
    page = client.get("/demands/").content.decode()
    assert "7" in page
    assert report.ref not in page


# ---- whom a report turns out to be about


def test_a_conflict_that_is_found_later_moves_the_file_and_ends_access(cast: Any, bodies: Any) -> None:
    walk = Walk(lodge(kind="report", against=("zj",), body="xf"))
    walk("register", "olga")
    dues = list(walk.petition.clocks.order_by("seq").values_list("name", "due", "state"))
    assert access.visible_to(acting_as("olga")).exists()
    walk(
        "record-conflict", "author", reported="xf", conflict_words="the deputy head", reasons="she took part"
    )
    assert walk.petition.holder.code == "jw"
    assert walk.petition.state == "handing-over"
    assert not access.visible_to(acting_as("olga")).exists()
    assert access.visible_to(acting_as("dora")).exists()
    assert code(walk.ask("transfer", "olga", body="jw")) == "not-found"
    assert list(walk.petition.clocks.order_by("seq").values_list("name", "due", "state")) == dues
    assert walk.petition.outbox.filter(notice="moved-away").exists()
    walk("acknowledge-hand-over", "dora")


@pytest.mark.parametrize("seed", range(6))
def test_over_any_tree_no_way_leads_back_to_whom_it_turned_out_to_be_about(
    db: Any, house_keys: None, seed: int
) -> None:
    chance = random.Random(seed)
    bodies = _random_tree(chance)
    accused, found = chance.sample(bodies, 2)
    made = file(lodging(kind="report", against=(accused.code,)), now=NOW)
    if isinstance(made, Refusal):
        assert made.code == "no-body"
        return
    for body in bodies:
        made.petition.holdings.get_or_create(body=body, defaults={"since": NOW})
    said = {"reported": found.code, "reasons": "a post there"}
    moved = perform(made.ref, Move("record-conflict", said), access.Author(made.ref), NOW)
    under = _under(accused) | (_under(found) if isinstance(moved, Petition) else set())
    if isinstance(moved, Refusal):
        assert moved.code == "no-body"
    now_at = Petition.objects.get(ref=made.ref).holder.code
    assert now_at not in under
    for body in Body.objects.all():
        acting = access.Acting(Officer.objects.get(login=f"o-{body.code}"), NOW.date())
        if body.code in under:
            assert not access.visible_to(acting).exists(), (found.code, body.path)
            assert not access.below(acting).exists()
            assert not access.inbox_of(acting).exists()
    assert Entry.objects.filter(event="conflict-recorded").count() == isinstance(moved, Petition)
