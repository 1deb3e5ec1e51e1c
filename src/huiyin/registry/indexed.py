"""What can be searched of a petition: its tokens, one row beside each petition that lies open.

A row holds pieces of the masked words (`reading.tokens`) and, as tokens of their own, the bodies that hold or
held the petition: these narrow a search down quickly, but who may see what is decided by `access` alone.

PostgreSQL keeps the tokens as a tsvector; SQLite as text that triggers copy into an FTS5 table. Neither cuts
anything itself (migration 0079, decision 0055).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count, repeat
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

if TYPE_CHECKING:
    TextField = models.TextField[tuple[str, ...], str]
else:  # Django's own class takes no type argument at run time
    TextField = models.TextField


class WordsField(TextField):
    """Tokens in a row, as each database keeps them. Its value is a tuple; it is never read back."""

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 Django's own
        if not isinstance(value, tuple):
            return value
        return vector(value) if connection.vendor == "postgresql" else " ".join(value)

    def get_prep_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> Any:
        return value


class Indexed(models.Model):
    """The tokens of one petition."""

    petition = models.OneToOneField(
        "registry.Petition", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    words = WordsField()
    mask_version = models.PositiveSmallIntegerField(
        null=True
    )  # `mask.VERSION` of the rules that it was made by

    class Meta:
        ordering: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return str(self.pk)


def vector(said: Sequence[str]) -> str:
    """A tsvector as PostgreSQL reads it. No token has a quote or a backslash in it."""
    # PostgreSQL puts places of the same token together; of more than 255 it keeps the first.
    return "".join(chain.from_iterable(zip(repeat("'"), said, _places(), strict=False)))


def _places() -> Iterator[str]:
    yield from _FIRST
    yield from (f"':{n} " for n in count(len(_FIRST) + 1))


_FIRST = tuple(f"':{n} " for n in range(1, 1001))  # a text's, ready: most have no more tokens
