"""Announce an inspection (art. 38), draw its sample of files, put on record what was found in each.

Decision 0032: the hash of chance is on record before anybody says the words that it is drawn with.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from huiyin.core import contents, sample
from huiyin.core.refusal import FIELD_REASONS, Refusal, refuse
from huiyin.core.text import Text
from huiyin.registry import access, keeping, law
from huiyin.registry.access import Acting
from huiyin.registry.correspondence import Announced, FileCheck, Inspection
from huiyin.registry.models import Body, Petition

ARTICLE = "38"
NOTE_LENGTH = 500
WORDS_LENGTH = 100
NOTHING_THERE = Text("这段时间这些单位没有可抽查的信访件", "there is no file of that time at these bodies")
BACKWARDS = Text("结束日期早于开始日期", "the last day lies before the first")
TOO_MANY = Text("一次最多抽查 {n} 件", "at most {n} files in one sample").format(n=sample.MOST)


def eligible(acting: Acting, body: Body, first: date, last: date) -> QuerySet[Petition]:
    """The files that could come: lodged in that time, at that body or below, and not hidden from the drawer.

    Chosen by time and body alone. Nothing here can look for a person. No report is among them: the list
    would tell whoever watches the body that there is one, those that it is about too (charter 6).
    """
    zone = ZoneInfo(law.in_force(last).zone)
    start, end = (
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )
    below = access.below(acting).filter(holder__path__startswith=body.path)
    return below.filter(lodged_at__gte=start, lodged_at__lt=end).exclude(kind="report")


def announce(
    acting: Acting, body: Body, *, first: date, last: date, size: int, now: datetime
) -> Announced | Refusal:
    """Say what will be drawn from, and commit to the chance it is drawn with before anybody can know it."""
    if not Body.objects.filter(access.supervised_by(acting), pk=body.pk).exists():
        return _wrong("body", FIELD_REASONS["body"])
    if last < first:
        return _wrong("last", BACKWARDS)
    if not 1 <= size <= sample.MOST:
        return _wrong("size", TOO_MANY)
    if not eligible(acting, body, first, last).exists():
        return _wrong("last", NOTHING_THERE)
    chance = secrets.token_hex(32)
    with transaction.atomic():
        made = Announced.objects.create(
            body=body,
            first=first,
            last=last,
            size=size,
            chance=chance,
            commitment=sample.commitment_of(chance),
            announced_at=now,
            announced_by=acting.officer,
        )
        keeping.write_down(
            "inspection-announced", acting.officer, now, body=body.code, commitment=made.commitment
        )
    return made


def draw(announced: Announced, words: str, *, acting: Acting, now: datetime) -> Inspection | Refusal:
    """Draw what was announced: the words are said now, chance is shown, and all of it stands on record."""
    if not announced_to(acting).filter(pk=announced.pk).exists():
        return refuse("not-found", ARTICLE)
    words = " ".join(words.split())
    if not words or len(words) > WORDS_LENGTH or not contents.is_keepable(words):
        return _wrong("words", FIELD_REASONS["too-long" if words else "required"])
    body, first, last = announced.body, announced.first, announced.last
    refs = list(eligible(acting, body, first, last).values_list("ref", flat=True))
    if not refs:
        return _wrong("words", NOTHING_THERE)
    digest = sample.digest_of(refs)
    seed = sample.seed_of(announced.chance, words, digest)
    try:
        with transaction.atomic():
            made = Inspection.objects.create(
                announced=announced,
                body=body,
                first=first,
                last=last,
                eligible=len(refs),
                digest=digest,
                listed=sample.listed(refs),
                chance=announced.chance,
                words=words,
                seed=seed,
                refs=list(sample.draw(refs, seed, announced.size)),
                drawn_at=now,
                drawn_by=acting.officer,
            )
            keeping.write_down("inspection-drawn", acting.officer, now, body=body.code, seed=seed)
    except IntegrityError:
        return refuse("moved-meanwhile", ARTICLE)
    return made


def check(
    inspection: Inspection, ref: str, answers: Mapping[str, str], note: str, *, acting: Acting, now: datetime
) -> FileCheck | Refusal:
    """Put on record what was found in one file: each item of the list, once."""
    if ref not in inspection.refs or not visible_to(acting).filter(pk=inspection.pk).exists():
        return refuse("not-found", ARTICLE)
    for item in sample.CHECKLIST:
        if answers.get(item) not in sample.VERDICTS:
            return _wrong(item, FIELD_REASONS["choice"])
    if len(note) > NOTE_LENGTH or not contents.is_keepable(note):
        return _wrong("note", FIELD_REASONS["too-long"])
    said = {item: answers[item] for item in sample.CHECKLIST}
    try:
        with transaction.atomic():
            return FileCheck.objects.create(
                inspection=inspection,
                ref=ref,
                answers=said,
                found=note.strip(),
                checked_at=now,
                checked_by=acting.officer,
            )
    except IntegrityError:
        return refuse("moved-meanwhile", ARTICLE)


def visible_to(acting: Acting) -> QuerySet[Inspection]:
    """The inspections of the bodies that this supervisor watches, whoever drew them."""
    watched = Body.objects.filter(access.supervised_by(acting))
    return Inspection.objects.filter(body__in=watched).select_related("body", "drawn_by", "announced")


def announced_to(acting: Acting) -> QuerySet[Announced]:
    """What is announced for the bodies that this supervisor watches, and not drawn yet."""
    watched = Body.objects.filter(access.supervised_by(acting))
    found = Announced.objects.filter(body__in=watched, drawn=None)
    return found.select_related("body", "announced_by")


def _wrong(name: str, why: Text) -> Refusal:
    return Refusal("contents", why, ARTICLE, {name: why})
