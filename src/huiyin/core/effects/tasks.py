"""What is to be carried out: tasks are made, fall due, are reported done, and are answered by the author."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from huiyin.core import tasks
from huiyin.core.case import Case, Situation, named_tasks
from huiyin.core.effects.shape import Effect, Said
from huiyin.core.tasks import Task

# Outcomes that give the author something, which must then be carried out.
SUPPORTING = frozenset({"support", "support-part", "change", "quash"})
LINES = "tasks"  # the content that names them, line by line


def with_tasks(case: Case, said: Said, *, state: str) -> Case:
    """The case with the tasks that were said. They are done by the body that took the petition up."""
    body = case.handled_by or case.holder.code
    made = tasks.from_lines(said.get(LINES) or (), after=len(case.tasks), body=body, state=state)
    # A body that answers without a formal acceptance (a suggestion, say) carries out what it promised too.
    return replace(case, tasks=(*case.tasks, *made), handled_by=body) if made else case


def _propose(case: Case, said: Said, situation: Situation) -> Case:
    # What the author undertakes stands in the agreement; a task is only ever a body's (charter 4).
    theirs = [line for line in said["clauses"] if line["side"] == "body"]
    return with_tasks(case, {LINES: theirs}, state=tasks.PROMISED)


def _drop_promised(case: Case, said: Said, situation: Situation) -> Case:
    return _each(
        case, lambda task: replace(task, state=tasks.DROPPED) if task.state == tasks.PROMISED else task
    )


def _make(case: Case, said: Said, situation: Situation) -> Case:
    return with_tasks(case, said, state=tasks.DUE)


def _set_issued(case: Case, said: Said, situation: Situation) -> Case:
    made = with_tasks(case, said, state=tasks.PROMISED)
    outcomes = {said.get("outcome"), said.get("review_outcome")}
    outcomes |= {line.get("outcome") for line in said.get("answers", ())}
    supports = bool(outcomes & SUPPORTING)
    # What was carried out already does not carry out what a later opinion promises.
    if supports and made is case and case.remedy in {"", tasks.CONFIRMED, tasks.DROPPED}:
        whole = Task(
            len(case.tasks) + 1, "remedy", "", case.handled_by or case.holder.code, state=tasks.PROMISED
        )
        made = replace(case, tasks=(*case.tasks, whole))
    return replace(made, issued_on=situation.today)


def _promise(case: Case, said: Said, situation: Situation) -> Case:
    return _each(case, lambda task: replace(task, state=tasks.DUE) if task.state == tasks.PROMISED else task)


def _reported(case: Case, said: Said, situation: Situation) -> Case:
    return _named(case, said, "remedy-due", lambda task: task.reported(said["note"], situation.today))


def _confirmed(case: Case, said: Said, situation: Situation) -> Case:
    words = said.get("comment", "")
    return _named(
        case, said, "remedy-reported", lambda task: task.answered(tasks.CONFIRMED, words, situation.today)
    )


def _disputed(case: Case, said: Said, situation: Situation) -> Case:
    state = tasks.PARTLY if said.get("how_far") == "part" else tasks.DISPUTED
    words = said.get("comment", "")
    return _named(case, said, "remedy-unsettled", lambda task: task.answered(state, words, situation.today))


def _named(case: Case, said: Said, asked: str, change: Callable[[Task], Task]) -> Case:
    chosen = {task.seq for task in named_tasks(case, said, asked)}
    return _each(case, lambda task: change(task) if task.seq in chosen else task)


def _each(case: Case, change: Callable[[Task], Task]) -> Case:
    return replace(case, tasks=tuple(change(task) for task in case.tasks))


EFFECTS: dict[str, Effect] = {
    "make-tasks": _make,
    "propose-tasks": _propose,
    "drop-promised": _drop_promised,
    "set-issued": _set_issued,
    "promise": _promise,
    "mark-remedy-reported": _reported,
    "mark-remedy-confirmed": _confirmed,
    "mark-remedy-disputed": _disputed,
}
