"""Several moves of the past made at once leave exactly what they leave one by one, or nothing at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry.access import IMPORTER
from huiyin.registry.file import Filed, file
from huiyin.registry.models import Body, Clock, DataSet, Entry, Holding, Petition
from huiyin.registry.perform import perform, perform_past
from tests.cast import NOW, lodging

THEN = datetime(2019, 4, 24, 8, 3, tzinfo=UTC)
ANSWERED = THEN + timedelta(days=15)
MOVES = [
    (Move("register"), THEN),
    (Move("transfer", {"body": "zj"}), THEN),
    (Move("accept"), THEN),
    (Move("import-opinion", {"reply": "已经修好"}), ANSWERED),
    (Move("serve", {"served_on": "2019-05-09", "way": "electronic"}), ANSWERED),
]


@pytest.fixture
def imported(bodies: dict[str, Body]) -> None:
    DataSet.objects.create(kind="import", marked_at=NOW)


def filed(number: str) -> Filed:
    made = file(lodging(body="xf", source="board", source_id=number), now=NOW, at=THEN, by=IMPORTER)
    assert isinstance(made, Filed), made
    return made


def left_by(petition: Petition) -> list[list[dict[str, Any]]]:
    """All rows of a petition but what must differ: their numbers, the reference, and chance."""
    chance = {"id", "petition_id", "ref", "key_hash", "source_id", "salt", "public", "number", "reading_key"}
    rows = [
        Petition.objects.filter(pk=petition.pk),
        *(
            model._default_manager.filter(petition=petition).order_by("pk")
            for model in (Clock, Entry, Holding)
        ),
    ]
    return [
        [{name: value for name, value in row.items() if name not in chance} for row in each.values()]
        for each in rows
    ]


def test_they_leave_what_they_leave_one_by_one(imported: None):
    one_by_one, at_once = filed("1"), filed("2")
    for move, at in MOVES:
        assert isinstance(perform(one_by_one.ref, move, IMPORTER, NOW, at=at), Petition)
    after = perform_past(at_once.ref, MOVES, IMPORTER, NOW)
    assert isinstance(after, Petition)
    assert left_by(at_once.petition) == left_by(one_by_one.petition)
    after.refresh_from_db()
    assert (after.state, after.version) == ("opinion-served", 6)


def test_one_that_is_refused_refuses_all(imported: None):
    made = filed("1")
    wrong = [*MOVES[:3], (Move("serve", {"served_on": "2019-05-09", "way": "post"}), ANSWERED)]
    refused = perform_past(made.ref, wrong, IMPORTER, NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "wrong-state"
    assert (Petition.objects.get().state, Entry.objects.count()) == ("lodged", 1)


@pytest.mark.parametrize("at", [THEN - timedelta(seconds=1), None])
def test_history_runs_forward(at: datetime | None, imported: None):
    made = filed("1")
    moves = [(MOVES[0][0], at)] if at else [(MOVES[0][0], ANSWERED), (MOVES[1][0], THEN)]
    refused = perform_past(made.ref, moves, IMPORTER, NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "time-runs-back"
    assert Entry.objects.count() == 1


def test_a_live_registry_has_no_past_to_enter(imported: None):
    made = filed("1")
    DataSet.objects.update(kind="live")
    refused = perform_past(made.ref, MOVES, IMPORTER, NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "live-registry"
    assert isinstance(perform_past("HY-00000-00000", MOVES, IMPORTER, NOW), Refusal)
