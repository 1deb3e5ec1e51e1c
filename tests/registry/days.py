"""Reception days for tests: published as their registrar would."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from huiyin.core.refusal import Refusal
from huiyin.registry import receiving
from huiyin.registry.models import Body, Officer, Reception
from huiyin.registry.receiving import Official
from tests.cast import NOW, legal_day


def a_day(ahead: int = 5, *, now: datetime = NOW, **said: Any) -> Reception:
    """A day of the petition office, not yet saved: 09:00 to 11:00, two slots an hour."""
    usual: dict[str, Any] = {
        "host": Body.objects.get(code="xf"),
        "day": legal_day(now) + timedelta(days=ahead),
        "opens": time(9, 0),
        "closes": time(11, 0),
        "place": "县人民来访接待大厅",
        "subjects": "住房",
    }
    return Reception(**(usual | said))


def officials(*codes: str) -> list[Official]:
    return [Official(Body.objects.get(code=code), f"{code}局长") for code in codes]


def say(reception: Reception, *codes: str, now: datetime = NOW, by: str = "olga") -> Refusal | None:
    return receiving.save(reception, officials(*codes), by=Officer.objects.get(login=by), now=now)


def published(*codes: str, ahead: int = 5, now: datetime = NOW, **said: Any) -> Reception:
    """A day on record; a refusal fails the test."""
    reception = a_day(ahead, now=now, **said)
    then = now - timedelta(days=30)
    refused = say(reception, *(codes or ("xf",)), now=then)
    assert refused is None, refused
    return reception
