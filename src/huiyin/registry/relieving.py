"""Apply for relief, take it in, answer it, take it back, forget it (art. 37; charter 3 and 5).

Apart from `perform` on purpose: nothing here writes to a petition, its ledger, its outbox or the house's own
record, so that whoever handles the petition cannot see that its author asked for aid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from huiyin.core import clauses
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.text import Text
from huiyin.registry import access, joining
from huiyin.registry.access import HANDLING_ROLES, Acting
from huiyin.registry.models import Body, Petition, Relief, Role
from huiyin.registry.relief import AIDS, APPLIED, OUTCOMES, RECEIVED, REFUSED, TAKEN_BACK
from huiyin.vault.keys import KeyRefused
from huiyin.vault.models import ReliefSeal
from huiyin.vault.seal import relief_seal, spend

ROLE = "relief"
KEPT = timedelta(days=180)  # after its end: long enough to challenge a refusal
PURPOSES = {
    "decide": Text("审核申请", "to decide the application"),
    "reach": Text("联系申请人", "to reach the applicant"),
    "pass-on": Text("转告应当办理的单位", "to pass it to the body that decides"),
}

NOT_TAKEN = Text("这个单位不在这里受理这项申请", "that body does not take applications here")
UNKNOWN = Text("请选择一项", "choose one of these")
EMPTY = Text("请写明", "this must be filled in")
OPEN_ALREADY = Text("同一项救助已有一份申请正在办理", "an application for this aid is open already")
NO_KEY = Text("此处暂时不能加密，申请没有保存", "it cannot be sealed here at present, and nothing was kept")
OVER = Text("这份申请已经办结或者撤回", "that application has ended or was taken back")


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """What an author asks for. Without a useful repr, like every bearer of a name."""

    kind: str
    body: str
    statement: str
    name: str
    contact: str
    shows_ref: bool = False

    def __repr__(self) -> str:
        return "Wish(…)"


def _refused(reason: Text, field: str = "") -> Refusal:
    return Refusal("relieving", reason, "37.2", {field: reason} if field else {})


# ---- the author


def receiving_bodies(petition: Petition) -> list[Body]:
    """Bodies where somebody has the role, and does not handle petitions besides; never one it is about."""
    handling = Role.objects.filter(role__in=HANDLING_ROLES).values("officer")
    desks = Role.objects.filter(role=ROLE, officer__is_active=True).exclude(officer__in=handling)
    accused = set(petition.accused.values_list("body__code", flat=True))
    found = Body.objects.filter(pk__in=desks.values("body"), active=True, external=False)
    return [body for body in found if not body.touched_by(accused)]


def of_author(petition: Petition, signature: str = "") -> QuerySet[Relief]:
    """The applications of one author: parts of a mixed petition share them, signers (`signature`) do not."""
    mine = Relief.objects.filter(petition=petition.sealed_under, signature=signature or None)
    return mine.select_related("body")


def apply(petition: Petition, wish: Wish, today: date, *, signature: str = "") -> Relief | Refusal:
    """Seal what the author says, and lay it before the body."""
    body = next((b for b in receiving_bodies(petition) if b.code == wish.body), None)
    if wish.kind not in AIDS:
        return _refused(UNKNOWN, "kind")
    if body is None:
        return _refused(NOT_TAKEN, "body")
    for field in ("statement", "contact"):
        if not getattr(wish, field).strip():
            return _refused(EMPTY, field)
    said = {"statement": wish.statement, "name": wish.name, "contact": wish.contact}
    made = Relief(petition_id=petition.sealed_under, body=body, kind=wish.kind, applied_on=today)
    made.shows_ref = wish.shows_ref
    made.signature = UUID(signature) if signature else None
    try:
        seal = relief_seal(said)
        with transaction.atomic():
            made.save(force_insert=True)
            seal.relief_id, seal.petition_id = made.pk, made.petition_id
            seal.save(force_insert=True)
    except KeyRefused:
        return _refused(NO_KEY)
    except IntegrityError:
        return _refused(OPEN_ALREADY, "kind")
    return made


def take_back(petition: Petition, pk: UUID, today: date, *, signature: str = "") -> Refusal | None:
    """Take an application back: what it said is erased at once."""
    with transaction.atomic():
        mine = of_author(petition, signature).filter(pk=pk, ended_on=None)
        if not mine.update(state=TAKEN_BACK, ended_on=today, answer="", appeal=""):
            return _refused(OVER)
        spend(ReliefSeal.objects.filter(relief_id=pk).values_list("data_key", flat=True))
        ReliefSeal.objects.filter(relief_id=pk).delete()
    return None


def leave(author: access.Author) -> Refusal | None:
    """Take one's signature back, and every application that was made under its key."""
    with transaction.atomic():
        refused = joining.leave(author)
        if refused is None:
            Relief.objects.filter(signature=author.signature).delete()
    return refused


