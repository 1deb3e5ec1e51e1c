"""Each step of a yearly assessment is an entry of the public log; its file proves it without the house."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from huiyin.clerk import checking, numbering
from huiyin.core import assessment_proof, ledger, receipts
from huiyin.core.policy import Log, Policy
from huiyin.registry import assessment_log, assessment_steps, keeping
from huiyin.registry.assessments import Assessment, AssessmentEntry, Decision, Objection
from huiyin.registry.models import Change, Officer
from huiyin.vault import certificate
from tests.cast import Walk
from tests.clerk import logs
from tests.registry.test_assessing import NEXT_YEAR, acting, another, issued

__all__ = ["another"]


def whole(walk: Walk) -> Assessment:
    """Issued, objected to and decided on, each an hour after the other."""
    kept = issued(walk)
    hours = [NEXT_YEAR + timedelta(hours=n) for n in (1, 2)]
    objection = assessment_steps.object_to(
        kept, "hidden", "附件当天已补录。", acting=acting("hedda"), now=hours[0]
    )
    assert isinstance(objection, Objection), objection
    decided = assessment_steps.decide(objection, "upheld", "卷宗里有。", acting=acting("silke"), now=hours[1])
    assert isinstance(decided, Decision), decided
    return Assessment.objects.select_related("objection__decision").get(pk=kept.pk)


def policy() -> Policy:
    return Policy(logs=tuple(map(Log, receipts.keys_of([str(certificate.log_key())]))))


def wrongs_of(text: str) -> list[str]:
    return [wrong.en for wrong in assessment_proof.read(text).wrongs(policy())]


def found() -> list[str]:
    return [text.en for text in checking.check(NEXT_YEAR + timedelta(hours=3))]


def about_assessments() -> list[str]:
    return [each for each in found() if each.startswith("assessment")]


def test_each_step_stands_in_the_log_and_its_file_proves_it(walk: Walk, another: Officer) -> None:
    kept = whole(walk)
    waiting = assessment_log.proof(kept)
    assert [step.number for step in waiting.steps] == [None] * 3
    logs.look(NEXT_YEAR + timedelta(hours=2))
    made = assessment_log.proof(Assessment.objects.get(pk=kept.pk))
    leaves = logs.leaves()
    assert [leaves[step.number or 0] for step in made.steps] == [step.entry for step in made.steps]
    assert [step.opening["step"] for step in made.steps] == ["issued", "objected", "decided"]
    assert wrongs_of(str(made)) == []
    assert about_assessments() == []


def test_the_log_says_nothing_of_what_was_done(walk: Walk, another: Officer) -> None:
    kept = whole(walk)
    for row in AssessmentEntry.objects.all():
        read = ledger.read_entry(bytes(row.public))
        assert read.claimed_at is None
        assert kept.body.code.encode() not in bytes(row.public).split(b"commitment")[0]


CHANGES: dict[str, Any] = {
    "reasons": (1, "reasons", "改过"),
    "points": (0, "points", "100.00"),
    "record": (0, "record", {}),
    "item": (2, "item", "solved"),
    "body": (1, "body", "xf"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_file_does_not_hold(name: str, walk: Walk, another: Officer) -> None:
    kept = whole(walk)
    logs.look(NEXT_YEAR + timedelta(hours=2))
    told = json.loads(str(assessment_log.proof(kept)))
    step, key, value = CHANGES[name]
    told["steps"][step]["opening"][key] = value
    assert f"step {step + 1} is not what its entry commits to: it was changed" in wrongs_of(json.dumps(told))


def test_a_file_that_says_another_place_does_not_hold(walk: Walk, another: Officer) -> None:
    kept = whole(walk)
    logs.look(NEXT_YEAR + timedelta(hours=2))
    told = json.loads(str(assessment_log.proof(kept)))
    told["steps"][1]["number"] = told["steps"][0]["number"]
    assert any("step 2 does not stand in the log" in wrong for wrong in wrongs_of(json.dumps(told)))


def test_steps_left_out_or_in_another_order_are_noticed(walk: Walk, another: Officer) -> None:
    told = json.loads(str(assessment_log.proof(whole(walk))))
    for steps in ([0, 2], [1, 0], [1]):
        other = {**told, "steps": [told["steps"][n] for n in steps]}
        assert assessment_proof.DISORDER.en in wrongs_of(json.dumps(other))


@pytest.mark.parametrize("text", ["{}", "[]", '{"steps": []}', '{"steps": [{}]}', "nothing"])
def test_what_is_no_such_file_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        assessment_proof.read(text)


def test_what_is_changed_or_deleted_by_hand_is_found(walk: Walk, another: Officer) -> None:
    kept = whole(walk)
    Objection.objects.update(reasons="改过")
    assert about_assessments() == ["assessment of zj for 2026, objected: it " + assessment_log.UNLIKE.en]
    AssessmentEntry.objects.filter(step="decided").delete()
    assert any("decided: it " + assessment_log.NO_ENTRY.en in each for each in about_assessments())
    assert kept.entries.count() == 2


def test_a_deleted_line_is_missed_in_the_log(walk: Walk, another: Officer) -> None:
    whole(walk)
    logs.look(NEXT_YEAR + timedelta(hours=2))
    AssessmentEntry.objects.filter(step="objected").delete()
    assert any("its row is gone" in each for each in found())


def test_a_step_that_cannot_be_finished_leaves_no_entry(walk: Walk, monkeypatch: Any) -> None:
    """Entry, step and record of changes are one transaction: whoever dies in it leaves nothing."""

    def dies(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(keeping, "write_down", dies)
    with pytest.raises(RuntimeError), transaction.atomic():
        issued(walk)
    assert not Assessment.objects.exists()
    assert not AssessmentEntry.objects.exists()
    assert not Change.objects.filter(what__did="assessment-issued").exists()


def test_numbering_goes_on_where_it_stopped(walk: Walk, another: Officer) -> None:
    kept = whole(walk)
    numbering.number()
    numbers = list(kept.entries.values_list("number", flat=True))
    assert None not in numbers
    assert numbering.number() == 0
    assert list(kept.entries.values_list("number", flat=True)) == numbers


def test_a_step_is_entered_once(walk: Walk) -> None:
    kept = issued(walk)
    assessment_log.enter(kept, NEXT_YEAR)
    assert kept.entries.count() == 1
    row = kept.entries.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_steps_made_before_there_were_entries_are_entered_with_their_day(
    walk: Walk, another: Officer
) -> None:
    kept = whole(walk)
    AssessmentEntry.objects.all().delete()
    module = import_module("huiyin.registry.migrations.0149_assessment_entries")
    module.enter_earlier(apps, None)
    claimed = [ledger.read_entry(bytes(row.public)).claimed_at for row in kept.entries.order_by("pk")]
    assert claimed == [NEXT_YEAR.replace(second=0, microsecond=0) + timedelta(hours=n) for n in range(3)]
    assert about_assessments() == []
