"""Splitting a mixed petition: where each part goes, whom it is kept from, and putting all on record.

The parts are planned before anything is written, so that the officer who splits sees what will come of it,
and a part that cannot go anywhere stops the whole move.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from huiyin.core import case, parts
from huiyin.core.parts import Part
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.vocabulary import VERBS
from huiyin.registry import law, record, routing
from huiyin.registry.access import Acting, Actor
from huiyin.registry.file import Lodging, Origin, file_part
from huiyin.registry.models import Attachment, Clock, Entry, Petition


@dataclass(frozen=True, slots=True)
class Planned:
    """One part, and what will become of it."""

    part: Part
    routed: routing.Routed
    against: tuple[str, ...]  # codes of the bodies it is kept from
    files: tuple[Attachment, ...]
    since: date
    whole: case.Case  # as it stood before
    goes_on: bool  # where the whole stood, at the same body


def planned(petition: Petition, before: case.Case, after: case.After) -> tuple[Planned, ...] | Refusal:
    """What becomes of each part that this move splits a petition into; nothing for any other move."""
    found = parts.parts_of(after)
    if not found:
        return ()
    since = parts.since(before, after) or law.at(petition.lodged_at, petition.jurisdiction)[1]
    files = list(petition.attachments.filter(entry_seq=1).order_by("id"))
    accused = tuple(petition.accused.values_list("body__code", flat=True))
    plan = [_plan(petition, before, part, files=files, accused=accused, since=since) for part in found]
    return next((p for p in plan if isinstance(p, Refusal)), None) or tuple(
        p for p in plan if isinstance(p, Planned)
    )


def _plan(
    petition: Petition,
    whole: case.Case,
    part: Part,
    *,
    files: list[Attachment],
    accused: tuple[str, ...],
    since: date,
) -> Planned | Refusal:
    if part.against and part.kind != "report":
        return refuse("contents", fields={"parts": "only-reports"})
    chosen = parts.chosen(part.files, files)
    if chosen is None:
        return refuse("contents", fields={"parts": "file"})
    # Whom the author named is kept away from every report among the parts: too wide rather than too narrow.
    against = tuple(dict.fromkeys((*accused, *part.against))) if part.kind == "report" else ()
    routed = routing.receiver(part.kind, petition.holder.code, against)
    if isinstance(routed, Refusal):
        return refuse("contents", fields={"parts": "body"}) if routed.fields else routed
    on = parts.goes_on(whole, part, routed.body.code)
    return Planned(part, routed, against, chosen, since, whole, on)


ANSWERS = frozenset(VERBS[verb] for verb in ("serve", "deem-served", "answer-suggestion", "settle"))


def answered_parts(part: Petition) -> QuerySet[Petition]:
    """The other parts of the same mixed petition that were answered and are closed."""
    return Petition.objects.filter(_answered(part.part_of_id)).exclude(pk=part.pk)


def _answered(whole: Any) -> Q:
    served = Entry.objects.filter(petition=OuterRef("pk"), event__in=ANSWERS)
    return Q(Exists(served), part_of=whole, is_open=False)


def left_behind() -> QuerySet[Petition]:
    """The parts that may have been left without an answer: another one has its own, and no term runs here."""
    answered = Petition.objects.filter(_answered(OuterRef("part_of")))
    owed = Clock.objects.filter(petition=OuterRef("pk"), on_due="breach", ended=None)
    parts = Petition.objects.filter(part_of__isnull=False, is_open=True, marks__unanswered__isnull=True)
    return parts.filter(Exists(answered), ~Exists(owed)).only("ref").order_by("pk")


def file_parts(
    petition: Petition, plan: Sequence[Planned], actor: Actor, moment: record.Moment
) -> Iterator[Petition | Refusal]:
    """Put each part on record, and keep the mixed petition from whom its reports are about (charter 6)."""
    if not isinstance(actor, Acting):
        yield refuse("wrong-role")
        return
    record.keep_from(petition, {code for each in plan for code in each.against})
    for each in plan:
        origin = Origin(petition, each.whole, each.part, each.since, each.files, each.goes_on)
        yield file_part(_lodging(petition, each), each.routed, origin, moment, actor)


def _lodging(petition: Petition, each: Planned) -> Lodging:
    return Lodging(
        subject=each.part.subject,
        text=each.part.text,
        kind=each.part.kind,
        against=each.against,
        against_words=petition.accused_words if each.part.kind == "report" else "",
        channel=petition.channel,
        language=petition.language,
        service=petition.service,
    )
