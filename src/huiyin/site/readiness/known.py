"""What every step looks at, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core import checks

from huiyin.registry import law, pulses, upkeep
from huiyin.registry.models import Body, Change, Face, Role
from huiyin.registry.pulses import Pulse
from huiyin.site.checks import TAG


@dataclass(frozen=True, slots=True)
class Known:
    """The installation as it stands, in a constant number of queries."""

    now: datetime
    day: date  # the legal day
    bodies: list[Body]  # in service, with what each may decide
    roles: list[Role]  # of active officers at bodies in service
    pulses: dict[str, Pulse]
    stated: dict[str, Change]
    face: Face | None
    warnings: list[checks.CheckMessage]  # what is looked at before a start too

    @property
    def inside(self) -> list[Body]:
        return [body for body in self.bodies if not body.external]

    def held(self, role: str) -> list[Role]:
        return [each for each in self.roles if each.role == role]

    def without(self, bodies: list[Body], role: str) -> list[Body]:
        """Those of these bodies where nobody has the role."""
        have = {each.body_id for each in self.held(role)}
        return [body for body in bodies if body.pk not in have]


def look_around(now: datetime) -> Known:
    roles = Role.objects.filter(officer__is_active=True, body__active=True).select_related("officer", "body")
    bodies = Body.objects.filter(active=True).prefetch_related("competences").order_by("path")
    return Known(
        now,
        law.at(now)[1],
        list(bodies),
        list(roles),
        pulses.all_of_them(),
        upkeep.stated(),
        Face.objects.first(),
        checks.run_checks(tags=[TAG], include_deployment_checks=True),
    )
