"""Whether petitions can be lodged here yet.

Nobody opens or closes this house by hand: it is open once there is a body that takes petitions in, with
somebody who reads them, and it stays open from its first petition on, whatever becomes of bodies and roles
(charter 4: nobody is held back).
"""

from __future__ import annotations

from huiyin.registry.models import Petition, Role


def is_open() -> bool:
    """Whether a petition that names no body would reach somebody who reads it, or one ever was lodged."""
    receiving = Role.objects.filter(
        role="registrar",
        officer__is_active=True,
        body__active=True,
        body__external=False,
        body__receives=True,
    )
    return receiving.exists() or Petition.objects.exists()
