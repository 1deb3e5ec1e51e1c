"""How the topics that a model named stood up to what officers decided: sums by month, no petition in them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import connections, models, router

TOPIC = 60  # letters, as of a subject of competence


class TopicOutcome(models.Model):
    """So many petitions of a month with one topic named and one decided.

    No row leads to a petition, a body or a person: what is kept is how well a model reads, and no more.
    """

    month = models.DateField()  # its first day
    model = models.CharField(max_length=16)  # digest of the file that named the topic
    said = models.CharField(max_length=TOPIC)
    unsure = models.BooleanField()  # nothing was shown to anybody
    # In the words of the model; empty where a body took it up that decides on everything.
    decided = models.CharField(max_length=TOPIC, blank=True)
    petitions = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["month", "model", "said", "unsure", "decided"], name="topic_outcome_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.said} {self.decided}: {self.petitions}"


def add(month: date, model: str, said: str, decided: str, *, unsure: bool) -> None:
    """One petition more. One statement, so that of two moves at once both are counted."""
    connection = connections[router.db_for_write(TopicOutcome)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_topicoutcome (month, model, said, unsure, decided, petitions)"
            " VALUES (%s, %s, %s, %s, %s, 1) ON CONFLICT (month, model, said, unsure, decided)"
            " DO UPDATE SET petitions = registry_topicoutcome.petitions + 1",
            [month, model, said[:TOPIC], unsure, decided[:TOPIC]],
        )
