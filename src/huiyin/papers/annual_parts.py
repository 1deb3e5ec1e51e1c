"""The sections of the annual report: each a function that gives its blocks, in the order of art. 41.1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, Sum

from huiyin.core import assessment, measures
from huiyin.core.correspondence import ADOPTED
from huiyin.core.counts import column, shown
from huiyin.core.formula import TERMS
from huiyin.core.intervals import SAID_OF, Share
from huiyin.core.rulebook import Rulebook
from huiyin.core.text import MONTHS, Text
from huiyin.papers.annual_words import METHOD, WORDS
from huiyin.papers.blocks import Bar, Block, Heading, Para, Plot, Table
from huiyin.papers.sheet import COLON
from huiyin.reading import mask
from huiyin.registry import assessing, assessment_steps, extensions, law, measured
from huiyin.registry.assessments import Assessment
from huiyin.registry.models import BodyLetter, Problem, TopicOutcome
from huiyin.registry.problems import DONE, PUBLIC
from huiyin.registry.watched import Watched
from huiyin.registry.yearly import OfBody, Year
from huiyin.site import articles, assessed
from huiyin.site import measured as told
from huiyin.site.templatetags.huiyin_words import day as said_day

MOST = 10  # bodies
HANDLING = "handling"
POLICY, SAID_AT_MOST = "improve-policy", 300


@dataclass(frozen=True)
class Source:
    """What all sections are made from."""

    watched: Watched
    year: int
    language: str
    made: Year

    def word(self, name: str) -> str:
        return WORDS[name].say(self.language)

    def words(self, *names: str) -> tuple[str, ...]:
        return tuple(self.word(name) for name in names)

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def cited(self, article: str) -> Text:
        return articles.cite(article, self.book.id)

    @cached_property
    def book(self) -> Rulebook:
        return law.in_force(self.watched.day)

    @cached_property
    def lines(self) -> list[told.Line]:
        record = measured.of(self.watched, self.year)
        return told.lines(measures.of_law(self.book), record, self.book)

    @cached_property
    def kept(self) -> dict[tuple[str, int, str], measures.Table]:
        return measured.kept(self.watched, self.year)

    @cached_property
    def problems(self) -> list[Problem]:
        """Those that the public sees, of the bodies reported on."""
        mine = Problem.objects.filter(body__in=self.watched.bodies.values("pk"), state__in=PUBLIC)
        this_year = Q(found_on__year=self.year) | Q(decided_on__year=self.year) | Q(done_on__year=self.year)
        return list(mine.filter(this_year).select_related("body").order_by("-done_on", "-petitions", "id"))

    def share(self, *, body: str = "", month: int = 0, term: str = "") -> Share:
        """In time, of the terms of the law that were due: of a body, a month, one term, or of all."""
        sums: Counter[measures.Key] = Counter()
        for (whose, began, name), table in self.kept.items():
            if body in {"", whose} and month in {0, began} and term in {"", name}:
                sums += table
        return Share(sums["met"], sum(sums[stands] for stands in measures.OVER))


def sure(share: Share) -> tuple[str, str, str]:
    """The share, its interval and its whole as they are said; dashes for too few."""
    if share.whole < SAID_OF:
        return "–", "–", str(shown(share.whole))
    low, high = share.interval
    return told.percent(share), f"{100 * low:.0f}–{100 * high:.0f}%", str(share.whole)


def in_short(source: Source) -> Iterator[Block]:
    yield Heading(source.word("in_short"))
    numbers = [n for n in source.made.classes.values() if isinstance(n, int)]
    whole = len(numbers) == len(source.made.classes)
    number = (
        WORDS["number_of" if whole else "at_least"].format(n=sum(numbers)) if sum(numbers) else WORDS["few"]
    )
    share, within, of = sure(source.share(term=HANDLING))
    said = WORDS["no_answers" if share == "–" else "answered"]
    yield Para(source.say(said.format(number=number, share=share, sure=within, of=of)))
    done = sum(1 for each in source.problems if each.done_on and each.done_on.year == source.year)
    yield Para(source.say(WORDS["fixed_short"].format(n=done)))
    yield Para(source.word("right"))


def lodged(source: Source) -> Iterator[Block]:
    yield Heading(source.word("lodged"))
    rows = tuple((source.word(kind), str(n)) for kind, n in source.made.classes.items())
    yield Table(source.word("classes"), source.words("class", "how_many"), rows, frozenset({1}), (3, 1))
    yield Para(source.say(WORDS["from_record"].format(article=source.cited("41.1(1)"))), note=True)
    subjects = _subjects(source) if source.watched.whole else []
    if subjects:
        yield Table(
            source.word("subjects"),
            source.words("subject", "how_many"),
            tuple(subjects),
            frozenset({1}),
            (3, 1),
        )
        yield Para(source.word("subjects_note"), note=True)
    else:
        yield Para(source.word("no_subjects"), note=True)


def _subjects(source: Source) -> list[tuple[str, str]]:
    """Most frequent first; decided subjects are counted for the whole house, and by no body."""
    first, last = date(source.year, 1, 1), date(source.year, 12, 31)
    decided = TopicOutcome.objects.filter(month__range=(first, last)).exclude(decided="").order_by()
    found = list(decided.values("decided").annotate(n=Sum("petitions")).order_by("-n", "decided"))
    said = column([row["n"] for row in found])
    return [(row["decided"], str(n)) for row, n in zip(found, said, strict=True) if isinstance(n, int)]


def bodies(source: Source) -> Iterator[Block]:
    yield Heading(source.word("bodies"))
    said = [each for each in source.made.bodies if isinstance(each.dealt_with, int) and each.dealt_with]
    most = sorted(said, key=lambda each: (-int(each.dealt_with), each.body.path))[:MOST]
    heads = source.words("body", "dealt", "answers", "in_time", "sure", "missed", "carried")
    if most:
        rows = tuple(_of_body(source, each) for each in most)
        yield Table(source.word("most"), heads, rows, frozenset(range(1, 7)), (5, 2, 2, 2, 3, 2, 2))
    else:
        yield Para(source.word("none"))
    yield Para(source.say(WORDS["bodies_note"].format(article=source.cited("41.1(1)"))), note=True)
    yield from _months(source)


def _of_body(source: Source, each: OfBody) -> tuple[str, ...]:
    share, within, _ = sure(source.share(body=each.body.code))
    return (
        *(source.say(each.body.name), str(each.dealt_with), str(each.answers), share, within),
        *(str(each.missed), str(each.carried_out)),
    )


def _months(source: Source) -> Iterator[Block]:
    shares = {month: source.share(month=month, term=HANDLING) for month in range(1, 13)}
    told_of = {month: share for month, share in shares.items() if share.whole >= SAID_OF}
    if len(told_of) < 2:
        return
    names = {month: source.say(Text(f"{month}月", MONTHS[month - 1][:3])) for month in told_of}
    bars = tuple(bar(names[month], share) for month, share in told_of.items())
    yield Plot(source.word("months"), source.word("months_alt"), bars)
    rows = tuple((names[month], *sure(share)) for month, share in told_of.items())
    heads = source.words("month", "in_time", "sure", "of")
    yield Table(source.word("months"), heads, rows, frozenset({1, 2, 3}))


def bar(name: str, share: Share) -> Bar:
    low, high = share.interval
    return Bar(name, 100 * share.part / max(share.whole, 1), 100 * low, 100 * high)


def sent_on(source: Source) -> Iterator[Block]:
    yield Heading(source.word("sent_on"))
    counted = {**source.made.steps, **source.made.supervision}
    named = [(found[0].text, n) for verb, n in counted.items() if (found := source.book.rows_of(verb))]
    rows = tuple((source.say(text), str(n)) for text, n in named)
    yield Table(source.word("steps"), source.words("step", "times"), rows, frozenset({1}), (3, 1))
    yield Para(source.say(WORDS["from_record"].format(article=source.cited("41.1(2)"))), note=True)


def proposals(source: Source) -> Iterator[Block]:
    if not source.made.proposals:
        return
    yield Heading(source.word("proposals"))
    rows = tuple(
        (
            source.say(each.text),
            *(str(n) for n in (each.sent, *(each.adopted[code] for code in ("full", "part", "none")))),
            str(each.waiting),
        )
        for each in source.made.proposals
    )
    heads = source.words("kind", "sent", "full", "part", "not", "waiting")
    yield Table(source.word("adoption"), heads, rows, frozenset(range(1, 6)), (3, 1, 1, 1, 1, 1))
    yield from _policy(source)
    yield Para(source.say(WORDS["from_record"].format(article=source.cited("41.1(3)"))), note=True)


def _policy(source: Source) -> Iterator[Block]:
    """Each proposal to improve policy with the written answer, names masked (art. 40.4)."""
    letters = source.watched.letters.filter(kind=POLICY, sent_at__year=source.year)
    found = list(
        letters.select_related("answer", "on_problem__problem", "receiver").order_by("sent_at", "id")
    )
    if not found:
        return
    rows = tuple(
        (
            mask.masked(each.problem.title if each.problem else each.text)[:SAID_AT_MOST],
            source.say(each.receiver.name),
            said_day(law.at(each.sent_at)[1]),
            _answer_to(source, each),
        )
        for each in found
    )
    heads = source.words("about", "to", "sent_on_day", "answer")
    yield Table(source.word("policy"), heads, rows, widths=(4, 2, 2, 4))


def _answer_to(source: Source, letter: BodyLetter) -> str:
    answer = getattr(letter, "answer", None)
    if answer is None:
        due = f" ({said_day(letter.term)})" if letter.term else ""
        return source.word("waiting") + due
    why = mask.masked(answer.reasons)[:SAID_AT_MOST]
    return f"{source.say(ADOPTED[answer.adopted])}{COLON.say(source.language)}{why}"


def problems(source: Source) -> Iterator[Block]:
    yield Heading(source.word("problems"))

    def within(day: date | None) -> bool:
        return day is not None and day.year == source.year

    rows = tuple(
        (source.word(name), str(sum(within(getattr(each, of)) for each in source.problems)))
        for name, of in (("found", "found_on"), ("taken", "decided_on"), ("done", "done_on"))
    )
    yield Table(
        source.word("how_many_problems"), source.words("problem", "how_many"), rows, frozenset({1}), (3, 1)
    )
    if source.problems:
        listed = tuple(
            (each.title, each.place or "–", source.say(each.body.name), _standing(source, each))
            for each in source.problems
        )
        heads = source.words("problem", "place", "by", "standing")
        yield Table(source.word("which"), heads, listed, widths=(4, 3, 3, 3))
    yield Para(source.word("problems_note"), note=True)


def _standing(source: Source, problem: Problem) -> str:
    if problem.state == DONE and problem.done_on:
        return source.say(WORDS["is_done"].format(day=said_day(problem.done_on)))
    if problem.plan_by:
        return source.say(WORDS["planned"].format(day=said_day(problem.plan_by)))
    return source.word("no_plan")


def measured_ones(source: Source) -> Iterator[Block]:
    yield Heading(source.word("measures"))
    with_numbers = [line for line in source.lines if line.size]
    judged = [line for line in with_numbers if line.share and line.measure.better]
    if len(judged) > 1:
        bars = tuple(bar(source.say(line.measure.text), line.share) for line in judged if line.share)
        yield Plot(source.word("plot"), source.word("plot_alt"), bars)
    rows = tuple(
        (
            source.say(COLON.join([line.measure.text, value.label]) if value.label.en else line.measure.text),
            *(source.say(value.said), source.say(value.sure) or "–", str(line.size)),
        )
        for line in with_numbers
        for value in line.values
    )
    heads = source.words("measure", "comes_to", "sure", "size")
    yield Table(source.word("measures_caption"), heads, rows, frozenset({3}), (4, 4, 2, 1))
    definitions = tuple(
        (source.say(line.measure.text), source.say(line.measure.formula), source.say(line.measure.never))
        for line in with_numbers
    )
    heads = source.words("measure", "formula", "never")
    yield Table(source.word("definitions"), heads, definitions, widths=(3, 5, 4))


def extended_ones(source: Source) -> Iterator[Block]:
    """Extensions by term and body, with how sure the share is; reasons stay in the notices."""
    names = {body.code: body.name for body in source.watched.bodies}
    rows = tuple(
        (
            *(source.say(source.book.clocks[each.clock].text), source.say(names[each.body])),
            *(str(shown(each.share.part)), *sure(each.share)),
        )
        for each in extensions.of(measured.by_body(source.watched, source.year))
        if each.clock in source.book.clocks
    )
    if rows:
        heads = source.words("term", "by", "extended", "comes_to", "sure", "whole")
        yield Table(source.word("extensions"), heads, rows, frozenset({2, 5}), (3, 3, 1, 1, 2, 1))
        yield Para(source.word("extensions_note"), note=True)


def assessed_ones(source: Source) -> Iterator[Block]:
    """The bodies in the order of the tree: it is no ranking."""
    under = source.book.assessment
    if under is None:
        return
    yield Heading(source.word("assessed"))
    listed = list(source.watched.bodies.filter(active=True, external=False).order_by("path"))
    found = assessing.records(listed, source.year, source.watched.day)
    issued = assessment_steps.issued(source.year)
    rows = []
    for body in listed:
        kept = issued.get(body.code)
        came = assessment_steps.came_to(kept) if kept else assessment.assess(under, found[body.code])
        points = assessed.said(came)
        if points.is_there:
            name = source.say(body.name)
            rows.append((name, points.value, points.sure, str(points.cases), source.word(_step(kept))))
    if rows:
        heads = source.words("body", "points", "sure", "of", "standing")
        yield Table(source.word("points_of"), heads, tuple(rows), frozenset({1, 3}), (5, 1, 2, 1, 3))
    else:
        yield Para(source.word("none"))
    told_of = tuple(
        (
            source.say(item.text),
            f"{-item.points if item.costs else item.points:+d}",
            source.say(TERMS[item.term].formula),
            source.say(source.cited(item.article)),
        )
        for item in under.items
    )
    heads = source.words("item", "points", "formula", "basis")
    yield Table(source.word("formula_of"), heads, told_of, frozenset({1}), (3, 1, 6, 2))
    yield Para(source.say(WORDS["assessed_note"].format(article=source.cited(under.article))), note=True)


def _step(kept: Assessment | None) -> str:
    if kept is None:
        return "not_issued"
    objection = assessment_steps.objection_of(kept)
    if objection is None:
        return "issued"
    return "decided" if assessment_steps.decision_of(objection) else "objected_to"


def method(source: Source) -> Iterator[Block]:
    yield Heading(source.word("method"))
    for text in METHOD:
        yield Para(source.say(text))
