"""What a move leaves behind: the case read from its rows, written back, and the entry that proves it.

Used by `file` and `perform` alone, inside their transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from huiyin.core import case, ledger, rulebook, tasks
from huiyin.core.clock import Exclusion, Reckoning, Skip
from huiyin.core.conditions import CARRY_OUT
from huiyin.registry import board_round, indexing, law, losing, sealing
from huiyin.registry.access import Acting, Actor, Author, as_core
from huiyin.registry.insert import insert, new_row
from huiyin.registry.models import (
    Accused,
    Body,
    Clock,
    Entry,
    Holding,
    NewKey,
    Officer,
    Outbox,
    Petition,
    Recusal,
    Task,
)

STATE_FIELDS = [
    "kind",
    "state",
    "is_open",
    "stage",
    "holder",
    "other",
    "senders",
    "handled_by",
    "officer",
    "took_part",
    "called",
]
STATE_FIELDS += [
    "withdrawing",
    "remedy",
    "issued_on",
    "hearing_since",
    "marks",
    "requests",
    "moved_at",
    "next_due",
    "to_supervise",
    "version",
]


# ---- rows -> case


def clock_of(row: Clock) -> case.Clock:
    """A clock as the core sees it."""
    return case.Clock(
        seq=row.seq,
        name=row.name,
        rulebook=row.rulebook,
        article=row.article,
        unit=row.unit,
        days=row.days,
        roll=row.roll,
        on_due=row.on_due,
        kind=row.kind,
        start=row.start,
        reckoning=Reckoning(
            start=row.start,
            end=row.end,
            due=row.due,
            skipped=tuple(Skip(date.fromisoformat(day), why) for day, why in row.skipped),
            provisional=row.provisional,
        ),
        state=row.state,  # type: ignore[arg-type]
        ended=row.ended,
        carried_by=row.carried_by,
        exclusions=tuple(_exclusion(*span) for span in row.exclusions),
        body=row.body,
    )


def _exclusion(start: str, end: str | None, ground: str) -> Exclusion:
    return Exclusion(date.fromisoformat(start), date.fromisoformat(end) if end else None, ground)


def case_of(petition: Petition, clocks: Iterable[Clock]) -> case.Case:
    """A petition as the law sees it."""
    accused = (
        frozenset(petition.accused.values_list("body__code", flat=True))
        if petition.kind == "report"
        else frozenset()
    )
    return case.Case(
        ref=petition.ref,
        jurisdiction=petition.jurisdiction,
        kind=petition.kind,
        state=petition.state,
        holder=petition.holder.as_core(),
        stage=petition.stage,
        senders=bodies_as_core(petition.senders),
        handled_by=petition.handled_by,
        other=petition.other.as_core() if petition.other else None,
        accused=accused,
        clocks=tuple(clock_of(row) for row in clocks),
        recused=recused_from(petition),
        took_part=frozenset((officer, stage) for officer, stage in petition.took_part),
        called=tuple((body, seq) for body, seq in petition.called),
        withdrawing=petition.withdrawing,
        # A petition that promised nothing has no tasks: that saves a question.
        tasks=tuple(task_of(row) for row in petition.tasks.all()) if petition.remedy else (),
        issued_on=petition.issued_on,
        hearing_since=petition.hearing_since,
        officer=petition.officer.login if petition.officer else "",
        imported=petition.imported,
        lodged_before=bool(petition.lodged_before),
        is_part=petition.part_of_id is not None,
        marks=petition.marks,
        requests=tuple(petition.requests),
        lodged=law.at(petition.lodged_at, petition.jurisdiction)[1],
    )


def recused_from(petition: Petition) -> frozenset[str]:
    # A mark says that somebody stepped back: where nobody did, that saves a question.
    if not petition.marks.get("stepped-back"):
        return frozenset()
    return frozenset(petition.recusals.values_list("officer__login", flat=True))


def write_recused(petition: Petition, before: frozenset[str], after: frozenset[str]) -> None:
    """Put on record who stepped back; nobody steps forward again."""
    if new := after - before:
        officers = Officer.objects.filter(login__in=new)
        Recusal.objects.bulk_create(
            [Recusal(petition=petition, officer=officer) for officer in officers], ignore_conflicts=True
        )


def task_of(row: Task) -> tasks.Task:
    """A task as the core sees it."""
    return tasks.Task(**{name: getattr(row, name) for name in TASK_FIELDS})


def bodies_as_core(codes: list[str]) -> tuple[case.Body, ...]:
    if not codes:
        return ()
    known = {body.code: body.as_core() for body in Body.objects.filter(code__in=codes)}
    return tuple(known[code] for code in codes)


# ---- case -> rows


def clock_row(petition: Petition, clock: case.Clock) -> Clock:
    made = clock.reckoning
    return new_row(
        Clock,
        petition=petition,
        seq=clock.seq,
        name=clock.name,
        rulebook=clock.rulebook,
        article=clock.article,
        unit=clock.unit,
        days=clock.days,
        roll=clock.roll,
        on_due=clock.on_due,
        kind=clock.kind,
        start=clock.start,
        end=made.end,
        due=made.due,
        provisional=made.provisional,
        skipped=[[skip.date.isoformat(), skip.why] for skip in made.skipped],
        exclusions=[
            [x.start.isoformat(), x.end.isoformat() if x.end else None, x.ground] for x in clock.exclusions
        ],
        state=clock.state,
        ended=clock.ended,
        carried_by=clock.carried_by,
        body=clock.body,
        remind_on=rulebook.by_id(clock.rulebook).clocks[clock.name].remind_on(made.due),
    )


CHANGING = ["end", "due", "provisional", "skipped", "exclusions", "state", "ended", "carried_by", "body"]
CHANGING += ["remind_on"]  # what was sent already is not sent again: its mark is in the outbox


def write_clocks(petition: Petition, before: tuple[case.Clock, ...], after: tuple[case.Clock, ...]) -> None:
    """Insert the new clocks and update those that changed; nothing else is touched."""
    Clock.objects.bulk_create([clock_row(petition, c) for c in after[len(before) :]])
    for old, new in zip(before, after, strict=False):
        if old != new:
            row = clock_row(petition, new)
            Clock.objects.filter(petition=petition, seq=new.seq).update(
                **{name: getattr(row, name) for name in CHANGING}, unlogged=True
            )


TASK_FIELDS = [spec.name for spec in fields(tasks.Task)]


def write_tasks(petition: Petition, before: tuple[tasks.Task, ...], after: tuple[tasks.Task, ...]) -> None:
    """Insert the new tasks and update those that changed; nothing else is touched."""
    Task.objects.bulk_create([Task(petition=petition, **_kept(petition, t)) for t in after[len(before) :]])
    for old, new in zip(before, after, strict=False):
        if old != new:
            Task.objects.filter(petition=petition, seq=new.seq).update(**_kept(petition, new))


def _kept(petition: Petition, task: tasks.Task) -> dict[str, Any]:
    """A task as its row holds it: on a report its words lie under seal, with the step that said them."""
    kept = asdict(task)
    if petition.is_sealed:
        kept |= {name: sealing.covered(kept[name]) for name in ("what", "report", "answer")}
    return kept


def next_due(clocks: Iterable[case.Clock]) -> date | None:
    """The earliest day on which a body must have acted: what an inbox is sorted by."""
    # A missed duty that is still owed comes first of all. What is to be carried out has a list of its own:
    # the body that promised owes it, whoever holds the petition by now. The house's own promise is nobody's
    # legal duty: no inbox and no board calls a body late for it.
    beside = (c for c in clocks if c.name != CARRY_OUT and c.kind != "house")
    return min((c.due for c in beside if c.on_due == "breach" and _is_owed(c)), default=None)


def _is_owed(clock: case.Clock) -> bool:
    return not clock.carried_by and (clock.is_live or (clock.state == "missed" and clock.ended is None))


def hold(petition: Petition, body: Body, now: datetime) -> None:
    # One statement, whether the body held it before or not.
    Holding.objects.bulk_create([Holding(petition=petition, body=body, since=now)], ignore_conflicts=True)
    if indexing.may_be_searched(petition):
        indexing.let_see(petition, body)


def show_above(petition: Petition, above: case.Body | None, now: datetime) -> None:
    """Let the next higher body see it, and the joint conferences above (art. 25)."""
    chain = petition.holder.chain
    shown = Body.objects.filter(code=above.code) if above else ()
    conferences = Body.objects.filter(active=True, kind="conference", superior__code__in=chain)
    for body in (*shown, *conferences):
        hold(petition, body, now)


def keep_from(petition: Petition, codes: Iterable[str]) -> None:
    """Keep it from these bodies and all that answer to them: a report that it holds is about them."""
    about = [Accused(petition=petition, body=body) for body in Body.objects.filter(code__in=codes)]
    Accused.objects.bulk_create(about, ignore_conflicts=True)
    board_round.tell(Petition.objects.filter(pk=petition.pk))  # in no number from this moment on


def keep_from_heir(body: Body, heir: Body) -> None:
    """Keep from a successor, and all that answer to it, every report about the body that it succeeds."""
    about = Accused.objects.filter(body=body).values_list("petition", flat=True)
    Accused.objects.bulk_create([Accused(petition_id=pk, body=heir) for pk in about], ignore_conflicts=True)
    board_round.tell(Petition.objects.filter(pk__in=about))


def owe(petition: Petition, before: case.Case, after: case.Case, now: datetime) -> None:
    """Let a body that is called in see the file and what it owes; when it gave its part, it owes nothing."""
    if not after.called:
        return
    for code, seq in after.called:
        clock = after.clocks[seq - 1]
        was = before.clocks[seq - 1] if seq <= len(before.clocks) else None
        if was == clock:
            continue
        body = Body.objects.get(code=code)
        if was is None:
            hold(petition, body, now)
        owes_by = clock.due if clock.ended is None else None
        Holding.objects.filter(petition=petition, body=body).update(owes_by=owes_by)


def change_key(petition: Petition, *, keep: bool = False) -> None:
    """Put a new key in the place of the old one, for all parts of a mixed petition.

    Where none reached the author, the old one stays. `keep`: it is on record still that one was drawn.
    """
    new = NewKey.objects.filter(petition=petition).first()
    if new is None:
        return
    # A new key is drawn here, wherever the first one came from.
    kept = {"key_hash": bytes(new.key_hash), "reading_key": bytes(new.reading_key), "key_ref": ""}
    Petition.objects.filter(losing.family(petition)).update(**kept)
    if not keep:
        new.delete()


def inherit(petition: Petition, code: str, now: datetime, old: str) -> None:
    """Let a successor see what the old body saw, its auditor too, and owe what it owed."""
    body = Body.objects.get(code=code)
    chosen = Petition.objects.filter(pk=petition.pk, for_auditor_at=old)
    board_round.tell(chosen)
    chosen.update(for_auditor_at=code)
    hold(petition, body, now)
    owed = Holding.objects.filter(petition=petition, body__successor=body, owes_by__isnull=False)
    for holding in owed:
        Holding.objects.filter(petition=petition, body=body).update(owes_by=holding.owes_by)
    owed.update(owes_by=None)


# ---- the entry


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is put on record, and when it is claimed to have happened (imports only)."""

    recorded_at: datetime
    claimed_at: datetime | None = None
    brought_in: bool = False  # with an open case of an older system

    @property
    def happened_at(self) -> datetime:
        return self.claimed_at or self.recorded_at


