"""What boards and measures show, counted beforehand: numbers by body, and how they come about. The clerk's.

No petition is in a number of its own, and nobody who petitions in any: `figure` says what is counted
(`board_shares.py`), `holder` where it lies, `reach` whom it is kept from. All of it can be made anew.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from huiyin.registry.bodies import Body

NO_DAY = date(1, 1, 1)  # of a figure that has none


class BoardReach(models.Model):
    """Whom some petitions are kept from, and who has to look at them beside their holder. Few differ."""

    digest = models.CharField(max_length=64, unique=True)
    accused = models.JSONField(default=list)  # codes of the bodies that a report is about
    auditor = models.CharField(max_length=64, blank=True)  # code of the body whose auditor was chosen
    waiting = models.BooleanField(default=False)  # and it lies with that auditor
    owing = models.JSONField(default=list)  # codes of other bodies that still owe something of it
    supervised = models.TextField(blank=True)  # the path of the body that a letter of supervision went to

    def __str__(self) -> str:
        return str(self.pk)


class BoardFigure(models.Model):
    """How many petitions, or terms, one figure comes to at one body."""

    holder = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", db_index=False)
    reach = models.ForeignKey(BoardReach, on_delete=models.PROTECT, related_name="+", db_index=False)
    figure = models.CharField(max_length=160)
    day = models.DateField(default=NO_DAY)
    n = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["holder", "figure", "day", "reach"], name="board_figure_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What a board asks of each body: what has no day, and of what has one, few days of very many.
            models.Index(fields=["holder", "day"], name="board_figure_of_body"),
            models.Index(fields=["figure", "day"], name="board_figure_by_day"),
            models.Index(fields=["id"], condition=models.Q(n=0), name="board_figure_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} {self.figure}"


class YearFigure(models.Model):
    """What one figure of the measures comes to in a year, of petitions that lie at one body."""

    holder = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", db_index=False)
    reach = models.ForeignKey(BoardReach, on_delete=models.PROTECT, related_name="+", db_index=False)
    body = models.CharField(max_length=41, blank=True)  # code of the body that it tells of (`year_shares.py`)
    year = models.PositiveSmallIntegerField()  # 0: of one that has none
    figure = models.CharField(max_length=100)
    n = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["holder", "year", "body", "figure", "reach"], name="year_figure_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What a head asks: of one body, wherever its petitions are by now.
            models.Index(fields=["body", "year"], name="year_figure_of_body"),
            models.Index(fields=["id"], condition=models.Q(n=0), name="year_figure_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.year} {self.figure}"


class BoardShare(models.Model):
    """What one petition adds to the figures, so that it can be taken out again: once, and not twice."""

    petition = models.OneToOneField(
        "registry.Petition", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    holder = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", db_index=False)
    reach = models.ForeignKey(BoardReach, on_delete=models.PROTECT, related_name="+", db_index=False)
    figures = models.JSONField(default=list)  # [figure, day or "", how many]
    until = models.DateField(null=True)  # the day on which it adds something else, if nothing happens before

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["until"], name="board_share_turns"),
        ]

    def __str__(self) -> str:
        return str(self.petition_id)


class BoardAnew(models.Model):
    """A petition that changed without a step of its own, and is to be counted anew."""

    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.petition_id)


class BoardRound(models.Model):
    """How far the clerk has counted. One row: whoever counts holds it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    upto = models.BigIntegerField(default=0)  # lines of the public log that are counted in
    walked = models.BigIntegerField(null=True, default=0)  # the walk over all petitions; null: it is through
    day = models.DateField()  # on which everything stands as it is counted
    law = models.CharField(max_length=120)  # version of the law and of its calendar
    counted_at = models.DateTimeField(null=True)  # null: not all is counted yet
    measured = models.BooleanField(default=False, db_default=False)  # and the measures with it

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_board_round")
        ]

    def __str__(self) -> str:
        return str(self.counted_at)
