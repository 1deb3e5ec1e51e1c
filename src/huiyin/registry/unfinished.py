"""What an officer has typed into the form of a move and not sent: kept for them alone, and not for long.

It is no move and no version of a draft (decision 0051): it goes with the move that it is for, as soon as the
petition leaves the body or is closed, and after a fortnight. On a report it lies under seal like its words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction

from huiyin.registry.bodies import Officer
from huiyin.vault.seal import file_seal, spend

if TYPE_CHECKING:
    from huiyin.registry.models import Petition

KEPT = timedelta(days=14)
MOST = 200_000  # characters: more than any form of a move takes
SAID = "said"  # in the box of one that is sealed

Pairs = Sequence[tuple[str, str]]  # name and value of each field, as the form sends them


class Unfinished(models.Model):
    """The form of one move on one petition as one officer left it."""

    petition = models.ForeignKey(
        "registry.Petition", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+", db_index=False)
    verb = models.CharField(max_length=32)
    said = models.JSONField(default=list)
    saved_at = models.DateTimeField(db_index=True)
    data_key = models.UUIDField(null=True)  # of one on a report
    locked = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["petition", "officer", "verb"], name="unfinished_once")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.verb}"


def save(petition: Petition, officer: Officer, verb: str, said: Pairs, now: datetime) -> bool:
    """Keep what stands in the form, in place of what was kept before; nothing if nothing is written in it.

    Answers False, and leaves what was kept, where it is longer than any form takes.
    """
    if sum(len(value) for _, value in said) > MOST:
        return False
    with transaction.atomic():
        _delete(petition=petition, officer=officer, verb=verb)
        if any(value.strip() for _, value in said):
            Unfinished.objects.create(
                petition=petition, officer=officer, verb=verb, saved_at=now, **_as_kept(petition, said)
            )
    return True


def _as_kept(petition: Petition, said: Pairs) -> dict[str, object]:
    if not petition.is_sealed:
        return {"said": [list(pair) for pair in said]}
    sealed = file_seal({SAID: json.dumps(list(said), ensure_ascii=False)}, b"", reading_key=None)
    return {"data_key": sealed.data_key, "locked": sealed.label}


def kept(petition: Petition, officer: Officer, verb: str) -> Unfinished | None:
    return Unfinished.objects.filter(petition=petition, officer=officer, verb=verb).first()


def verbs_of(petition: Petition, officer: Officer) -> set[str]:
    """The moves on this petition that this officer began to write."""
    return set(Unfinished.objects.filter(petition=petition, officer=officer).values_list("verb", flat=True))


def drop(petition: Petition, officer: Officer, verb: str) -> None:
    """The move is made, or its officer wants to begin anew."""
    with transaction.atomic():
        _delete(petition=petition, officer=officer, verb=verb)


def clear(petition: Petition) -> None:
    """Forget all that is unfinished on it: called in the transaction in which it leaves its officers."""
    _delete(petition=petition)


def forget(now: datetime) -> None:
    """Delete what nobody went on with. How much there was is told to nobody."""
    with transaction.atomic():
        _delete(saved_at__lt=now - KEPT)


def _delete(**which: object) -> None:
    those = Unfinished.objects.filter(**which)
    keys = list(those.values_list("data_key", flat=True))
    if keys:
        spend(key for key in keys if key)
        Unfinished.objects.filter(**which).delete()