def write_entry(
    petition: Petition, after: case.After, before: case.Case | None, actor: Actor, moment: Moment
) -> Entry:
    """Write the ledger entry of one move, unnumbered, and its notice to the outbox."""
    entry, notices = entry_of(petition, after, before, actor, moment)
    seal = sealing.close_entry(petition, entry)
    insert([entry, *notices, *([seal] if seal else [])])
    return entry


def entry_of(
    petition: Petition, after: case.After, before: case.Case | None, actor: Actor, moment: Moment
) -> tuple[Entry, list[Outbox]]:
    """The ledger entry of one move, unnumbered, and its notice for the outbox: rows yet to be inserted."""
    touched = touched_clocks(before.clocks if before else (), after.case.clocks)
    role = _role(actor, after, before or after.case)
    under = _law_of(after)
    entry = new_row(
        Entry,
        petition=petition,
        seq=petition.version,
        recorded_at=moment.recorded_at,
        claimed_at=moment.claimed_at,
        event=after.event,
        role=role,
        officer=actor.officer if isinstance(actor, Acting) else None,
        body=_place(actor, after, before or after.case),
        rulebook=under[0],
        article=under[1],
        state=after.case.state,
        notice=after.row.notice,
        contents=dict(after.contents),
        clocks=touched,
        salt=secrets.token_bytes(ledger.SALT_BYTES),
    )
    entry.public = ledger.Entry(
        moment.recorded_at, ledger.commit(opening_of(petition, entry), bytes(entry.salt)), moment.claimed_at
    ).to_bytes()
    # What a source claims to have happened earlier was told then, or never: no notice goes out for it now.
    if not after.row.notice or moment.claimed_at is not None:
        return entry, []
    notice = new_row(
        Outbox,
        petition=petition,
        entry=entry,
        audience="author",
        notice=after.row.notice,
        created_at=moment.recorded_at,
    )
    return entry, [notice]


