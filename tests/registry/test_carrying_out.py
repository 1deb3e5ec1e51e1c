"""Tasks on record: written with the move they come from, seen at the desk of the body that owes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huiyin.clerk import reminders, sweep
from huiyin.core.tasks import OWED
from huiyin.papers.letter import letter_of
from huiyin.registry import carrying_out
from huiyin.registry.models import Clock, Outbox, Task
from tests.cast import OPINION, Walk, acting_as


@pytest.fixture
def promised(walk: Walk) -> Walk:
    """Two lamps to be mended by a day, and the neighbours told; served."""
    day = (walk.today + timedelta(days=20)).isoformat()
    lines = [
        {"task_kind": "remedy", "task_what": "修好两盏路灯", "task_due": day},
        {"task_kind": "notice", "task_what": "告知小区居民", "task_due": ""},
    ]
    walk.to("accepted").signed(**OPINION, tasks=lines)
    walk("issue-opinion", "otto", **OPINION, tasks=lines)
    return walk.to("opinion-served")


def desk(login: str, walk: Walk) -> list[str]:
    return [task.what for task in carrying_out.of_desk(acting_as(login, walk.today), OWED)]


def test_entry_and_tasks_are_one(promised: Walk) -> None:
    assert desk("otto", promised) == ["修好两盏路灯", "告知小区居民"]
    assert [t.body for t in Task.objects.all()] == ["zj", "zj"]
    assert promised.petition.remedy == "due"


def test_only_the_body_that_owes_it_has_it_on_its_list(promised: Walk) -> None:
    promised("request-review", "author")
    assert desk("otto", promised) == ["修好两盏路灯", "告知小区居民"]
    assert desk("rita", promised) == []


def test_the_clerk_reminds_the_body_that_owes_it_and_records_lateness(promised: Walk) -> None:
    clock = Clock.objects.get(name="carry-out")
    promised("request-review", "author").refresh_from_db()
    # Held by the county by now, and owed by the bureau.
    readers = reminders.readers_of(promised.petition, clock.due - timedelta(days=1), clock)
    assert {officer.login for officer in readers} == {"otto"}
    promised.later(days=19)
    reminders.remind(promised.now)
    assert Outbox.objects.filter(mark=f"{clock.seq}/1/{clock.due}").count() == 1
    promised.later(days=2)
    assert sweep.sweep(promised.now)["breach"] == 1
    clock.refresh_from_db()
    assert (clock.state, clock.kind) == ("missed", "order")


def test_silence_leaves_it_reported_for_ever(promised: Walk) -> None:
    promised("report-carried-out", "otto", note="都已完成")
    for _ in range(3):
        sweep.sweep(promised.later(days=60).now)
    assert promised.petition.state == "lapsed"
    assert {task.state for task in Task.objects.all()} == {"reported"}


def test_what_the_author_answers_stands_with_the_task(promised: Walk) -> None:
    promised("report-carried-out", "otto", note="修好一盏", task="1")
    promised("dispute-carried-out", "author", task="1", how_far="part", comment="另一盏还黑着")
    task: Any = Task.objects.get(seq=1)
    assert (task.state, task.report, task.answer) == ("partly", "修好一盏", "另一盏还黑着")
    assert promised.petition.remedy == "disputed"


def test_the_letter_says_which_task_was_done_and_not_its_number(promised: Walk) -> None:
    done = promised("report-carried-out", "otto", note="修好一盏", task="1")
    letter = letter_of(done, done.entries.latest("seq"))
    assert letter is not None
    said = [str(getattr(part.value, "zh", part.value)) for part in letter.parts]
    assert "修好两盏路灯" in said
    assert "1" not in said
