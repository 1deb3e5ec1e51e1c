"""The demonstration can be built on any day, and shows every state of the law."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from huiyin.core import ledger, rulebook
from huiyin.registry import answered, assessment_log, demonstration
from huiyin.registry.assessments import Assessment, AssessmentEntry
from huiyin.registry.models import Body, Clock, DataSet, Entry, Officer, Outbox, Petition, Problem

pytestmark = pytest.mark.usefixtures("db", "house_keys")

# Before, in and after a long holiday; a Saturday; late in the evening of the legal day.
DAYS = [
    datetime(2026, 2, 13, 3, 0, tzinfo=UTC),
    datetime(2026, 2, 18, 1, 0, tzinfo=UTC),
    datetime(2026, 10, 10, 15, 30, tzinfo=UTC),
    datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
]


# It takes another installation to be in these: docs/operate/hand-over.md.
BETWEEN_TWO = {"crossing", "crossed", "sent-back"}


def _all_told() -> list[dict[str, Any]]:
    data = demonstration._data()
    return [*data["petitions"], *data.get("last_year", ())]


@pytest.mark.parametrize(
    "day", [DAYS[0], *(pytest.param(d, marks=pytest.mark.once) for d in DAYS[1:])], ids=str
)
def test_it_shows_every_state_on_whatever_day_it_is_built(day: datetime):
    examples = demonstration.build(day)
    wanted = {told["name"]: told["state"] for told in _all_told()}
    assert {example.name: example.state for example in examples} == wanted
    assert set(wanted.values()) == set(rulebook.by_id("cn-2022").states) - BETWEEN_TWO
    assert Clock.objects.filter(state="missed").exists()
    assert not Entry.objects.filter(claimed_at__gt=day).exists()


def test_it_is_built_once_and_never_into_real_data():
    assert demonstration.is_possible()
    assert demonstration.build(DAYS[0])
    filed = Petition.objects.count()
    assert demonstration.is_built()
    assert demonstration.build(DAYS[1]) == ()
    assert Petition.objects.count() == filed
    assert not Outbox.objects.filter(sent_at=None).exists()
    DataSet.objects.all().delete()
    assert not demonstration.is_possible()


def test_its_officers_can_sign_in_and_hold_every_role():
    demonstration.build(DAYS[0])
    held = {role for cast in demonstration.officers() for role, _ in cast.roles}
    assert held == {
        *("registrar", "handler", "head", "reviewer", "supervisor"),
        *("administrator", "auditor", "custodian", "leader", "relief"),
    }
    assert all(officer.check_password(demonstration.PASSWORD) for officer in Officer.objects.all()[:2])


@pytest.mark.once
@pytest.mark.parametrize("law", ["uk-housing", "in-cpgrams", "cn-samr", "cn-zj"])
def test_it_can_be_built_under_each_law(law: str, settings: Any):
    settings.JURISDICTION = law
    examples = demonstration.build(DAYS[3])
    wanted = {told["name"]: told["state"] for told in _all_told()}
    assert {example.name: example.state for example in examples} == wanted
    books = set(Entry.objects.values_list("rulebook", flat=True))
    assert {rulebook.by_id(book).jurisdiction for book in books} == {law}
    assert Clock.objects.filter(state="missed").exists() or law == "cn-samr"


def test_it_shows_a_recusal_a_choice_of_two_lines_linked_petitions_and_a_body_taken_over():
    refs = {example.name: example.ref for example in demonstration.build(DAYS[3])}

    def shown(name: str) -> Petition:
        return Petition.objects.select_related("holder").get(ref=refs[name])

    assert shown("roof").marks["recusal-asked"], "the head has to decide"
    assert shown("relocation").holder.code == "yunxi", "the only reviewer stepped back"
    assert shown("well").entries.filter(event="review-requested", contents__body="yunxi-zj").exists()
    one, other = shown("lift-seven").matter_link, shown("stopped-lift").matter_link
    assert one.matter_id == other.matter_id
    assert shown("old-deed").holder.code == "qinghe-zj"
    assert not Body.objects.get(code="qinghe-fg").active


def test_two_problems_are_found_in_it_and_one_is_taken_up():
    refs = {example.name: example.ref for example in demonstration.build(DAYS[3])}
    taken_up = Problem.objects.get(members__petition__ref=refs["lift-seven"])
    assert (taken_up.state, taken_up.petitions) == ("adopted", 5)
    assert Problem.objects.get(members__petition__ref=refs["water-pump"]).state == "candidate"
    said = answered.before("云顶苑电梯停运", "云顶苑7栋两部电梯停运，物业欠维保费。", publishes=True)
    assert [each.page for each in said] == [str(taken_up.pk)]


def test_the_year_before_is_finished_and_assessed():
    demonstration.build(DAYS[3])
    found = {kept.body.code: kept for kept in Assessment.objects.filter(year=DAYS[3].year - 1)}
    assert set(found) == {"qinghe-zj", "qinghe-jt", "qinghe-hb"}
    assert all(0 < kept.points < 100 for kept in found.values() if kept.points is not None)
    assert found["qinghe-zj"].objection.decision.decided == "dismissed"
    steps = {code: [row.step for row in assessment_log.entries_of(kept)] for code, kept in found.items()}
    assert steps["qinghe-jt"] == ["issued"]
    assert steps["qinghe-hb"] == ["issued", "objected", "decided"]
    assert list(assessment_log.wrongs()) == []
    lines = [ledger.read_entry(bytes(row.public)) for row in AssessmentEntry.objects.all()]
    assert {line.recorded_at for line in lines} == {DAYS[3]}, "put on record today, whatever is claimed"
    assert {line.claimed_at.year for line in lines if line.claimed_at} == {DAYS[3].year}