def _law_of(after: case.After) -> tuple[str, str]:
    """Version and article of a move. A missed term is a breach of the article that the term comes from."""
    missed = case.named_clock(after.case, after.contents) if after.row.verb == "breach" else 0
    if not missed:
        return after.rulebook, after.row.article
    clock = after.case.clocks[missed - 1]
    return clock.rulebook, clock.article


def touched_clocks(before: tuple[case.Clock, ...], after: tuple[case.Clock, ...]) -> list[list[Any]]:
    """[seq, name, state, start, due, ended] of each clock that a move started or changed."""
    old = {clock.seq: clock for clock in before}
    return [_touched(clock) for clock in after if _differs(old.get(clock.seq), clock)]


def _differs(old: case.Clock | None, new: case.Clock) -> bool:
    """Whether more changed than the body that it goes along with."""
    return old is None or (old != new and replace(old, body=new.body) != new)


def _touched(clock: case.Clock) -> list[Any]:
    ended = clock.ended.isoformat() if clock.ended else None
    return [clock.seq, clock.name, clock.state, clock.start.isoformat(), clock.due.isoformat(), ended]


def _role(actor: Actor, after: case.After, held: case.Case) -> str:
    if isinstance(actor, Author):
        return "author"
    if not isinstance(actor, Acting):
        return actor.role
    if after.row.verb == "lodge":
        return "registrar"  # at whichever counter: who is let in there was asked before
    body = as_core(actor).place(after.row, held)
    # The narrowest reading: of several roles that would do, the first by name is named.
    return min(after.row.by & actor.roles.get(body, frozenset()), default="")


def _place(actor: Actor, after: case.After, held: case.Case) -> str:
    """The body that an entry names: the holder; of a move that is made elsewhere, the body that made it."""
    if after.row.at in {"above", "supervised", "called"} or after.row.at.startswith("@"):
        return as_core(actor).place(after.row, held) or held.holder.code
    return held.holder.code


def opening_of(petition: Petition, entry: Entry) -> Mapping[str, Any]:
    """What an entry commits to: enough to prove what was done, and no text. Version 2."""
    return {
        "ref": petition.ref,
        "seq": entry.seq,
        "recorded_at": ledger.second(entry.recorded_at),
        "claimed_at": ledger.second(entry.claimed_at) if entry.claimed_at else None,
        "event": entry.event,
        "role": entry.role,
        "body": entry.body,
        "rulebook": entry.rulebook,
        "article": entry.article,
        "state": entry.state,
        "clocks": entry.clocks,
        "contents_sha256": ledger.digest(ledger.canonical(entry.contents)),
    }
