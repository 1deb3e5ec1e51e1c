"""Whose figures are reckoned: what a supervisor watches over, or the whole house for the operator's shell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from huiyin.registry import access, corresponding
from huiyin.registry.access import Acting
from huiyin.registry.models import Body, BodyLetter, Holding, Petition


@dataclass(frozen=True, slots=True)
class Watched:
    """Some bodies, their petitions as far as they may be counted, and the letters between them."""

    day: date
    petitions: QuerySet[Petition]
    bodies: QuerySet[Body]
    letters: QuerySet[BodyLetter]
    whole: bool = False  # nothing is left out but what was erased
    body: str = ""  # code of the one body that is asked about; '' = all of them


def by(acting: Acting) -> Watched:
    """A supervisor's own bodies and all below; nothing that is hidden from them (charter 6)."""
    return Watched(
        acting.day,
        access.below(acting),
        Body.objects.filter(access.supervised_by(acting)),
        corresponding.visible_to(acting),
    )


def headed(acting: Acting) -> Watched:
    """The bodies that an officer heads, with what these have or had, as far as the officer may see it."""
    bodies = Body.objects.filter(code__in=acting.codes({"head"}))
    had = Exists(Holding.objects.filter(petition=OuterRef("pk"), body__in=bodies.values("pk")))
    codes = list(bodies.values_list("code", flat=True))
    seen = access.visible_to(acting).filter(had)
    one = codes[0] if len(codes) == 1 else ""
    return Watched(acting.day, seen, bodies, corresponding.visible_to(acting), body=one)


def at_desk(acting: Acting) -> Watched:
    """What somebody at the desk watches: as a supervisor, or else as the head of a body."""
    return by(acting) if acting.has("supervisor") else headed(acting)


def whole_house(day: date) -> Watched:
    """Everything: for whoever runs the installation, who could count it in the database anyway."""
    return Watched(
        day,
        Petition.objects.filter(erased_on__isnull=True),
        Body.objects.all(),
        BodyLetter.objects.select_related("sender", "receiver"),
        whole=True,
    )


def of_body(watched: Watched, code: str) -> Watched:
    """The same, of one of its bodies alone: what it has or had."""
    had = Exists(Holding.objects.filter(petition=OuterRef("pk"), body__code=code))
    return replace(
        watched, petitions=watched.petitions.filter(had), bodies=watched.bodies.filter(code=code), body=code
    )
