"""How well topics are named here: months beside one another, and each topic of the model in use.

Made of sums alone. What was shown to an officer is told apart from what the model was too unsure to show; a
share is said of at least twenty petitions, and no number below five.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from huiyin.core.counts import column, shown
from huiyin.registry.models import TopicOutcome

if TYPE_CHECKING:
    from huiyin.reading.topic_model import Model

MONTHS = 12  # looked at
LATEST = 3  # of them judged
LEAST = 20  # petitions of which a share is said
ENOUGH = 50  # petitions of which something is advised
WORSE = 0.05  # so much less than was to be expected is worth a word
SILENT = 0.25  # share left unsaid, from which on the model no longer knows what people write


@dataclass
class Stood:
    """How named topics stood up: `agreed` and `other` were shown to an officer, `unsure` were not."""

    agreed: int = 0
    other: int = 0
    unsure: int = 0

    @property
    def decided(self) -> int:
        return self.agreed + self.other + self.unsure

    @property
    def named(self) -> int:
        return self.agreed + self.other

    @property
    def right(self) -> float | None:
        """Share of what was shown that officers agreed with."""
        return share(self.agreed, self.named)

    @property
    def silence(self) -> float | None:
        return share(self.unsure, self.decided)

    @property
    def told(self) -> Sequence[int | str]:
        """Agreed, other and unsure as they may be said, then their sum."""
        return (*column((self.agreed, self.other, self.unsure)), shown(self.decided))


@dataclass
class OfTopic:
    """One topic of the model in use."""

    topic: str
    learnt: int = 0  # messages that it was learnt from
    decided: int = 0  # petitions that officers decided are about it
    named: int = 0  # petitions that the model showed it for
    agreed: int = 0

    @property
    def precision(self) -> float | None:
        return share(self.agreed, self.named)

    @property
    def recall(self) -> float | None:
        return share(self.agreed, self.decided)

    @property
    def f1(self) -> float | None:
        if self.precision is None or self.recall is None:
            return None
        return 2 * self.agreed / (self.named + self.decided)

    @property
    def told(self) -> tuple[int | str, int | str]:
        return shown(self.decided), shown(self.named)


@dataclass
class Figures:
    """Of a year: each month with its sums, each topic, and what could not be told."""

    months: dict[date, Stood] = field(default_factory=dict)
    changed: set[date] = field(default_factory=set)  # months in which another model was put in place
    topics: list[OfTopic] = field(default_factory=list)
    untold: int = 0  # taken up by bodies that decide on nearly everything

    @property
    def latest(self) -> Stood:
        """The last three months as one."""
        recent = list(self.months.values())[-LATEST:]
        return Stood(
            sum(each.agreed for each in recent),
            sum(each.other for each in recent),
            sum(each.unsure for each in recent),
        )


def share(part: int, whole: int) -> float | None:
    return part / whole if whole >= LEAST else None


def of(model: Model | None, today: date) -> Figures:
    """What there is to tell. One query, whatever there is."""
    months = _months(today)
    rows = list(TopicOutcome.objects.filter(month__gte=months[0], month__lte=months[-1]).order_by("month"))
    told = Figures(months={month: Stood() for month in months})
    seen = ""
    for row in rows:
        if not row.decided:
            told.untold += row.petitions
            continue
        if seen not in {"", row.model}:
            told.changed.add(row.month)
        seen = row.model
        _add(told.months[row.month], row)
    if model is not None:
        told.topics = _topics(model, [row for row in rows if row.model == model.version and row.decided])
    return told


def _months(today: date) -> list[date]:
    """The first days of the last twelve months, this one the last of them."""
    last = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - MONTHS + 1, last + 1)]


def _add(stood: Stood, row: TopicOutcome) -> None:
    if row.unsure:
        stood.unsure += row.petitions
    elif row.said == row.decided:
        stood.agreed += row.petitions
    else:
        stood.other += row.petitions


def _topics(model: Model, rows: Iterable[TopicOutcome]) -> list[OfTopic]:
    decided: Counter[str] = Counter()
    named: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for row in rows:
        decided[row.decided] += row.petitions
        if not row.unsure:
            named[row.said] += row.petitions
            agreed[row.said] += row.petitions * (row.said == row.decided)
    learnt = model.about.get("of_topic", {})
    unknown = sorted(set(decided) - set(model.topics))
    return [
        OfTopic(topic, learnt.get(topic, 0), decided[topic], named[topic], agreed[topic])
        for topic in (*model.topics, *unknown)
    ]


# ---- what to do about it

LEARN_MORE, LEARN_ANEW, SAYS_LITTLE = "unknown", "worse", "silent"


def advice(told: Figures, model: Model | None) -> list[str]:
    """What has gone wrong in the last three months, if enough was decided to say so; codes of sentences."""
    latest = told.latest
    if model is None or latest.decided < ENOUGH:
        return []
    said = []
    expected = model.about.get("sure_right")
    if expected is not None and latest.named >= ENOUGH and latest.agreed / latest.named < expected - WORSE:
        said.append(LEARN_ANEW)
    if latest.unsure / latest.decided > SILENT:
        said.append(SAYS_LITTLE)
    if any(each.topic not in model.topics and each.decided >= LEAST for each in told.topics):
        said.append(LEARN_MORE)
    return said
