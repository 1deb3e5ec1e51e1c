"""The register of problems at work: found by the clerk from what petitions say, decided by whoever owns it.

A candidate is a group of petitions about one cause, at least k of them in at least three wordings. It is
shown to nobody who may not see k of its petitions. Nothing is keyed to how many came when: no alert, and no
number that is not rounded down to a multiple of k.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.db.models import Q, QuerySet

from huiyin.core.contents import is_keepable
from huiyin.core.counts import SMALL
from huiyin.core.refusal import FIELD_REASONS, Refusal
from huiyin.core.text import Text
from huiyin.reading import labels, mask, places
from huiyin.reading.mask import Span
from huiyin.reading.problems import groups, words_of
from huiyin.registry import access, answers, keeping, masking, resembling
from huiyin.registry.access import Acting
from huiyin.registry.models import Body, CommonWords, Petition, Problem, ProblemMember, Resemblance
from huiyin.registry.problems import ADOPTED, CANDIDATE, DISMISSED, DONE, PLACE, PUBLIC, TITLE, WORDS

FEWEST = SMALL  # k: fewer petitions could point at one of them
WORDINGS = 3  # of the same; copies of one text are one wording
COPY = 0.75  # likeness of two vectors, above which two texts are one wording
LOOKED_BACK = timedelta(days=730)
WEEK = timedelta(days=7)
MONDAY = 0
READ = 50  # petitions of a candidate, of which it is said what they share
DECIDING = ("head", "supervisor")
FIELDS = ("title", "place", "broken", "plan", "plan_by", "outcome")

NAMES_SOMEBODY = Text(
    "这里有人名、电话或者门牌：“{words}”。问题库只写什么坏了、在哪条街哪个小区，不写是谁、哪一户",
    "this names or reaches somebody: “{words}”. A problem says what is broken in which street or compound, "
    "and neither who nor which door",
)
TOO_FINE = Text(
    "“{words}”太细：最细写到街道或者小区，不写哪一栋、哪一单元",
    "“{words}” is too fine: name a street or a compound, and neither the building nor the stair",
)
LABELS_SOMEBODY = Text(
    "“{words}”是给人下判断的词；请只写事情", "“{words}” judges a person; write about the thing alone"
)
PLAN_NEEDS_DAY = Text("写了措施，就请写期限", "a plan needs a day by which it is done")
DAY_NEEDS_PLAN = Text("请写明要做什么", "say what is done by that day")


# ---- found by the clerk


@dataclass(frozen=True, slots=True)
class _Lodged:
    """Of a petition what counts for the register: where it is, and since when."""

    holder: int
    day: date


def refresh(today: date) -> int:
    """Find problems anew from the petitions of two years; answer how many candidates are new."""
    known = _petitions(today)
    pairs = [pair for pair in _pairs() if pair[0] in known and pair[1] in known]
    new = 0
    with transaction.atomic():
        _leave_out_hidden()
        for group in groups(pairs):
            if len(group) >= FEWEST and _wordings(group, pairs) >= WORDINGS:
                new += _keep(group, known, today)
        _count(today)
    return new


def is_due(today: date) -> bool:
    """Whether a week has gone since it was done; where nothing was found yet, on Mondays."""
    last = Problem.objects.aggregate(last=models.Max("refreshed_on"))["last"]
    return today.weekday() == MONDAY if last is None else today - last >= WEEK


def _petitions(today: date) -> dict[int, _Lodged]:
    rows = resembling.readable().filter(lodged_at__date__gte=today - LOOKED_BACK)
    found = rows.values_list("pk", "holder", "lodged_at")
    return {pk: _Lodged(holder, at.date()) for pk, holder, at in found.iterator()}


def _pairs() -> list[tuple[int, int, float]]:
    rows = Resemblance.objects.values_list("pk", "alike")
    return [(pk, other, likeness) for pk, alike in rows.iterator() for other, likeness in alike]


def _wordings(group: Collection[int], pairs: Iterable[tuple[int, int, float]]) -> int:
    """How many texts there are when copies of one another count once."""
    first = {number: number for number in group}

    def root(number: int) -> int:
        while first[number] != number:
            number = first[number]
        return number

    for one, other, likeness in pairs:
        if likeness >= COPY and one in first and other in first:
            first[root(other)] = root(one)
    return len({root(number) for number in group})


def _keep(group: list[int], known: Mapping[int, _Lodged], today: date) -> int:
    """Put a group to the problem that has most of it, or make it a candidate; answer how many were made."""
    there = dict(ProblemMember.objects.filter(petition__in=group).values_list("petition", "problem"))
    if there:
        problem, _ = Counter(there.values()).most_common(1)[0]
        made = 0
    else:
        holder = _most(known[number].holder for number in group)
        problem = Problem.objects.create(
            body_id=holder, since=_month(known[n].day for n in group), found_on=today, refreshed_on=today
        ).pk
        made = 1
    ProblemMember.objects.bulk_create(
        [ProblemMember(petition_id=n, problem_id=problem) for n in group if n not in there]
    )
    return made


def _most(holders: Iterable[int]) -> int:
    """The body that has most of them: until one takes it up, the problem is put to it."""
    return Counter(holders).most_common(1)[0][0]


def _month(days: Iterable[date]) -> date:
    return min(days).replace(day=1)


def _leave_out_hidden() -> None:
    ProblemMember.objects.exclude(petition__in=resembling.readable()).delete()


def _count(today: date) -> None:
    """How many ask, rounded down to a multiple of k; a candidate that has too few is none any more."""
    members: dict[int, list[_Lodged]] = defaultdict(list)
    rows = ProblemMember.objects.values_list("problem", "petition__holder", "petition__lodged_at")
    for problem, holder, at in rows.iterator():
        members[problem].append(_Lodged(holder, at.date()))
    for each in Problem.objects.all():
        asking = members.get(each.pk, [])
        if len(asking) < FEWEST and each.state == CANDIDATE:
            Problem.objects.filter(pk=each.pk).delete()
            continue
        each.petitions = len(asking) // FEWEST * FEWEST
        if asking:
            each.since = min(each.since, _month(lodged.day for lodged in asking))
        if each.state == CANDIDATE:
            each.body_id = _most(lodged.holder for lodged in asking)
        each.refreshed_on = today
        each.save(update_fields=["petitions", "since", "body", "refreshed_on"])


# ---- seen at the desk


def decided_by(acting: Acting) -> QuerySet[Body]:
    """The bodies whose problems this officer decides on: those they head, and those they supervise."""
    headed = Q(code__in=acting.codes({"head"}))
    return Body.objects.filter(headed | access.supervised_by(acting), active=True).order_by("path")


def for_desk(acting: Acting) -> QuerySet[Problem]:
    """What is taken up, and done; of bodies that this officer decides for, also candidates and what was
    dismissed, where they may see at least k of its petitions.
    """
    seen = access.visible_to(acting).values("pk")
    shown = models.Count("members", filter=Q(members__petition__in=seen))
    mine = Q(body__in=decided_by(acting), visible__gte=FEWEST)
    found = Problem.objects.annotate(visible=shown).filter(Q(state__in=PUBLIC) | mine)
    return found.select_related("body")


def may_decide(acting: Acting, problem: Problem) -> bool:
    return decided_by(acting).filter(pk=problem.body_id).exists()


def members_of(problem: Problem, acting: Acting) -> QuerySet[Petition]:
    """Its petitions that this officer handles; which the others are is not said to anybody."""
    mine = _seen_of(problem, acting).filter(holder__in=acting.works_at)
    return mine.select_related("holder").order_by("lodged_at", "pk")


def _seen_of(problem: Problem, acting: Acting) -> QuerySet[Petition]:
    return access.visible_to(acting).filter(asks_about__problem=problem)


@dataclass(frozen=True, slots=True)
class Shared:
    """What at least k petitions of a candidate say: the place that most of them name, and some phrases."""

    place: str = ""
    words: tuple[str, ...] = ()


def shared_by(problem: Problem, acting: Acting) -> Shared:
    """What the petitions that this officer may see have in common, read masked, whoever looks."""
    common = CommonWords.objects.first()
    if common is None:
        return Shared()
    texts = ["。".join(masking.words_of(each)) for each in _seen_of(problem, acting).order_by("-pk")[:READ]]
    named = Counter(place for text in texts for place in places.places(text))
    place = next((name for name, times in named.most_common(1) if times >= FEWEST), "")
    place = places.in_full(place, texts, FEWEST) if place else ""
    return Shared(place, tuple(words_of(texts, common.background, least=FEWEST)))


def first_words(found: Iterable[Problem], acting: Acting) -> dict[int, str]:
    """For candidates, which have no title: the subject of the first petition that this officer may see."""
    wanted = [problem.pk for problem in found if not problem.title]
    seen = access.visible_to(acting).filter(asks_about__problem__in=wanted).select_related("asks_about")
    told: dict[int, str] = {}
    for petition in seen.order_by("lodged_at", "pk"):
        if petition.asks_about.problem_id not in told:
            told[petition.asks_about.problem_id] = masking.subject_for(acting, petition)
    return told


def about(petition: Petition) -> Problem | None:
    """The problem that this petition asks about, once a body has taken it up."""
    return Problem.objects.filter(members__petition=petition, state__in=PUBLIC).select_related("body").first()


# ---- decided


def save(problem: Problem, *, acting: Acting, now: datetime) -> Refusal | None:
    """Take a problem up, or change what is said of it. What it says is public from then on."""
    before = Problem.objects.get(pk=problem.pk)
    if not may_decide(acting, before) or not decided_by(acting).filter(pk=problem.body_id).exists():
        return Refusal("not-found", Text("没有这个问题", "there is no such problem"), "")
    if wrong := dict(_wrong(problem)):
        return Refusal("contents", next(iter(wrong.values())), "", wrong)
    today = acting.day
    if before.state in (CANDIDATE, DISMISSED):
        problem.decided_on, problem.reason = today, ""
    if (before.plan, before.plan_by) != (problem.plan, problem.plan_by):
        problem.planned_on = today if problem.plan else None
    if problem.outcome and not before.outcome:
        problem.done_on = today
    if not problem.outcome:
        problem.done_on = None
    problem.state = DONE if problem.outcome else ADOPTED
    did = "problem-kept" if before.state in PUBLIC else "problem-taken-up"
    _write(before, problem, did, acting, now)
    return None


def dismiss(problem: Problem, reason: str, *, acting: Acting, now: datetime) -> Refusal | None:
    """Say that it is no problem of its own, or none of the body's; the reason is kept."""
    before = Problem.objects.get(pk=problem.pk)
    if not may_decide(acting, before):
        return Refusal("not-found", Text("没有这个问题", "there is no such problem"), "")
    problem.reason = reason.strip()
    wrong = dict(_wrong_words(problem, {"reason": WORDS}, needed=("reason",)))
    if wrong:
        return Refusal("contents", wrong["reason"], "", wrong)
    problem.state, problem.decided_on = DISMISSED, acting.day
    _write(before, problem, "problem-dismissed", acting, now)
    return None


