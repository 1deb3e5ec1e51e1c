"""Which body's custodian is the second person for an opening, and whose auditor decides on a demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from huiyin.core import case
from huiyin.registry.models import Body, Officer, Petition, Role, SecondPerson
from huiyin.registry.seconds import ASKED

ASKING = frozenset({"ask-opening", "record-demand", "record-kept-demand"})


def custodian_for(before: case.Case, actor: str) -> str:
    """Code of the nearest body of another line where somebody else is custodian; '' where there is none.

    Another line: it neither answers to the body that has the petition nor is answered to by it. Nobody who
    serves at that body counts, nor who asks, and never a body that a report is about.
    """
    holder = before.holder
    inside = Officer.objects.filter(roles__body__code=holder.code).values("pk")
    rows = _held("custodian").exclude(officer__login=actor).exclude(officer__in=inside)
    other = [
        body
        for body in _bodies(rows)
        if body.code not in {holder.code, *holder.answers_to} and holder.code not in body.answers_to
    ]
    return _nearest(before, other)


def auditor_for(before: case.Case, actor: str) -> str:
    """Code of the nearest body, the one that has it or one above, whose auditor somebody else is."""
    line = {before.holder.code, *before.holder.answers_to}
    rows = _held("auditor").exclude(officer__login=actor).filter(body__code__in=line)
    return _nearest(before, _bodies(rows))


def _held(role: str) -> QuerySet[Role]:
    return Role.objects.filter(role=role, officer__is_active=True, body__active=True, body__external=False)


def _bodies(rows: Iterable[Role]) -> list[case.Body]:
    return [body.as_core() for body in Body.objects.filter(pk__in={row.body_id for row in rows})]


def _nearest(before: case.Case, bodies: Iterable[case.Body]) -> str:
    mine = {before.holder.code, *before.holder.answers_to}
    fit = [body for body in bodies if not body.touched_by(before.accused)]
    near = sorted(fit, key=lambda b: (-len(mine & {b.code, *b.answers_to}), len(b.answers_to), b.code))
    return near[0].code if near else ""


def write(petition: Petition, before: case.Case, after: case.Case) -> None:
    """Keep the rows in step with the marks; mostly nothing changes."""
    for role in ASKED:
        was, now = asked_at(before.marks, role), asked_at(after.marks, role)
        if was == now:
            continue
        SecondPerson.objects.filter(petition=petition, role=role).delete()
        if body := Body.objects.filter(code=now).first():
            SecondPerson.objects.create(petition=petition, body=body, role=role)


def asked_at(marks: Mapping[str, object], role: str) -> str:
    """Code of the body whose custodian (or auditor) has something to do on a petition now; '' for nobody."""
    return next((str(marks.get(where, "")) for where, owes in ASKED[role] if marks.get(owes)), "")
