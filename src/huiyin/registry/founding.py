"""How a live installation begins: its first body, the one above it, and the first administrator.

Everything else is kept at the desk, by that administrator and those who follow. Nothing here works twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huiyin.registry import keeping
from huiyin.registry.bodies import LEVELS
from huiyin.registry.keeping import Hired
from huiyin.registry.models import Body, Officer

ABOVE = "above"  # code of the body outside this installation


@dataclass(frozen=True, slots=True)
class Beginning:
    """The body that an installation begins with, and who keeps the house there."""

    login: str
    code: str
    name: str
    level: str
    above: str  # name of the next higher body, which is reached by letter


def is_begun() -> bool:
    """Whether there is a body or an officer already."""
    return Body.objects.exists() or Officer.objects.exists()


@transaction.atomic
def begin(beginning: Beginning, *, now: datetime) -> Hired:
    """Put both bodies on record and open the first account; raises ValueError where something is there."""
    if is_begun():
        raise ValueError("this registry has begun already")
    # Art. 35: there is always a next higher body. Each of the two names the other, so the one outside comes
    # into service last.
    above = Body(code=ABOVE, name_zh=beginning.above, kind="organ", level=_one_up(beginning.level))
    above.external, above.active = True, False
    _keep(above, now)
    own = Body(code=beginning.code, name_zh=beginning.name, kind="organ", level=beginning.level)
    own.superior = above
    _keep(own, now)
    above.recorded_by, above.active = own, True
    _keep(above, now)
    hired = keeping.hire(Officer(login=beginning.login, name=beginning.login), by=None, now=now)
    keeping.give_role(hired.officer, own, keeping.ADMINISTRATOR, by=None, now=now)
    return hired


def _one_up(level: str) -> str:
    names = [name for name, _ in LEVELS]
    return names[max(names.index(level) - 1, 0)]


def _keep(body: Body, now: datetime) -> None:
    if refused := keeping.save_body(body, by=None, now=now):
        raise ValueError(f"{body.code} cannot be kept: {refused.code}")
