"""Takes open cases of an older system over: each in one transaction, with its own days, as that one's claims.

Everything is written by `file` and `perform_past`, as the importer; the last step, with no day but now, says
that it was brought in, from where and under which number. Whatever interrupts a takeover, each case is there
whole or not at all, and the number that it had keeps it from coming in twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.text import Text
from huiyin.reading.tables import Line
from huiyin.registry import law, told_on
from huiyin.registry.access import IMPORTER
from huiyin.registry.file import Filed, file
from huiyin.registry.models import Petition
from huiyin.registry.perform import perform, perform_past
from huiyin.registry.takeover_rows import BadRow, OpenCase, Rows, column_of
from huiyin.registry.takeovers import Takeover
from huiyin.vault.seal import Author

TAKEN, HERE, REFUSED = "taken", "here", "refused"
ASK_REVIEW = "review-request"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row."""

    line: int
    number: str  # in the older system, as far as it could be read
    outcome: str  # TAKEN, HERE already, or REFUSED
    ref: str = ""
    state: str = ""
    late: tuple[tuple[str, date], ...] = ()  # terms that were over when it came: name, last day
    why: Text | None = None
    lacks: Text | None = None  # what of it did not come along


class _Stop(Exception):
    """Rolls one row back and carries what became of it."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.outcome)
        self.told = told


def go_through(
    lines: Iterable[Line],
    columns: Mapping[str, str],
    takeover: Takeover,
    now: datetime,
    *,
    dry: bool = False,
    fits: Callable[[OpenCase], Text | None] = lambda _: None,
) -> Iterator[Told]:
    """What becomes of each row; `dry`: what would. `fits` says what else stands in its way."""
    rows, seen = Rows(columns, takeover.source, now), set[str]()
    for line in lines:
        number = line.cells.get(columns["id"], "").strip()
        try:
            case = rows.case(line)
            why = fits(case)
            if why is None and case.number in seen:
                why = Text(
                    f"编号 {case.number} 在前面的行里有过", f"number {case.number} stood in a row before"
                )
        except BadRow as error:
            yield Told(line.number, number, REFUSED, why=error.said)
            continue
        seen.add(case.number)
        if why is not None:
            yield Told(line.number, number, REFUSED, why=why)
        else:
            yield take(case, takeover, now, dry=dry)


def take(case: OpenCase, takeover: Takeover, now: datetime, *, dry: bool = False) -> Told:
    """Put one open case on record, as far as it got; `dry`: find out, and leave nothing."""
    found = Petition.objects.filter(source=takeover.source, source_id=case.number).values_list("ref").first()
    if found:
        return Told(case.line, case.number, HERE, ref=found[0])
    if dry:
        # Nobody is sealed for a try: a seal's own key would stay behind in the key store.
        case = replace(case, lodging=replace(case.lodging, author=Author()))
    try:
        with transaction.atomic():
            told = _taken(case, takeover, now)
            if dry:
                raise _Stop(replace(told, ref=""))
            return told
    except _Stop as stop:
        return stop.told


def _taken(case: OpenCase, takeover: Takeover, now: datetime) -> Told:
    filed = file(case.lodging, now=now, at=case.at, by=IMPORTER)
    if isinstance(filed, Refusal):
        if filed.code == "already-imported":
            raise _Stop(Told(case.line, case.number, HERE))  # somebody else was bringing it in
        raise _Stop(_refused(case, "lodged_at", filed))
    petition = _through(case, filed, now)
    _, today = law.at(now, petition.jurisdiction)
    clocks = list(petition.clocks.order_by("seq"))
    over = next((c for c in clocks if c.name == ASK_REVIEW and c.ended is None and c.due < today), None)
    if over is not None:
        raise _Stop(_refused(case, "served_at", refuse("takeover-over", due=over.due)))
    if why := told_on.difference(petition, clocks, case.stood, case.ran, today):
        raise _Stop(Told(case.line, case.number, REFUSED, why=why))
    said: dict[str, Any] = {"old_system": takeover.source, "old_number": case.number}
    if case.documents:
        said["old_documents"] = [dict(each) for each in case.documents]
    done = perform(petition.ref, Move("bring-in", said), IMPORTER, now)
    if isinstance(done, Refusal):
        raise _Stop(_refused(case, "", done))
    owed = [c for c in clocks if c.on_due == "breach" and c.ended is None and not c.carried_by]
    late = [(c.name, c.due) for c in owed if c.due < today]
    return Told(case.line, case.number, TAKEN, done.ref, done.state, tuple(late), lacks=_lacks(case))


def _lacks(case: OpenCase) -> Text | None:
    """What stays in the older installation, where it says so."""
    parts = []
    if case.others:
        parts.append(Text(f"其他 {case.others} 个步骤", f"other steps: {case.others}"))
    if case.files:
        parts.append(Text(f"{case.files} 个附件", f"files: {case.files}"))
    if not parts:
        return None
    zh, en = "、".join(each.zh for each in parts), ", ".join(each.en for each in parts)
    return Text(f"没有随来：{zh}", f"does not come along: {en}")


def _through(case: OpenCase, filed: Filed, now: datetime) -> Petition:
    """Make the steps that it went through; the first that the law does not allow is named by its column."""
    petition = filed.petition
    for step, move, at in case.steps:
        done = perform_past(filed.ref, [(move, at)], IMPORTER, now)
        if isinstance(done, Refusal):
            raise _Stop(_refused(case, column_of(step), done))
        petition = done
    return petition


def _refused(case: OpenCase, column: str, refusal: Refusal) -> Told:
    reason = next(iter(refusal.fields.values()), refusal.reason)
    where = f"{column}: " if column else ""
    article = f" ({refusal.article})" if refusal.article else ""
    why = Text(f"{where}{reason.zh}{article}", f"{where}{reason.en}{article}")
    return Told(case.line, case.number, REFUSED, why=why)