# ---- the desk


def of_desk(acting: Acting) -> QuerySet[Relief]:
    """Applications at the bodies where this officer has the role.

    Never one whose petition, or a part of it, they may see: whoever handles it must not know.
    """
    seen = access.visible_to(acting)
    parts = seen.filter(part_of__isnull=False)
    handled = Q(petition__in=seen.values("pk")) | Q(petition__in=parts.values("part_of"))
    mine = Relief.objects.filter(body__code__in=acting.codes({ROLE})).exclude(state=TAKEN_BACK)
    return mine.exclude(handled).select_related("body", "petition").defer("petition__text")


def receive(acting: Acting, pk: UUID) -> Refusal | None:
    """Say that it was taken in."""
    here = of_desk(acting).filter(pk=pk).values("pk")
    done = Relief.objects.filter(pk__in=list(here.values_list("pk", flat=True)), state=APPLIED)
    return None if done.update(state=RECEIVED) else _refused(OVER)


def note_opening(acting: Acting, pk: UUID, purpose: str, today: date) -> Relief | Refusal:
    """Write down that the seal is opened, before it is: the author sees day, body and purpose."""
    if purpose not in PURPOSES:
        return _refused(UNKNOWN, "purpose")
    if not of_desk(acting).filter(pk=pk, ended_on=None).exists():
        return _refused(OVER)
    with transaction.atomic():
        row = Relief.objects.select_for_update().get(pk=pk)
        if not row.is_open:
            return _refused(OVER)
        by = {"officer": acting.officer.login, "body": row.body.code}
        row.openings = [*row.openings, {"on": today.isoformat(), "purpose": purpose, **by}]
        row.save(update_fields=["openings"])
    return row


def answer(
    acting: Acting, pk: UUID, *, outcome: str, words: str, appeal: str = "", today: date
) -> Refusal | None:
    """Answer with reasons; a refusal also says where it can be challenged.

    No answer may ask for or reward a promise not to petition (charter 3).
    """
    if outcome not in OUTCOMES:
        return _refused(UNKNOWN, "outcome")
    if not words.strip():
        return _refused(EMPTY, "words")
    if outcome == REFUSED and not appeal.strip():
        return _refused(EMPTY, "appeal")
    if found := clauses.forbidden(words) or clauses.forbidden(appeal):
        return refuse("gives-up-petitioning", "37.2", words=found)
    here = list(of_desk(acting).filter(pk=pk).values_list("pk", flat=True))
    done = Relief.objects.filter(pk__in=here, ended_on=None).update(
        state=outcome, answer=words.strip(), appeal=appeal.strip(), answered_on=today, ended_on=today
    )
    return None if done else _refused(OVER)


# ---- the clerk


def forget(today: date) -> None:
    """Erase what ended 180 days ago, seal and all."""
    before = today - KEPT
    spend(ReliefSeal.objects.filter(relief__ended_on__lte=before).values_list("data_key", flat=True))
    Relief.objects.filter(ended_on__lte=before).delete()
