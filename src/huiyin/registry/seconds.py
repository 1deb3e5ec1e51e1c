"""Who is asked to agree before an identity opens: a row for each decision that waits, gone once made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.registry.bodies import Body

# Which mark names the body that is asked, while which other one says that it has not decided yet.
ASKED = {
    "custodian": (
        ("opening-asked", "opening-asked"),
        ("demanded", "custodian-owes"),
        ("demanded", "demand-granted"),
    ),
    "auditor": (("demand-auditor", "auditor-owes"),),
}


class SecondPerson(models.Model):
    """A petition on which a body's custodian or auditor has to decide, or to answer what was granted."""

    petition = models.ForeignKey(
        "registry.Petition", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["petition", "role"], name="asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}:{self.role}"
