"""Whether petitions can be lodged here yet.

Nobody opens or closes this house by hand: it is open once a body here has a registrar, and it stays open
from its first petition on, whatever becomes of bodies and roles (charter 4: nobody is held back).
"""

from __future__ import annotations

from huiyin.registry.models import Petition, Role


def is_open() -> bool:
    """Whether somebody here reads what is lodged, or something ever was lodged."""
    reading = Role.objects.filter(
        role="registrar", officer__is_active=True, body__active=True, body__external=False
    )
    return reading.exists() or Petition.objects.exists()
