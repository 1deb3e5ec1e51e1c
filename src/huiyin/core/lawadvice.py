"""What a sound rulebook may still be told: a doubt about a source, a row that can never apply, a word unused.

`lawcheck.py` refuses; this only advises, for whoever edits a rulebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from huiyin.core.rulebook import Row, Rulebook
from huiyin.core.text import Text
from huiyin.core.vocabulary import VERBS

Advice = tuple[str, Text]  # the key, and what is to be thought of there

# A guard that only ever lets through what one of these effects has brought about.
NEEDS: dict[str, frozenset[str]] = {
    "hearing-open": frozenset({"open-hearing"}),
    "withdrawing": frozenset({"start-withdrawal"}),
    "remedy-due": frozenset({"promise", "set-issued"}),
    "remedy-reported": frozenset({"mark-remedy-reported"}),
}


def advice(book: Rulebook) -> Iterator[Advice]:
    """All that is worth a second look, in the order of the file."""
    yield from _clocks(book)
    yield from _articles(book)
    yield from _dead_rows(book)
    yield from _way(book)
    yield from _kept_for_good(book)


def between(books: Iterable[Rulebook]) -> Iterator[Advice]:
    """Days on which two versions of one law are in force, or none of them."""
    of_law: dict[str, list[Rulebook]] = {}
    for book in sorted(books, key=lambda b: b.in_force_from):
        of_law.setdefault(book.jurisdiction, []).append(book)
    for versions in of_law.values():
        for one, other in pairwise(versions):
            until = one.in_force_until
            if until is None or until >= other.in_force_from:
                yield (
                    f"{one.id}.in_force_until",
                    Text(
                        f"{other.id} 自 {other.in_force_from} 起生效，两个版本重叠",
                        f"{other.id} is in force from {other.in_force_from}: the two overlap",
                    ),
                )
            elif (other.in_force_from - until).days > 1:
                yield (
                    f"{other.id}.in_force_from",
                    Text(
                        f"{one.id} 在 {until} 之后失效，其间没有版本生效",
                        f"{one.id} ended on {until}: none is in force between",
                    ),
                )


def _clocks(book: Rulebook) -> Iterator[Advice]:
    for name, clock in book.clocks.items():
        for doubt in book.doubts(clock):
            yield f"clocks.{name}", doubt
        waits = clock.duty == "body" and clock.on_due == "breach"
        if waits and not clock.reminders:
            yield (
                f"clocks.{name}.reminders",
                Text("到期前不会提醒经办人", "no officer is reminded before it is due"),
            )


# The effects that leave a mark without being named after it.
LEAVES = {"ask-recusal": ("recusal-asked", "recusal-upward"), "keep-prior": ("refused-for",)}


def _articles(book: Rulebook) -> Iterator[Advice]:
    cited = {clock.article for clock in book.clocks.values()} | {row.article for row in book.rows}
    cited |= {choice.article for choices in book.choices.values() for choice in choices}
    for name in book.articles:
        if name not in cited:
            yield (
                f"articles.{name}",
                Text("没有步骤、期限或者选项引用它", "no move, clock or choice cites it"),
            )


def _dead_rows(book: Rulebook) -> Iterator[Advice]:
    effects = {effect for row in book.rows for effect in row.effects}
    left = {effect.partition(":")[2] for effect in effects if effect.partition(":")[0] != "unmark"}
    left |= {mark for effect in effects for mark in LEAVES.get(effect, ())}
    for number, row in enumerate(book.rows, start=1):
        key = f"moves[{number}] ({row.verb})"
        for name in row.when:
            if not name.startswith("!") and name not in left:
                yield (
                    f"{key}.when",
                    Text(
                        f"没有步骤留下“{name}”，这一行永远不会适用",
                        f"no move leaves {name!r}: this row never applies",
                    ),
                )
        for guard in row.guards:
            if guard in NEEDS and not NEEDS[guard] & effects:
                yield (
                    f"{key}.guards",
                    Text(
                        f"没有步骤使“{guard}”成立，这一行永远不会适用",
                        f"no move makes {guard!r} true: this row never applies",
                    ),
                )


def _way(book: Rulebook) -> Iterator[Advice]:
    happens = {VERBS[row.verb] for row in book.rows} | {f"={row.to}" for row in book.rows if row.to}
    for number, step in enumerate(book.way, start=1):
        if not step.reached & happens:
            yield f"way[{number}]", Text("这一环节永远到不了", "this stage of the way is never reached")


def _kept_for_good(book: Rulebook) -> Iterator[Advice]:
    for kind in book.lodged_kinds:
        if kind not in book.retention:
            yield (
                f"retention.{kind}",
                Text("没有规定保管期限，将永远保存", "no time is set: it is kept for good"),
            )


def described(row: Row) -> str:
    """A row in one line: enough to find it again."""
    limits = [*sorted(row.held_by), *sorted(row.kinds), *sorted(row.target), *row.when]
    return f"{row.verb} [{row.article}]" + (f" ({', '.join(limits)})" if limits else "")
