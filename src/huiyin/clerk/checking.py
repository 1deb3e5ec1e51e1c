"""`huiyin check`: whether what the database says is what was put on record, line by line.

From outside one sees that the log only grew. From inside one sees more: whose rows were changed or deleted by
hand, whose clock was moved, which count is false. The auditor runs it; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Prefetch

from huiyin.clerk import letter_folder
from huiyin.core import cohorts, ledger, merkle
from huiyin.core.merkle import Frontier
from huiyin.core.text import Text
from huiyin.core.tiles import BadTile
from huiyin.registry import assessment_log, board_round, inclusion, sealing
from huiyin.registry.leaves import NUMBERED
from huiyin.registry.models import Body, Clock, Entry, Head, LogSize, Petition
from huiyin.registry.record import opening_of

AT_ONCE = 2000
Say = Callable[[int], object]  # told how many more are done


def how_many() -> int:
    """What there is to check: lines of the log, and petitions."""
    size = LogSize.objects.values_list("size", flat=True).first() or 0
    return size + Petition.objects.count()


def check(now: datetime, done: Say = lambda _: None) -> Iterator[Text]:
    """Say what is wrong, and where. Memory stays flat."""
    yield from _late(now)
    yield from _log(done)
    for batch in _petitions():
        for petition in batch:
            yield from _petition(petition)
        done(len(batch))
    yield from _with_nobody()
    yield from _assessments()
    yield from board_round.wrongs()
    yield from letter_folder.wrongs(now)


# ---- the log


def _late(now: datetime) -> Iterator[Text]:
    """Lines that no head covers in the promised time."""
    promise = timedelta(seconds=settings.INCLUDE_WITHIN)
    waiting = Entry.objects.filter(number=None, recorded_at__lt=now - promise).select_related("petition")
    for entry in waiting.iterator(chunk_size=AT_ONCE):
        yield _of(
            entry,
            "登记后没有按承诺时间列入公开日志",
            "does not stand in the public log, in spite of the promise",
        )
    before = 0
    for head in Head.objects.order_by("size"):
        rows = Entry.objects.filter(
            number__gte=before, number__lt=head.size, recorded_at__lt=head.signed_at - promise
        )
        for entry in rows.select_related("petition"):
            yield _of(entry, "列入公开日志晚于承诺时间", "came into the public log later than promised")
        before = head.size


def _of(entry: Entry, zh: str, en: str) -> Text:
    ref, seq = entry.petition.ref, entry.seq
    return Text(f"{ref} 第 {seq} 步：{zh}", f"{ref}, step {seq}: it {en}")


def _log(done: Say) -> Iterator[Text]:
    """The published lines beside the rows: each is there, and says the same."""
    log = inclusion.published()
    if log is None:
        if Head.objects.exists():
            yield Text("公开日志的文件不见了", "the files of the public log are gone")
        return
    heads = {head.size: bytes(head.root) for head in Head.objects.all()}
    if heads.get(log.tree.size) != log.tree.root:
        yield Text("公布的日志头不是这个数据库签发的", "the published head was not signed from this database")
    frontier, rows = Frontier(), _rows(log.tree.size)
    try:
        for number, leaf in log.tree.entries():
            ours = next(rows)
            if ours is None:
                yield _line(number, "数据库里没有了：被人删除", "its row is gone: it was deleted")
            elif ours != leaf:
                yield _line(number, "数据库里的内容被改动", "its row says something else: it was changed")
            frontier.append(merkle.leaf_hash(leaf))
            if heads.get(frontier.size, frontier.root()) != frontier.root():
                yield Text(
                    f"前 {frontier.size} 行的日志头与日志不符",
                    f"the head over {frontier.size} lines is another's",
                )
            done(1)
    except (BadTile, OSError) as error:
        yield Text(f"公开日志的文件坏了：{error}", f"a file of the public log is damaged: {error}")


def _line(number: int, zh: str, en: str) -> Text:
    return Text(f"日志第 {number} 行：{zh}", f"line {number} of the log: {en}")


def _rows(size: int) -> Iterator[bytes | None]:
    """The bytes of each row by its number, None where there is none."""
    for start in range(0, size, AT_ONCE):
        found: dict[int, bytes] = {}
        for model in NUMBERED:
            rows = model.objects.filter(number__gte=start, number__lt=start + AT_ONCE)
            found |= {n: bytes(public) for n, public in rows.values_list("number", "public") if n is not None}
        yield from (found.get(number) for number in range(start, min(start + AT_ONCE, size)))


# ---- each petition


def _petitions() -> Iterator[list[Petition]]:
    rows = Petition.objects.order_by("pk").prefetch_related(
        Prefetch("entries", Entry.objects.order_by("seq")), "clocks", "counts"
    )
    last = 0
    while batch := list(rows.filter(pk__gt=last)[: AT_ONCE // 10]):
        yield batch
        last = batch[-1].pk


def _petition(petition: Petition) -> Iterator[Text]:
    entries = list(petition.entries.all())
    if [entry.seq for entry in entries] != list(range(1, petition.version + 1)):
        yield _about(petition, "步骤不连续：有步骤被删除", "its steps have a gap: one was deleted")
    if entries and entries[-1].state != petition.state:
        yield _about(petition, "状态不是最后一步留下的", "its state is not the one that its last step led to")
    if petition.erased_on is None:
        for entry in entries:
            # What is said on a report lies under seal: only whoever opens that can compare it.
            if not sealing.is_closed(entry) and not _holds(petition, entry):
                yield _of(entry, "登记的内容被改动", "is not what was put on record: it was changed")
    yield from _clocks(petition, entries)
    yield from _counts(petition)


def _with_nobody() -> Iterator[Text]:
    """Open petitions that came to a body in the moment in which it was closed."""
    closed = Body.objects.filter(active=False, external=False, successor=None)
    found = Petition.objects.filter(is_open=True, holder__in=closed).order_by("pk")
    for ref, code in found.values_list("ref", "holder__code").iterator():
        yield Text(
            f"{ref}：在已停用的单位 {code}，没有人办理；请为它写明承继单位",
            f"{ref}: is with {code}, which is out of service, so nobody handles it: name its successor",
        )


def _assessments() -> Iterator[Text]:
    """Each step of each yearly assessment is what its entry in the log commits to."""
    for kept, step, wrong in assessment_log.wrongs():
        code, year = kept.body.code, kept.year
        yield Text(
            f"{code} {year} 年考核 {step}：{wrong.zh}",
            f"assessment of {code} for {year}, {step}: it {wrong.en}",
        )


def _about(petition: Petition, zh: str, en: str) -> Text:
    return Text(f"{petition.ref}：{zh}", f"{petition.ref}: {en}")


def _holds(petition: Petition, entry: Entry) -> bool:
    """Whether the public bytes are made of what the row says."""
    try:
        commitment = ledger.commit(opening_of(petition, entry), bytes(entry.salt))
    except ValueError:
        return False
    return bytes(entry.public) == ledger.Entry(entry.recorded_at, commitment, entry.claimed_at).to_bytes()


def _clocks(petition: Petition, entries: Iterable[Entry]) -> Iterator[Text]:
    """Each clock as the last step left it that touched it: nobody moved it by hand."""
    left: dict[int, list[Any]] = {line[0]: line for entry in entries for line in entry.clocks}
    for clock in petition.clocks.all():
        said = left.pop(clock.seq, None)
        if said != _as_left(clock):
            name = clock.name
            yield _about(
                petition,
                f"期限 {name} 不是登记的那样：起算、到期或者结束被改动",
                f"its clock {name} is not as it was put on record: start, due date or end was changed",
            )
    for line in left.values():
        yield _about(petition, f"期限 {line[1]} 被删除", f"its clock {line[1]} was deleted")


def _as_left(clock: Clock) -> list[Any]:
    ended = clock.ended.isoformat() if clock.ended else None
    return [clock.seq, clock.name, clock.state, clock.start.isoformat(), clock.due.isoformat(), ended]


def _counts(petition: Petition) -> Iterator[Text]:
    """Each line of figures is true of its term, and the last one is how the term is said to be counted."""
    last: dict[int, cohorts.Count] = {}
    for row in petition.counts.all():
        try:
            count = cohorts.read(bytes(row.public))
            wrong = "" if petition.erased_on else cohorts.wrong(count, row.opening, bytes(row.salt))
        except (ValueError, KeyError, TypeError):
            wrong, count = "commitment", None
        if wrong:
            yield _about(
                petition,
                f"期限 {row.term} 的统计行不真实（{wrong}）",
                f"the count of its term {row.term} is false ({wrong})",
            )
        if count is not None:
            last[row.term] = count
    for clock in petition.clocks.all():
        if clock.cohort and (clock.seq not in last or last[clock.seq].what[-1] != clock.logged_as):
            yield _about(
                petition,
                f"期限 {clock.name} 的统计行不见了",
                f"a count of its clock {clock.name} is missing",
            )
