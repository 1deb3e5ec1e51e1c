"""Link petitions on the same matter, and make one step for several of them at once.

Each keeps its own clocks, receipt and answer. The other petition is named by its reference, by an officer who
may see both; reports are never linked, since a link would tell that there is one. No author
is shown another's reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from huiyin.core import rulebook
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.vocabulary import VERBS
from huiyin.registry import access, keys
from huiyin.registry.access import CLERK, HANDLING_ROLES, Acting
from huiyin.registry.models import Entry, Matter, MatterLink, Petition
from huiyin.registry.perform import perform
from huiyin.registry.prospects import open_moves

LINK, UNLINK = "link-matter", "unlink-matter"
# The steps that may be made for several petitions with the same words, the latest one first.
SHARED = ("serve", "issue-opinion", "countersign", "submit-opinion", "answer-suggestion")
REASONS_LENGTH = 2000


class _Stopped(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one step on one petition."""

    petition: Petition
    refusal: Refusal | None = None


def may_link(acting: Acting, petition: Petition) -> bool:
    """Whether this officer handles petitions where it lies, and it is none that must stay hidden."""
    here = HANDLING_ROLES & acting.roles.get(petition.holder.code, frozenset())
    return bool(here) and petition.kind != "report" and petition.is_open


def others_of(petition: Petition, acting: Acting) -> QuerySet[Petition]:
    """The other petitions on the same matter that this officer may see; of the rest nothing is said."""
    link = MatterLink.objects.filter(petition=petition).first()
    if link is None:
        return Petition.objects.none()
    same = access.visible_to(acting).filter(matter_link__matter=link.matter_id).exclude(pk=petition.pk)
    return same.select_related("holder", "matter_link__officer").order_by("matter_link__since", "pk")


def link(petition: Petition, ref: str, reasons: str, acting: Acting, now: datetime) -> Refusal | None:
    """Say that two petitions are about the same matter; both get an entry that their authors see."""
    reasons = reasons.strip()
    if not reasons:
        return refuse("contents", fields={"reasons": "required"})
    if len(reasons) > REASONS_LENGTH:
        return refuse("contents", fields={"reasons": "too-long"})
    other = access.visible_to(acting).filter(ref=keys.read_ref(ref)).exclude(pk=petition.pk).first()
    if other is None or other.kind == "report" or not may_link(acting, petition):
        return refuse("contents", fields={"prior": "ref"})
    with transaction.atomic():
        matter = _matter_of(petition) or _matter_of(other) or Matter.objects.create(opened_at=now)
        try:
            for each in (petition, other):
                _join(each, matter, reasons, acting, now)
        except _Stopped as stopped:
            transaction.set_rollback(True)
            return stopped.refusal
    return None


def link_all(
    petition: Petition, refs: Iterable[str], reasons: str, acting: Acting, now: datetime
) -> Refusal | None:
    """The same with several at once: all of them, or none."""
    with transaction.atomic():
        for ref in refs:
            if refused := link(petition, ref, reasons, acting, now):
                transaction.set_rollback(True)
                return refused
    return None


def _matter_of(petition: Petition) -> Matter | None:
    found = MatterLink.objects.select_related("matter").filter(petition=petition).first()
    return found.matter if found else None


def _join(petition: Petition, matter: Matter, reasons: str, acting: Acting, now: datetime) -> None:
    known = MatterLink.objects.filter(petition=petition).first()
    if known is not None:
        # Both were linked already, with others: the two matters turn out to be one.
        MatterLink.objects.filter(matter=known.matter_id).update(matter=matter)
        return
    MatterLink.objects.create(
        petition=petition, matter=matter, reasons=reasons, officer=acting.officer, since=now
    )
    made = perform(petition.ref, Move(LINK, {"reasons": reasons}), CLERK, now)
    if isinstance(made, Refusal):
        raise _Stopped(made)


def unlink(petition: Petition, acting: Acting, now: datetime) -> Refusal | None:
    """Take it back: they were not about the same. Of two, none is left linked."""
    mine = MatterLink.objects.filter(petition=petition).first()
    if mine is None or not may_link(acting, petition):
        return refuse("not-linked")
    with transaction.atomic():
        links = MatterLink.objects.select_related("petition").filter(matter=mine.matter_id)
        gone = [mine] if links.count() > 2 else list(links)
        for each in gone:
            MatterLink.objects.filter(pk=each.pk).delete()
            if each.petition.is_open:
                made = perform(each.petition.ref, Move(UNLINK), CLERK, now)
                if isinstance(made, Refusal):
                    transaction.set_rollback(True)
                    return made
    return None


# ---- one answer for several


def shared_step(petition: Petition) -> tuple[str, Entry] | None:
    """The step of this petition that may be made for others of the matter with the same words: its latest."""
    events = {VERBS[verb]: verb for verb in SHARED}
    last = petition.entries.filter(event__in=events, officer__isnull=False).order_by("-seq").first()
    return (events[last.event], last) if last else None


def able(petition: Petition, verb: str, acting: Acting, now: datetime) -> list[Petition]:
    """The linked petitions on which this officer may make that step now."""
    found = others_of(petition, acting).filter(is_open=True)
    return [each for each in found if verb in {row.verb for row in open_moves(each, acting, now)}]


def same_for(petition: Petition, refs: Iterable[str], acting: Acting, now: datetime) -> list[Done]:
    """Make the latest step of one petition on others of its matter: each by itself, each with its own entry.

    One that is refused (its requests are others, its state is another) holds up none of the rest.
    """
    step = shared_step(petition)
    if step is None:
        return []
    verb, entry = step
    # What the law asks for, and not what the house put beside it: a number and files are each petition's own.
    asked = {c.name for row in rulebook.by_id(entry.rulebook).rows_of(verb) for c in row.contents}
    said = {name: value for name, value in entry.contents.items() if name in asked}
    chosen = set(refs)
    made = []
    for each in able(petition, verb, acting, now):
        if each.ref in chosen:
            done = perform(each.ref, Move(verb, said), acting, now, seen=each.version)
            made.append(Done(each, done if isinstance(done, Refusal) else None))
    return made
