"""Measures as a page and the annual report tell them: the number, how sure it is, of how many; the plot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from huiyin.core.intervals import SAID_OF, Share
from huiyin.core.measures import Measure, Record
from huiyin.core.rulebook import Rulebook
from huiyin.core.text import Text
from huiyin.site import articles, charts

KEPT = "in-time-"  # how the code of such a measure begins
DAYS, ONE_DAY = Text("{days}天", "{days} days"), Text("1天", "1 day")
OR_MORE = Text("{days}天以上", "{days} days or more")
MORE = Text("超过一半还没有办", "more than half are overdue")
MANY = Text("超过一成还没有办", "more than one in ten are overdue")
MIDDLE, MOST = (
    Text("一半不超过", "half take no longer than"),
    Text("九成不超过", "nine in ten no longer than"),
)
TOO_FEW = Text("不足{least}件，不列出", "fewer than {least}, not said")
NOT_HERE = Text("不在公开日志里", "not in the public log")
NONE = Text("没有", "none")
SHOWN_ONLY = Text("只展示，不考核", "shown, never judged")
JUDGED = Text("越高越好", "the higher the better")
PLOT = Text(
    "按期、做到、改正的比例，一百件里有几件，细线是把握程度。下面的表用数字说同样的话。",
    "Of a hundred, how many were in time, carried out or corrected; the fine line says how sure that is. "
    "The table "
    "below says it in numbers.",
)


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a measure. label: which part of a spread; '' for the one number of a share."""

    label: Text
    said: Text
    sure: Text  # from … to …, or nothing


@dataclass(frozen=True, slots=True)
class Line:
    """One measure with its numbers, as a row of the table. number: its place in table and plot."""

    number: int
    measure: Measure
    article: Text
    values: tuple[Value, ...]
    size: int
    share: Share | None = None

    @property
    def clock(self) -> str:
        """Of a share of terms that were kept: the name of the term, so that its cases can be shown."""
        kept = self.measure.code.startswith(KEPT)
        return self.measure.code.removeprefix(KEPT) if kept and self.share else ""

    @property
    def tells_why(self) -> bool:
        """Whether there are reasons to be read behind it: those of extensions."""
        return self.measure.code == "extended"

    @property
    def standing(self) -> Text:
        return JUDGED if self.measure.better else SHOWN_ONLY


@dataclass(frozen=True, slots=True)
class Past:
    """One judged share over the years. years: the year, what it came to, the length of its bar of 100."""

    measure: Measure
    years: tuple[tuple[int, Value, str], ...]


def lines(measures: Sequence[Measure], record: Record, book: Rulebook, *, public: bool = False) -> list[Line]:
    """Every measure with what it comes to. `public`: from the log alone; what is not in it says so."""
    return [
        _line(n, each, record, book, here=each.public or not public)
        for n, each in enumerate(measures, start=1)
    ]


def _line(number: int, measure: Measure, record: Record, book: Rulebook, *, here: bool) -> Line:
    article = articles.cite(measure.article, book.id)
    if not here:
        return Line(number, measure, article, (Value(Text("", ""), NOT_HERE, Text("", "")),), 0)
    size = measure.size(record)
    if size < SAID_OF:
        said = TOO_FEW.format(least=SAID_OF) if size else NONE
        return Line(number, measure, article, (Value(Text("", ""), said, Text("", "")),), 0)
    share = measure.share(record) if measure.kind == "share" else None
    return Line(number, measure, article, tuple(_values(measure, record)), size, share)


def _values(measure: Measure, record: Record) -> Iterator[Value]:
    nothing = Text("", "")
    if measure.kind == "share":
        yield _of_share(nothing, measure.share(record))
    elif measure.kind == "spread":
        words = dict(measure.keys)
        for key, share in measure.spread(record).items():
            yield _of_share(words[key], share)
    else:
        took = measure.time(record)
        low, high = took.interval
        yield Value(MIDDLE, _days(took.middle, MORE), _from_to(low, high))
        yield Value(MOST, _days(took.most, MANY), nothing)


def _of_share(label: Text, share: Share) -> Value:
    low, high = share.interval
    said = percent(share)
    return Value(label, Text(said, said), Text(*[f"{100 * low:.0f}–{100 * high:.0f}%"] * 2))


def of_share(share: Share) -> Value:
    """One share by itself; of fewer than five it is not said."""
    nothing = Text("", "")
    if share.whole < SAID_OF:
        return Value(nothing, TOO_FEW.format(least=SAID_OF), nothing)
    return _of_share(nothing, share)


def percent(share: Share) -> str:
    return "–" if share.value is None else f"{100 * share.value:.0f}%"


def _days(days: int | None, overdue: Text) -> Text:
    return overdue if days is None else ONE_DAY if days == 1 else DAYS.format(days=days)


def _from_to(low: int | None, high: int | None) -> Text:
    if low is None or low == high:  # a range of one value says nothing more
        return Text("", "")
    return OR_MORE.format(days=low) if high is None else DAYS.format(days=f"{low}–{high}")


def year_by_year(told: Mapping[int, Sequence[Line]]) -> list[Past]:
    """The judged shares of which two years or more can be told, each year beside the others as given."""
    found = []
    for row in zip(*told.values(), strict=True):
        if row[0].measure.better and sum(line.share is not None for line in row) >= 2:
            years = tuple(zip(told, (line.values[0] for line in row), map(_hundredths, row), strict=True))
            found.append(Past(row[0].measure, years))
    return found


def _hundredths(line: Line) -> str:
    """The length of a bar of 100, as SVG writes numbers in every language."""
    return f"{100 * line.share.part / line.share.whole:.1f}" if line.share and line.share.whole else "0"


def lowest(told: Iterable[Line]) -> Line | None:
    """The judged share that is lowest, of those whose cases can be shown; None where all were kept."""
    below = [line for line in told if line.clock and line.share and line.share.part < line.share.whole]
    return min(below, key=lambda line: line.share.part / line.share.whole if line.share else 1, default=None)


def drawn(told: Iterable[Line], language: str) -> SafeString | str:
    """The judged shares as columns with their intervals, named by their row in the table; '' for fewer
    than two."""
    judged = [line for line in told if line.share is not None and line.measure.better]
    if len(judged) < 2:
        return ""
    columns = [
        charts.Sure(100 * line.share.part / line.share.whole, *(100 * each for each in line.share.interval))
        for line in judged
        if line.share
    ]
    return charts.shares([str(line.number) for line in judged], columns, label=PLOT.say(language), unit="%")
