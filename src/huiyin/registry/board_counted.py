"""The boards out of what the clerk counted, as far as one officer may see it; or out of what is there, as
long as nothing is counted.

It never shows more than the petitions would (`access`): a number of petitions that are kept from somebody is
left out by whom they are kept from, one that they stepped back from is taken out by itself, and what changed
without a step is in no number until it is counted anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum

from huiyin.core.standings import AGES, STANDINGS
from huiyin.registry import access, board, week
from huiyin.registry.access import Acting
from huiyin.registry.board import Board, Since, Why
from huiyin.registry.board_figures import NO_DAY, BoardAnew, BoardFigure, BoardReach, BoardRound, BoardShare
from huiyin.registry.board_shares import MOST_HANDS, Figure, figures_of
from huiyin.registry.models import Body, Petition, Recusal
from huiyin.registry.week import Week

FIRST = 5  # of the longest late, on the board itself
SPARE = 4 * FIRST  # so many are looked at, for some may be answered since


@dataclass(frozen=True)
class Overview:
    """All that the board shows. counted_at: of when the numbers are; None: they are asked just now."""

    day: date
    counted_at: datetime | None
    board: Board
    reasons: list[Why]
    since: Since
    due_today: int
    longest: QuerySet[Petition]


def overview(acting: Acting, today: date) -> Overview:
    kept = counted()
    if kept is None:
        return live(acting, today)
    seen = Seen(acting)
    by_holder, sums = seen.by_holder(_of_bodies(kept.day)), seen.sums(_of_all(kept.day))
    return _overview(acting, kept, by_holder, sums, seen)


def live(acting: Acting, today: date) -> Overview:
    """The same, from the petitions themselves: its cost grows with what is open."""
    return Overview(
        today,
        None,
        board.of(acting, today),
        board.reasons(acting, today),
        board.since(acting, today),
        board.chosen(acting, today, {"due": "today"}).count(),
        board.chosen(acting, today, {"due": "over"})[:FIRST],
    )


def counted() -> BoardRound | None:
    """How far the clerk came; None as long as not everything was counted once."""
    return BoardRound.objects.filter(counted_at__isnull=False).first()


# ---- what somebody may see


class Seen:
    """The figures that one officer may see, in a number of questions that does not grow."""

    def __init__(self, acting: Acting) -> None:
        self.acting = acting
        self.watched = Body.objects.filter(access.supervised_by(acting))
        self.codes = dict(self.watched.values_list("pk", "code"))
        reaches = list(BoardReach.objects.all())
        self.hidden = [each.pk for each in reaches if _is_hidden(acting, each)]
        self.beside = {each.pk for each in reaches if self._is_beside(each)} - set(self.hidden)
        mine = Recusal.objects.filter(officer=acting.officer).values("petition")
        # Few, each found by its number: asked together, every share would be read.
        left_out = set(mine.union(BoardAnew.objects.values("petition")).values_list("petition", flat=True))
        self.left_out = list(BoardShare.objects.filter(pk__in=left_out))

    def _is_beside(self, reach: BoardReach) -> bool:
        """Whether a watched body has to act, wherever the petition is by now."""
        return bool(set(reach.owing) & set(self.codes.values())) or access.was_supervised_below(
            self.acting, reach.supervised
        )

    @property
    def here(self) -> Q:
        return Q(holder__in=self.watched.values("pk")) & ~Q(reach__in=self.hidden)

    def by_holder(self, wanted: Q) -> dict[int, Counter[Figure]]:
        """By number of the body, its figures."""
        found: dict[int, Counter[Figure]] = defaultdict(Counter)
        rows: Any = BoardFigure.objects.filter(self.here, wanted).order_by()
        for holder, figure, day, n in rows.values_list("holder", "figure", "day").annotate(n=Sum("n")):
            found[holder][figure, day] = n
        for row in self.left_out:
            if self._is_here(row):
                _take_out(found[row.holder_id], row)
        return found

    def sums(self, wanted: Q) -> Counter[Figure]:
        """The same of all bodies together; reasons to act also where the petition is elsewhere."""
        beside = Q(reach__in=self.beside) & (Q(figure__startswith="why/") | Q(figure__startswith="mark/"))
        rows: Any = BoardFigure.objects.filter(self.here | beside, wanted).order_by()
        found = Counter(
            {(figure, day): n for figure, day, n in rows.values_list("figure", "day").annotate(n=Sum("n"))}
        )
        for row in self.left_out:
            if self._is_here(row):
                _take_out(found, row)
            elif row.reach_id in self.beside:
                _take_out(found, row, ("why/", "mark/"))
        return found

    def _is_here(self, row: BoardShare) -> bool:
        return row.holder_id in self.codes and row.reach_id not in self.hidden


def _take_out(found: Counter[Figure], row: BoardShare, beginning: tuple[str, ...] = ("",)) -> None:
    for figure, n in figures_of(row.figures).items():
        if figure[0].startswith(beginning) and figure in found:
            found[figure] -= n


def _is_hidden(acting: Acting, reach: BoardReach) -> bool:
    return access.is_kept_from(acting, reach.accused, reach.auditor, waiting=reach.waiting)


# ---- the board


def _of_bodies(today: date) -> Q:
    days = Q(figure="due", day__gte=board.last_workday(today), day__lte=board.near_until(today))
    return Q(day=NO_DAY, figure__startswith="stands/") | Q(day=NO_DAY, figure="nobody") | days


def _of_all(today: date) -> Q:
    plain = Q(pk__in=[])
    for beginning in ("age/", "hands/", "why/", "mark/"):
        plain |= Q(day=NO_DAY, figure__startswith=beginning)
    month = Q(day=today.replace(day=1), figure__startswith="missed/")
    since = Q(day__gte=board.last_workday(today), figure__in=("taken", "no-longer"))
    return plain | month | since


def _overview(
    acting: Acting,
    kept: BoardRound,
    by_holder: Mapping[int, Counter[Figure]],
    sums: Counter[Figure],
    seen: Seen,
) -> Overview:
    day = kept.day
    held = {holder: _load(figures, day) for holder, figures in by_holder.items()}
    loads = list(board.loads_of({pk: n for pk, n in held.items() if n["open"]}, _missed(sums)))
    ages = [Counter[str]() for _ in range(len(AGES) + 1)]
    for group, stands, n in _split(sums, "age/"):
        ages[int(group)][stands] += n
    hands = [sums[f"hands/{number}", NO_DAY] for number in range(1, MOST_HANDS + 1)]
    late = {(name, kind, state): n for name, kind, state, n in _split(sums, "why/")}
    marked: dict[str, int] = dict(_split(sums, "mark/"))
    since = {name: sum(n for (figure, _), n in sums.items() if figure == name) for name in SINCE}
    return Overview(
        day,
        kept.counted_at,
        Board(loads, ages, hands),
        board.whys_of(late, marked, day),
        Since(board.last_workday(day), no_longer=since["no-longer"], taken=since["taken"]),
        sum(figures["due", day] for figures in by_holder.values()),
        _longest(acting, day, seen),
    )


SINCE = ("taken", "no-longer")


def _load(figures: Counter[Figure], today: date) -> Counter[str]:
    stands = {name: figures[f"stands/{name}", NO_DAY] for name in STANDINGS}
    last, near, was_near = board.last_workday(today), board.near_until(today), _was_near(today)
    due = {day: n for (figure, day), n in figures.items() if figure == "due"}
    added = {
        "open": sum(stands.values()),
        "nobody": figures["nobody", NO_DAY],
        "fresh": sum(n for day, n in due.items() if last <= day < today),
        "newly_near": sum(n for day, n in due.items() if was_near < day <= near),
    }
    return Counter(stands | added)


def _was_near(today: date) -> date:
    return board.near_until(board.last_workday(today))


def _missed(sums: Counter[Figure]) -> dict[str, tuple[int, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, body, n in _split(sums, "missed/"):
        found[body][kind] += n
    return {body: (kinds["law"], kinds["order"]) for body, kinds in found.items()}


def _split(sums: Counter[Figure], beginning: str) -> Iterator[Any]:
    """The parts of the names that begin so, each with its number."""
    for (figure, _), n in sums.items():
        if figure.startswith(beginning) and n:
            yield (*figure.removeprefix(beginning).split("/"), n)


def _longest(acting: Acting, today: date, seen: Seen) -> QuerySet[Petition]:
    """The longest late, as they are now: looked for among the first days that have any at all."""
    rows: Any = BoardFigure.objects.filter(seen.here, figure="due", day__lt=today, n__gt=0)
    days = rows.order_by("day").values_list("day").annotate(n=Sum("n"))[:SPARE]
    enough, found = None, 0
    for day, n in days:
        enough, found = day, found + n
        if found >= SPARE:
            break
    late = board.chosen(acting, today, {"due": "over"})
    return (late.filter(next_due__lte=enough) if enough else late.none())[:FIRST]


# ---- the week


@dataclass(frozen=True)
class CountedWeek:
    counted_at: datetime | None
    week: Week


def this_week(acting: Acting, today: date) -> CountedWeek:
    """What changed in seven days, beside the seven before."""
    kept = counted()
    if kept is None:
        return CountedWeek(None, week.of(acting, today))
    since = kept.day - timedelta(days=week.DAYS - 1)
    earlier = since - timedelta(days=week.DAYS)
    named = Q(figure="answered") | Q(figure__startswith="week")
    sums = Seen(acting).sums(named & Q(day__gte=earlier))
    found: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    answered = [0, 0]
    for (figure, day), n in sums.items():
        fresh = day >= since
        what, *which = figure.split("/")
        if what == "answered":
            answered[0 if fresh else 1] += n
        elif what == "week":
            found[tuple(which)]["now" if fresh else "before"] += n  # type: ignore[index]  # three parts
        elif fresh:
            found[tuple(which)][what.removeprefix("week-")] += n  # type: ignore[index]
    rows = ((book, clock, body, numbers) for (book, clock, body), numbers in found.items() if numbers.total())
    return CountedWeek(kept.counted_at, Week(since, week.missed_of(rows), (answered[0], answered[1])))
