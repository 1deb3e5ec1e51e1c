"""What is to be carried out, as doors show it: the tasks of one petition, and those of a desk by day.

Reads only: tasks are written by `perform`, in the transaction of the move that makes or changes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from django.db.models import F, Q, QuerySet

from huiyin.core import tasks as core
from huiyin.core.case import named_tasks
from huiyin.core.rulebook import Row
from huiyin.core.text import Text
from huiyin.registry import access, record, sealing
from huiyin.registry.access import Acting
from huiyin.registry.masking import AS_IT_IS, Reader
from huiyin.registry.models import Body, Petition, Task

WHOLE = Text("意见中予以支持的全部内容", "All that the opinion supports")
STATES = {
    core.DUE: Text("待执行", "still to be done"),
    core.REPORTED: Text("已报告，信访人尚未确认", "reported, not confirmed"),
    core.PARTLY: Text("信访人说只做了一部分", "done in part, says the petitioner"),
    core.CONFIRMED: Text("信访人确认已做到", "confirmed by the petitioner"),
    core.DISPUTED: Text("信访人说没有做到", "not done, says the petitioner"),
}
TONES = {core.DUE: "warn", core.REPORTED: "info", core.CONFIRMED: "good"}
WORKING = frozenset({"handler", "head", "leader"})


def words_of(task: Task | core.Task) -> Text:
    """What is to be done; where no line named it, that it is the whole of what was supported."""
    if task.what == sealing.CLOSED:  # the step that made it says it, to whoever reads that
        return sealing.UNDER_SEAL
    return Text(task.what, task.what) if task.what else WHOLE


def words_for(reader: Reader, task: Task) -> Text:
    """The same as this reader may see it."""
    words = words_of(task)
    return Text(reader.says(words.zh), reader.says(words.en))


def words_by_number(petition: Petition, reader: Reader) -> dict[str, Text]:
    """What each of a petition's tasks is, by the number that a step names it by."""
    tasks = petition.tasks.all() if petition.pk else ()
    return {str(task.seq): words_for(reader, task) for task in tasks}


def told(
    petition: Petition,
    today: date,
    reader: Reader = AS_IT_IS,
    *,
    known: Mapping[str, Body] = MappingProxyType({}),
) -> list[dict[str, object]]:
    """The tasks of one petition once they are owed, as `_tasks` draws them; `known`: bodies already read."""
    rows = [row for row in petition.tasks.all() if row.state not in {core.PROMISED, core.DROPPED}]
    missing = {row.body for row in rows} - set(known)
    read = Body.objects.filter(code__in=missing) if missing else ()
    bodies = {body.code: body.name for body in (*known.values(), *read)}
    return [
        {
            "task": row,
            "what": words_for(reader, row),
            "report": reader.says(row.report),
            "answer": reader.says(row.answer),
            "own_words": bool(row.what),
            "body": bodies.get(row.body),
            "state": STATES[row.state],
            "tone": TONES.get(row.state, "late"),
            "late": is_late(row, today),
            "asked": row.state == core.REPORTED,
        }
        for row in rows
    ]


def is_late(task: Task, today: date) -> bool:
    """Whether its day is over and the body has never said that it was done."""
    return task.due is not None and task.due < today and task.reported_on is None


def choices(petition: Petition, row: Row) -> list[tuple[str, Text]]:
    """The tasks that a move of this row could be about, for its form."""
    asked = next((guard for guard in row.guards if guard.startswith("remedy-")), "")
    if not asked:
        return []
    before = record.case_of(petition, petition.clocks.all())
    return [(str(task.seq), words_of(task)) for task in named_tasks(before, {}, asked)]


def of_desk(acting: Acting, states: frozenset[str]) -> QuerySet[Task]:
    """What this officer's bodies have to carry out, by day; never of a petition that is hidden from them."""
    mine = Task.objects.filter(body__in=acting.codes(WORKING), state__in=states)
    seen = access.visible_to(acting)
    return (
        mine.filter(petition__in=seen)
        .select_related("petition", "petition__holder")
        .defer("petition__text", "petition__accused_words")
        .order_by(F("due").asc(nulls_last=True), "pk")
    )


def late_of(found: QuerySet[Task], today: date) -> QuerySet[Task]:
    return found.filter(Q(due__lt=today), reported_on=None)
