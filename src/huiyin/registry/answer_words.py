"""What can be searched of a published answer: its tokens in a row, one row beside each.

There are thousands of answers where there are millions of petitions, so both databases look through the rows,
the newest first, and need no index of words (decision 0064).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.registry.bodies import Body


class AnswerWords(models.Model):
    """The tokens of one published answer, with a space before and behind each."""

    kind = models.CharField(max_length=8)  # as `answers` names it
    page = models.CharField(max_length=40)  # the number or code of its page
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()  # when it was last published something about
    words = models.TextField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "page"], name="answer_words_of_one"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-on", "-id"], name="answer_words_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.page}"
