"""How well the system names what petitions are about: by month, by topic, and what to do when it gets worse.

Sums of petitions and nothing else: no body, no officer and no petition is on this page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.core.counts import shown
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.registry import proposing, topic_figures
from huiyin.registry.topic_figures import Figures, OfTopic, Stood
from huiyin.site import charts

ADVICE = {
    topic_figures.LEARN_ANEW: _(
        "In the last three months officers agreed less often than this model led to expect. People write of "
        "other things than it knows: train it anew."
    ),
    topic_figures.SAYS_LITTLE: _(
        "For more than a quarter of the petitions of the last three months it was too unsure to say "
        "anything: train it anew."
    ),
    topic_figures.LEARN_MORE: _(
        "Bodies take up petitions on topics that this model does not know: "
        "train it anew, so that it learns them."
    ),
}


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    stood: Stood
    told: Sequence[int | str]
    right: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One topic: how it did in trial when it was learnt, and how it does."""

    one: OfTopic
    known: bool
    told: tuple[int | str, int | str]
    trial: tuple[str, str]
    precision: str
    recall: str
    f1: str


@require_safe
def topics(request: DeskRequest) -> HttpResponseBase:
    model = proposing.model()
    told = topic_figures.of(model, request.today)
    about = model.about if model is not None else {}
    months = [
        Month(first, stood, stood.told, percent(stood.right), first in told.changed)
        for first, stood in told.months.items()
        if stood.decided
    ]
    context = {
        "keeps": request.acting.has("administrator"),
        "model": model,
        "about": about,
        "since": proposing.in_place_since() if model is not None else None,
        "months": months[::-1],
        "plot": _plot(told),
        "topics": [_line(each, about) for each in told.topics],
        "untold": shown(told.untold),
        "advice": [ADVICE[code] for code in topic_figures.advice(told, model)],
        "least": topic_figures.LEAST,
    }
    return page(request, "topics.html", context)


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _line(one: OfTopic, about: Any) -> Line:
    trial = (about.get("precision", {}).get(one.topic), about.get("recall", {}).get(one.topic))
    return Line(
        one,
        bool(one.learnt),
        one.told,
        (percent(trial[0]), percent(trial[1])),
        percent(one.precision),
        percent(one.recall),
        percent(one.f1),
    )


def _plot(told: Figures) -> str:
    """Shares of each month that has enough; nothing where no month has."""
    enough = {month: each for month, each in told.months.items() if each.decided >= topic_figures.LEAST}
    if not enough:
        return ""
    tones = (("time", "agreed"), ("soon", "other"), ("else", "unsure"))
    series = [
        charts.Series(tone, [100 * getattr(each, name) / each.decided for each in enough.values()])
        for tone, name in tones
    ]
    label = _("What became of the topics that were named, by month; the table beneath says the same.")
    return charts.columns([f"{month:%m}" for month in enough], series, label=str(label), unit="%")
