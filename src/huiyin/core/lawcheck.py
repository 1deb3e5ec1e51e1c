"""Refuses a rulebook whose parts are sound but contradict one another, or leave somebody without a way.

A petition must be able to get in, to reach an end from everywhere, and never meet two rows that both apply;
every article that is cited must be told; and no row may ask for what nobody says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from huiyin.core import aid, lawassess, lawbetween, lawletters
from huiyin.core import vocabulary as words
from huiyin.core.conditions import CARRY_OUT, READS, TASK_EFFECTS
from huiyin.core.rulebook import BrokenRulebook, Row, Rulebook


def check(book: Rulebook, file: str) -> None:
    """Raise BrokenRulebook for the first thing that is wrong."""
    for key, what in _wrongs(book):
        raise BrokenRulebook(file, key, what)


def _wrongs(book: Rulebook) -> Iterator[tuple[str, str]]:
    """What is wrong, as (key, what)."""
    if book.in_force_until is not None and book.in_force_until < book.in_force_from:
        yield "rulebook.in_force_until", "lies before in_force_from"
    for name in book.absent:
        if name in book.clocks:
            yield f"absent.{name}", "this law has a clock of that name"
    for name, source in book.sources.items():
        if source.basis == "local" and not source.check.en:
            yield (
                f"sources.{name}.check",
                "a local law says what is to be checked before anybody relies on it",
            )
    for choice in book.choices.get("task_kinds", ()):
        if choice.code not in words.TASK_KINDS:
            yield (
                "choices.task_kinds",
                f"{choice.code!r} is none of {', '.join(words.TASK_KINDS)} (charter 4)",
            )
    yield from _untold_articles(book)
    for row, key in _keyed(book):
        yield from _of_row(book, row, key)
    yield from _ambiguous(book)
    yield from _clocks_never_started(book)
    yield from aid.wrongs(book.aid)
    yield from _proposed(book)
    yield from _no_way(book)
    yield from lawletters.wrongs(book)
    yield from lawbetween.wrongs(book)
    yield from lawassess.wrongs(book)


def _keyed(book: Rulebook) -> Iterator[tuple[Row, str]]:
    return ((row, f"moves[{i}] ({row.verb})") for i, row in enumerate(book.rows, start=1))


# ---- articles


def _cited(book: Rulebook) -> Iterator[tuple[str, str]]:
    for name, clock in book.clocks.items():
        yield f"clocks.{name}.article", clock.article
    for name, choices in book.choices.items():
        for i, choice in enumerate(choices, start=1):
            yield f"choices.{name}[{i}].article", choice.article
    for row, key in _keyed(book):
        yield f"{key}.article", row.article
    for trigger in book.triggers:
        yield f"triggers.{trigger.name}.article", trigger.article
    for name, proposal in book.aid.proposals.items():
        yield f"proposals.{name}.article", proposal.article
    yield from lawbetween.cited(book)
    yield from lawassess.cited(book)


def _proposed(book: Rulebook) -> Iterator[tuple[str, str]]:
    """What the aid proposes can be done, under a class and route that the law has."""
    known = {choice.code for choice in book.choices.get("class-routes", ())}
    for name, proposal in book.aid.proposals.items():
        if not book.rows_of(proposal.verb):
            yield f"proposals.{name}.verb", f"this law has no move {proposal.verb!r}"
        if proposal.verb == "classify" and name not in known:
            yield f"proposals.{name}", "is none of choices.class-routes"


def _untold_articles(book: Rulebook) -> Iterator[tuple[str, str]]:
    """Charter 9: each deadline and each move shows the article it comes from, so its text must be there."""
    for key, article in _cited(book):
        if article and article not in book.articles:
            yield key, f"article {article} has no text under [articles]"


# ---- one row


def _of_row(book: Rulebook, row: Row, key: str) -> Iterator[tuple[str, str]]:
    if row.verb == "lodge":
        yield from _of_lodging(row, key)
    elif not row.sources:
        yield f"{key}.from", "names no state in which this move may be made"
    yield from _of_target(row, key)
    said = {content.name for content in row.contents if content.required}
    for need, word in _needs(book, row):
        if need not in said:
            yield f"{key}.contents", f"{word!r} reads what {need!r} says: it must be a required content"
    if "all-requests-answered" in row.guards and not any(
        content.answers_requests and content.required for content in row.contents
    ):
        yield f"{key}.contents", "'all-requests-answered' needs required rows with 'request' and 'view'"
    for name in row.resumes:
        if not any(name in other.pauses for other in book.rows):
            yield f"{key}.resumes", f"no move ever pauses {name!r}"


def _of_lodging(row: Row, key: str) -> Iterator[tuple[str, str]]:
    # Whoever lodges makes no move yet: what they say is the petition, and nothing may stand against it.
    for name, given in (("from", row.sources), ("guards", row.guards), ("contents", row.contents)):
        if given:
            yield f"{key}.{name}", "a 'lodge' row has none"
    if not row.to:
        yield f"{key}.to", "must name the first state"


def _of_target(row: Row, key: str) -> Iterator[tuple[str, str]]:
    named = [content.required for content in row.contents if content.type == "body"]
    # Whoever asks the next higher body may name which (art. 35); what they name is no target of their own.
    chosen = "to-superior" in row.effects and named == [False] and not row.target
    if bool(row.target) != bool(named) and not chosen:
        yield f"{key}.target", "a move has a target exactly when its contents name a body"
    if "to-target" in row.effects and not row.target:
        yield f"{key}.effects", "'to-target' needs a target"
    for effect in ("to-superior", "hand-up"):
        if effect in row.effects and "next-higher-body" not in row.guards:
            yield f"{key}.effects", f"{effect!r} needs the guard 'next-higher-body'"


def _needs(book: Rulebook, row: Row) -> Iterator[tuple[str, str]]:
    """The contents that the guards, effects and clocks of a row read."""
    for word in (*row.guards, *row.effects):
        if word in READS:
            yield READS[word], word
        if word.startswith("keep:"):
            yield word.partition(":")[2], word
    for name in row.starts:
        if book.clocks[name].unit == "set":
            yield book.clocks[name].set_by, name
        if book.clocks[name].follows:
            yield "days", name


# ---- all rows together


def _ambiguous(book: Rulebook) -> Iterator[tuple[str, str]]:
    """Two rows of one verb that both apply: which of them is the law would depend on their order."""
    for (one, _), (other, key) in combinations(_keyed(book), 2):
        if one.verb == other.verb and _meet(book, one, other):
            yield key, "another row of this verb fits the same state, kind of body, class and target"


def _meet(book: Rulebook, one: Row, other: Row) -> bool:
    state = one.verb == "lodge" or any(book.covers(s, one) and book.covers(s, other) for s in book.states)
    both = (
        (one.held_by, other.held_by),
        (one.kinds, other.kinds),
        (one.target, other.target),
    )
    # An empty set is all of them; a mark that one row asks for and the other forbids keeps them apart.
    opposed = any(f"!{name}" in other.when for name in one.when) or any(
        f"!{name}" in one.when for name in other.when
    )
    return state and not opposed and all(not a or not b or a & b for a, b in both)


def _clocks_never_started(book: Rulebook) -> Iterator[tuple[str, str]]:
    started = {name for row in book.rows for name in row.starts}
    if any(TASK_EFFECTS & set(row.effects) for row in book.rows):
        started.add(CARRY_OUT)  # by each dated task
    for name, rule in book.clocks.items():
        if name not in started and rule.beside not in started:
            yield f"clocks.{name}", "no move ever starts this clock"


def _no_way(book: Rulebook) -> Iterator[tuple[str, str]]:
    """A way in, a way out of every state, and no state that cannot be reached."""
    firsts = {row.to for row in book.rows_of("lodge")}
    if not firsts:
        yield "moves", "no 'lodge' row: nothing can ever be lodged"
        return
    after = {name: _next(book, name) for name in book.states}
    for name in sorted(set(book.states) - _closure(firsts, after)):
        yield f"states.{name}", "cannot be reached from 'lodge'"
    # Withdrawing is open from everywhere and so proves nothing: each state needs an end of its own.
    own = {name: {r.to for r in book.rows if r.to and name in r.sources} for name in book.states}
    for name, state in book.states.items():
        if state.open and all(book.states[s].open for s in _closure({name}, own)):
            yield f"states.{name}", "no end can be reached from here"


def _next(book: Rulebook, state: str) -> set[str]:
    return {r.to for r in book.rows if r.to and r.verb != "lodge" and book.covers(state, r)}


def _closure(firsts: set[str], after: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = list(firsts)
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo.extend(after.get(state, ()))
    return seen
