"""Whether there is a name to open at all: what it is, nobody learns here."""

from __future__ import annotations

from datetime import date

from huiyin.registry import receiving
from huiyin.registry.access import Acting
from huiyin.registry.models import Booking, Petition
from huiyin.vault.models import IdentitySeal, SignerSeal


def is_sealed(petition: Petition) -> bool:
    """Whether the author left a name; of a joint petition, whether who signed agreed to be asked back."""
    if petition.marks.get("signatures"):
        return SignerSeal.objects.filter(petition=petition.sealed_under, reachable=True).exists()
    return IdentitySeal.objects.filter(petition=petition.sealed_under).exists()


def comes_today(acting: Acting, petition: Petition, today: date) -> Booking | None:
    """The hour that is booked at this desk today: its representatives' names open on no other day.

    Whoever booked for a mixed petition before it was split comes for its parts too.
    """
    asked = {petition.pk, petition.sealed_under}
    return receiving.bookings_today(acting, today).filter(petition__in=asked).first()
