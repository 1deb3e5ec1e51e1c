"""About what is to be carried out: whether something is owed, reported, or said in a way that can be kept."""

from __future__ import annotations

from datetime import date

from huiyin.core.case import named_tasks
from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def _some(name: str) -> Guard:
    """The task that is named (or, where none is, at least one) stands as this move needs it."""

    def guard(asked: Asked) -> Refusal | None:
        found = named_tasks(asked.case, asked.said or {}, name)
        return None if found else refuse("no-remedy-due", asked.row.article)

    return guard


def tasks_ahead(asked: Asked) -> Refusal | None:
    """Nobody promises something for a day that is over."""
    lines = [*((asked.said or {}).get("tasks") or ()), *((asked.said or {}).get("clauses") or ())]
    days = [date.fromisoformat(line["task_due"]) for line in lines if line.get("task_due")]
    return refuse("task-past", asked.row.article) if any(day < asked.today for day in days) else None


GUARDS: dict[str, Guard] = {
    "remedy-due": _some("remedy-due"),
    "remedy-reported": _some("remedy-reported"),
    "remedy-unsettled": _some("remedy-unsettled"),
    "tasks-ahead": tasks_ahead,
}
