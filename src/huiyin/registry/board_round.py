"""The clerk counts what boards and measures show: what moved since last time, what was told of, what turned.

Its work grows with what happened, and not with what there is. Each batch is one transaction, in which the
shares of some petitions, the figures and how far it came change together: killed anywhere, nothing is counted
twice, and nothing is left out. Who counts holds one row, so two clerks count one after the other.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import inf
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Max, QuerySet

from huiyin.core.text import Text
from huiyin.registry import law
from huiyin.registry.board_figures import (
    NO_DAY,
    BoardAnew,
    BoardFigure,
    BoardReach,
    BoardRound,
    BoardShare,
    YearFigure,
)
from huiyin.registry.board_shares import Now, Reach, Share, concerned, figures_of, shares
from huiyin.registry.models import Entry, LogSize, Petition
from huiyin.registry.year_shares import YEAR

AT_ONCE = 400  # petitions of one transaction
LINES = 2000  # entries looked at together
ROWS = 150  # figures written by one statement
Place = tuple[int, int, str, date]  # holder, reach, figure, day


def count(now: datetime, seconds: float = inf) -> int:
    """Count what changed; answer how many petitions were looked at. After so many seconds it stops, and goes
    on the next time: the boards say of when their numbers are.
    """
    until, day = time.monotonic() + seconds, _begin(law.at(now)[1])
    done = 0
    for step in (_told, _moved, _turned, _walk):
        some: int | None = 0
        while some is not None and time.monotonic() < until:
            some = step(day)
            done += some or 0
    with transaction.atomic():
        kept = _hold()
        if kept and kept.day == day and kept.walked is None and time.monotonic() < until:
            BoardFigure.objects.filter(n=0).delete()
            YearFigure.objects.filter(n=0).delete()
            BoardRound.objects.update(counted_at=now, measured=True)
    return done


def _begin(day: date) -> date:
    """The day for which it is counted. A new one turns what stands on it; another law or calendar, or a clock
    that was put back, turns everything.
    """
    said = Now.of(day).law
    with transaction.atomic():
        kept = _hold()
        if kept is None:
            begun = BoardRound(upto=_size(), day=day, law=said)
            BoardRound.objects.bulk_create([begun], ignore_conflicts=True)  # two clerks may begin together
        elif kept.day - day == timedelta(days=1):
            return kept.day  # at midnight another clerk was a moment ahead
        elif kept.law != said or day < kept.day:
            BoardRound.objects.update(day=day, law=said, walked=0)
        elif kept.day != day:
            BoardRound.objects.update(day=day)
    return day


def _hold() -> BoardRound | None:
    return BoardRound.objects.select_for_update().first()


def _size() -> int:
    """Lines of the public log that have their number: all that was put on record before them has as well."""
    return LogSize.objects.aggregate(size=Max("size"))["size"] or 0


# ---- steps; each does one batch, and answers how many petitions that were, or None when nothing is left


def _told(day: date) -> int | None:
    """What changed without a step."""
    with transaction.atomic():
        _hold()
        rows = dict(BoardAnew.objects.order_by("pk").values_list("pk", "petition")[:AT_ONCE])
        if not rows:
            return None
        _recount(set(rows.values()), day)
        BoardAnew.objects.filter(pk__in=rows).delete()
    return len(rows)


def _moved(day: date) -> int | None:
    """What moved, by the lines of the log: they have their numbers in the order in which they were seen."""
    with transaction.atomic():
        kept, size = _hold(), _size()
        if kept is None or kept.upto >= size:
            return None
        lines = Entry.objects.filter(number__gte=kept.upto, number__lt=size).order_by("number")
        found: list[Any] = list(lines.values_list("number", "petition")[:LINES])
        pks: set[int] = set()
        upto = size
        for number, petition in found:
            if len(pks) == AT_ONCE and petition not in pks:
                upto = number
                break
            pks.add(petition)
        else:
            upto = size if len(found) < LINES else found[-1][0] + 1
        _recount(pks, day)
        BoardRound.objects.update(upto=upto)
    return len(pks)


def _turned(day: date) -> int | None:
    """What stands otherwise because a day came."""
    with transaction.atomic():
        _hold()
        due = BoardShare.objects.filter(until__lte=day).order_by("until", "pk")
        pks = list(due.values_list("pk", flat=True)[:AT_ONCE])
        if not pks:
            return None
        _recount(pks, day)
    return len(pks)


def _walk(day: date) -> int | None:
    """All there is, at the very first, or under another law: in order of their numbers."""
    with transaction.atomic():
        kept = _hold()
        if kept is None or kept.walked is None:
            return None
        found = Petition.objects.filter(concerned(Now.of(day)), pk__gt=kept.walked).order_by("pk")
        pks = list(found.values_list("pk", flat=True)[:AT_ONCE])
        _recount(pks, day)
        BoardRound.objects.update(walked=pks[-1] if len(pks) == AT_ONCE else None)
    return len(pks)


# ---- the figures


def _recount(pks: Iterable[int], day: date) -> None:
    """Take out of the figures what these petitions added, and put in what they add on that day."""
    wanted = set(pks)
    if not wanted:
        return
    found = shares(wanted, Now.of(day))
    known = {row.pk: row for row in BoardShare.objects.filter(pk__in=wanted)}
    reaches = _reaches({share.reach for share in found.values()})
    differ: Counter[Place] = Counter()
    kept: list[BoardShare] = []
    for pk in sorted(wanted):
        was, now = known.get(pk), found.get(pk)
        if was is not None:
            for place, n in places_of(was):
                differ[place] -= n
        if now is not None:
            row = _row(pk, now, reaches[now.reach])
            for place, n in places_of(row):
                differ[place] += n
            if was is None or _differs(was, row):
                kept.append(row)
    BoardShare.objects.filter(pk__in=known.keys() - found.keys()).delete()
    _keep(kept)
    _add({place: n for place, n in differ.items() if n})


def _row(pk: int, share: Share, reach: int) -> BoardShare:
    return BoardShare(
        petition_id=pk,
        holder_id=share.holder,
        reach_id=reach,
        figures=share.as_kept,
        until=share.until,
    )


def _differs(one: BoardShare, other: BoardShare) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in CHANGING)


CHANGING = ("holder_id", "reach_id", "figures", "until")


def places_of(row: BoardShare) -> Iterator[tuple[Place, int]]:
    """Where each figure of a share is counted."""
    for (figure, day), n in figures_of(row.figures).items():
        yield (row.holder_id, row.reach_id, figure, day), n


def _keep(rows: Sequence[BoardShare]) -> None:
    BoardShare.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["petition"],
        update_fields=["holder", "reach", "figures", "until"],
    )


def _reaches(wanted: set[Reach]) -> dict[Reach, int]:
    """Their numbers; new ones are put on record."""
    known = dict(
        BoardReach.objects.filter(digest__in=[each.digest for each in wanted]).values_list("digest", "pk")
    )
    for each in wanted:
        if each.digest not in known:
            made = BoardReach.objects.create(
                digest=each.digest,
                accused=list(each.accused),
                auditor=each.auditor,
                waiting=each.waiting,
                owing=list(each.owing),
                supervised=each.supervised,
            )
            known[each.digest] = made.pk
    return {each: known[each.digest] for each in wanted}


def _add(differ: Mapping[Place, int]) -> None:
    """Add to each figure, in the same order always."""
    adapt = connections[DEFAULT_DB_ALIAS].ops.adapt_datefield_value
    boards: list[tuple[Any, ...]] = []
    years: list[tuple[Any, ...]] = []
    for (holder, reach, figure, day), n in sorted(differ.items()):
        if figure.startswith(YEAR):
            years.append((holder, *_of_year(figure, day), reach, n))
        else:
            boards.append((holder, figure, adapt(day), reach, n))
    _add_rows(BoardFigure, ("holder_id", "figure", "day", "reach_id"), boards)
    _add_rows(YearFigure, ("holder_id", "year", "body", "figure", "reach_id"), years)


def _of_year(figure: str, day: date) -> tuple[int, str, str]:
    """Year, body and figure, as a row of the measures has them."""
    body, _, name = figure.removeprefix(YEAR).partition("/")
    return 0 if day == NO_DAY else day.year, body, name


def _place_of_year(row: YearFigure) -> Place:
    """The other way round."""
    day = date(row.year, 1, 1) if row.year else NO_DAY
    return row.holder_id, row.reach_id, f"{YEAR}{row.body}/{row.figure}", day


def _add_rows(model: Any, key: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    table, names = model._meta.db_table, ", ".join(key)
    one = f"({', '.join(['%s'] * (len(key) + 1))})"
    for start in range(0, len(rows), ROWS):
        some = rows[start : start + ROWS]
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({names}, n) VALUES {', '.join([one] * len(some))} "  # noqa: S608
                f"ON CONFLICT ({names}) DO UPDATE SET n = {table}.n + excluded.n",
                [value for row in some for value in row],
            )


# ---- told by others


def tell(petitions: QuerySet[Petition]) -> None:
    """These changed without a step of their own: they are in no number until they are counted anew."""
    pks = petitions.order_by("pk").values_list("pk", flat=True)
    BoardAnew.objects.bulk_create([BoardAnew(petition_id=pk) for pk in pks], batch_size=1000)


def forget(pk: int) -> None:
    """Take one out of the figures, in the transaction in which it is erased."""
    if not BoardShare.objects.filter(pk=pk).exists():
        return
    _hold()
    row = BoardShare.objects.filter(pk=pk).first()
    if row is not None:
        _add({place: -n for place, n in places_of(row)})
        row.delete()


def begin_anew() -> None:
    """Empty everything. Until the clerk has counted anew, the boards ask what is there."""
    with transaction.atomic():
        _hold()
        BoardRound.objects.all().delete()
        BoardFigure.objects.all().delete()
        YearFigure.objects.all().delete()
        BoardShare.objects.all().delete()
        BoardAnew.objects.all().delete()
        BoardReach.objects.all().delete()


# ---- checked


def wrongs(say: Callable[[int], object] = lambda _: None) -> Iterator[Text]:
    """Whether the figures are the sums of the shares, and each share what its petition adds on that day.

    What moved since they were counted is no mistake: those petitions are left out.
    """
    kept = BoardRound.objects.first()
    if kept is None or kept.counted_at is None:
        return
    sums: Counter[Place] = Counter()
    now, last = Now.of(kept.day), 0
    while rows := list(BoardShare.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for row in rows:
            sums.update(dict(places_of(row)))
        last = rows[-1].pk
    for place, n in _kept_figures():
        if sums.pop(place, 0) != n:
            yield _wrong(place[2])
    for _, _, figure, _ in sums:
        yield _wrong(figure)
    yield from _wrong_shares(kept, now, say)


def _kept_figures() -> Iterator[tuple[Place, int]]:
    for row in BoardFigure.objects.exclude(n=0).iterator(chunk_size=LINES):
        yield (row.holder_id, row.reach_id, row.figure, row.day), row.n
    for year in YearFigure.objects.exclude(n=0).iterator(chunk_size=LINES):
        yield _place_of_year(year), year.n


def _wrong(figure: str) -> Text:
    return Text(
        f"看板数字 {figure} 与各件之和不符", f"the board's figure {figure} is not what its petitions add"
    )


def _wrong_shares(kept: BoardRound, now: Now, say: Callable[[int], object]) -> Iterator[Text]:
    last = 0
    moved = Petition.objects.filter(pk__in=Entry.objects.filter(number=None).values("petition"))
    while pks := list(
        Petition.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        last = pks[-1]
        say(len(pks))
        since = Entry.objects.filter(petition__in=pks, number__gte=kept.upto)
        left = set(moved.filter(pk__in=pks).values_list("pk", flat=True))
        left |= set(since.values_list("petition", flat=True))
        left |= set(BoardAnew.objects.filter(petition__in=pks).values_list("petition", flat=True))
        left |= set(BoardShare.objects.filter(pk__in=pks, until__lte=kept.day).values_list("pk", flat=True))
        found = shares(set(pks) - left, now)
        known = {
            row.pk: row for row in BoardShare.objects.filter(pk__in=set(pks) - left).select_related("reach")
        }
        for pk in sorted(found.keys() | known.keys()):
            if _said(known.get(pk)) != _meant(found.get(pk)):
                ref = Petition.objects.values_list("ref", flat=True).get(pk=pk)
                yield Text(
                    f"{ref}：看板没有按现状计算它", f"{ref}: the boards count it otherwise than it stands"
                )


def _said(row: BoardShare | None) -> Any:
    return row and (row.holder_id, row.reach.digest, row.figures, row.until)


def _meant(share: Share | None) -> Any:
    return share and (share.holder, share.reach.digest, share.as_kept, share.until)
