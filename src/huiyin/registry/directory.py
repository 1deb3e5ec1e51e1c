"""Finds bodies for anybody: by what it is about, where, or by name. It knows nothing of who looks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from huiyin.reading.topics import topics_in, topics_of
from huiyin.registry.models import Body, Competence, Receiving, Reception


def known() -> QuerySet[Body]:
    """Every body in service, with those above it and what it is competent for."""
    found = Body.objects.filter(active=True).select_related("superior", "sector_superior")
    return found.prefetch_related("competences")


def narrowed(
    bodies: QuerySet[Body],
    *,
    subject: str = "",
    place: str = "",
    level: str = "",
    find: str = "",
    receives: bool = False,
) -> QuerySet[Body]:
    """Those that fit everything that was said. `find`: part of a name or of a subject, letter by letter."""
    if subject := subject.strip():
        bodies = bodies.filter(about(subject))
    if place := place.strip():
        bodies = bodies.filter(at(place))
    if level:
        bodies = bodies.filter(level=level)
    if find := find.strip():
        named = Q(name_zh__icontains=find) | Q(name_en__icontains=find)
        bodies = bodies.filter(named | Q(competences__subject__icontains=find))
    if receives:
        bodies = bodies.filter(receives=True)
    return bodies.distinct()


def about(words: str) -> Q:
    """Competent for what these words name, or for what people mean by them: a lift is housing."""
    known_subjects = subjects()
    meant = topics_in(words, topics_of(known_subjects))
    named = [subject for subject in known_subjects if any(topic.has(subject) for topic in meant)]
    return Q(competences__subject__icontains=words) | Q(competences__subject__in=named)


def subjects() -> list[str]:
    """Every subject that a body is competent for."""
    found = Competence.objects.order_by("subject").values_list("subject", flat=True).distinct()
    return list(found)


def at(place: str) -> Q:
    """In its address or its area, or in the name of it or of the government that it belongs to."""
    named = Q(name_zh__icontains=place) | Q(name_en__icontains=place)
    named |= Q(superior__name_zh__icontains=place) | Q(superior__name_en__icontains=place)
    return named | Q(address__icontains=place) | Q(competences__area__icontains=place)


def next_days(bodies: Iterable[int], today: date) -> dict[int, Reception]:
    """Number of a body -> the next day on which it receives."""
    ahead = Receiving.objects.filter(
        body__in=list(bodies),
        reception__day__gte=today,
        reception__called_off="",
        reception__host__active=True,
    )
    rows = ahead.select_related("reception").order_by("-reception__day", "-reception__opens")
    return {row.body_id: row.reception for row in rows}


def named(said: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Split what a petition is about into codes of bodies and other words.

    A body may be named as well as coded: a report that names it in words must not reach it either.
    """
    words = list(dict.fromkeys(word.strip() for word in said if word.strip()))
    if not words:
        return (), ""
    meant = Body.objects.filter(Q(code__in=words) | Q(name_zh__in=words) | Q(name_en__in=words))
    codes: dict[str, None] = {}
    told: set[str] = set()
    for body in meant:
        codes[body.code] = None
        told |= {body.code, body.name_zh, body.name_en}
    return tuple(codes), "；".join(word for word in words if word not in told)
