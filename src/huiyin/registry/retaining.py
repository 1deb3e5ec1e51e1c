"""What the desk sees of retention: what is over and what keeps it, what is held, and what was erased.

The head of the body that has a petition holds it beyond its time, with a ground and a last day, and lifts
a hold; an auditor reads the same lists for the bodies they audit. Erasing is asked by nobody (decision 0035).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from huiyin.core.contents import is_keepable
from huiyin.core.refusal import FIELD_REASONS, Refusal
from huiyin.core.text import Text
from huiyin.registry import access
from huiyin.registry.access import Acting
from huiyin.registry.models import Body, Hold, Petition, Tombstone

HOLDING = "head"  # the role that decides on a hold
READING = (HOLDING, "auditor")
GROUND_LENGTH, ARTICLE_LENGTH = 300, 60
AHEAD = Text("请写今天以后的日期", "give a day after today")


def petitions_of(acting: Acting) -> QuerySet[Petition]:
    """Those at the bodies that this officer heads or audits; never one that is hidden from them."""
    return access.held_at(acting, _bodies(acting)).select_related("holder").defer("text", "accused_words")


def holds_for(acting: Acting) -> QuerySet[Hold]:
    """The holds that are in force, the one that ends first on top."""
    found = Hold.objects.filter(petition__in=petitions_of(acting), lifted_on=None)
    return found.select_related("petition", "petition__holder", "by").order_by("until", "id")


def tombstones_for(acting: Acting) -> QuerySet[Tombstone]:
    """What was erased, the latest first. Of a report nothing is left that says whom it was about: its
    tombstone is for those alone who head the body that had it.
    """
    here = Q(petition__holder__code__in=acting.codes({HOLDING}))
    audited = Q(petition__holder__in=access.audited(acting)) & ~Q(petition__kind="report")
    found = Tombstone.objects.filter(here | audited)
    return found.select_related("petition", "petition__holder", "by").order_by("-erased_on", "petition__ref")


def may_hold(acting: Acting, petition: Petition) -> bool:
    """Whether this officer decides on holds of it: the head of the body that has it, who may see it."""
    return may_hold_at(acting, petition) and access.visible_to(acting).filter(pk=petition.pk).exists()


def may_hold_at(acting: Acting, petition: Petition) -> bool:
    """The same for one of a list of what this officer may see."""
    return petition.holder.code in acting.codes({HOLDING})


def hold(petition: Petition, *, ground: str, article: str, until: date, acting: Acting) -> Hold | Refusal:
    """Keep a petition beyond its time: for which legal ground, by whom, until when."""
    wrong = {
        name: FIELD_REASONS["required" if not words.strip() else "too-long"]
        for name, words, most in (("ground", ground, GROUND_LENGTH), ("article", article, ARTICLE_LENGTH))
        if not words.strip() or len(words) > most or not is_keepable(words)
    }
    if until <= acting.day:
        wrong["until"] = AHEAD
    if wrong:
        name, why = next(iter(wrong.items()))
        return Refusal("contents", why, "", wrong or {name: why})
    if not may_hold(acting, petition):
        return Refusal("not-found", Text("没有这个信访件", "there is no such petition"), "")
    return Hold.objects.create(
        petition=petition,
        ground=ground.strip(),
        article=article.strip(),
        until=until,
        by=acting.officer,
        since=acting.day,
    )


def lift(pk: int, acting: Acting) -> bool:
    """Lift one hold; False where there is none that this officer decides on."""
    with transaction.atomic():
        found = holds_for(acting).filter(pk=pk).first()
        if found is None or not may_hold(acting, found.petition):
            return False
        done = Hold.objects.filter(pk=pk, lifted_on=None)
        return bool(done.update(lifted_on=acting.day, lifted_by=acting.officer))


def _bodies(acting: Acting) -> Q:
    headed = Body.objects.filter(code__in=acting.codes({HOLDING}))
    return Q(holder__in=headed.values("pk")) | Q(holder__in=access.audited(acting).values("pk"))