def _write(before: Problem, problem: Problem, did: str, acting: Acting, now: datetime) -> None:
    changed = keeping.difference(before, problem, ("body", "state", *FIELDS, "reason"))
    with transaction.atomic():
        problem.save()
        answers.problem(problem)
        keeping.write_down(did, acting.officer, now, body=problem.body.code, changed=changed)


def _wrong(problem: Problem) -> Iterator[tuple[str, Text]]:
    lengths = {"title": TITLE, "place": PLACE, "broken": WORDS, "plan": WORDS, "outcome": WORDS}
    yield from _wrong_words(problem, lengths, needed=("title", "place", "broken"))
    if problem.plan and not problem.plan_by:
        yield "plan_by", PLAN_NEEDS_DAY
    if problem.plan_by and not problem.plan:
        yield "plan", DAY_NEEDS_PLAN


def _wrong_words(
    problem: Problem, lengths: Mapping[str, int], *, needed: Collection[str]
) -> Iterator[tuple[str, Text]]:
    for name, most in lengths.items():
        words = str(getattr(problem, name)).strip()
        setattr(problem, name, words)
        if not words and name in needed:
            yield name, FIELD_REASONS["required"]
        elif len(words) > most or not is_keepable(words):
            yield name, FIELD_REASONS["too-long" if len(words) > most else "text"]
        elif spans := _of_somebody(words):
            yield name, NAMES_SOMEBODY.format(words="、".join(words[s.start : s.end] for s in spans))
        elif fine := places.finer(words):
            yield name, TOO_FINE.format(words="、".join(fine))
        elif judged := labels.found(words):
            yield name, LABELS_SOMEBODY.format(words="、".join(judged))


def _of_somebody(words: str) -> list[Span]:
    """What names or reaches somebody. What begins like a surname and is, or goes on as, a place, is none."""
    return [
        s
        for s in mask.found(words)
        if s.kind != "name" or not (places.goes_on(words, s.end) or places.is_one(words[s.start : s.end]))
    ]


# ---- published


def public() -> QuerySet[Problem]:
    """What anybody may read: problems that a body has taken up, what most ask about first."""
    return Problem.objects.filter(state__in=PUBLIC).select_related("body")
