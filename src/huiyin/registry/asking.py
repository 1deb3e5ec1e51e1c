"""Questions to the public (人民建议征集, art. 29): a body asks, suggestions answer, each is answered back.

Each suggestion gets its own reasoned answer like any other. What came of the question as a whole is published
in the body's words, with numbers that are left out where they are so small that they would point at somebody.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.core.vocabulary import VERBS
from huiyin.registry import answers, keeping, keys
from huiyin.registry.models import Entry, Officer, Petition, Question

FEWEST = 5  # a number below this is not published: too few to hide among
ADOPTIONS = ("full", "part", "none")
FIELDS = ("asks", "why", "opens_on", "closes_on")
CODE_LETTERS = 8

ENDED = Text("截止日期已过", "the last day is over")
BACKWARDS = Text("截止日期早于开始日期", "the last day lies before the first")
ASKED = Text(
    "征集已经开始，题目不能再改；需要改的，请另行征集",
    "the question is open and stays as it is; ask another one instead",
)
EARLIER = Text("征集开始后，截止日期只能推后", "once it is open, the last day can only be put off")
STILL_OPEN = Text("征集截止后才能公布结果", "what came of it is published after the last day")
WAITING = Text(
    "还有{n}件建议没有答复；请先逐件答复",
    "{n} suggestions wait for their own answer; answer each of them first",
)
SAY_WHAT = Text("请写明采纳了什么、没有采纳什么以及为什么", "say what was adopted, what was not, and why")
ANSWERED = Text("结果已经公布", "what came of it is published already")


def _refused(reason: Text, field: str = "") -> Refusal:
    return Refusal("asking", reason, "29.3", {field: reason} if field else {})


def open_ones(day: date) -> QuerySet[Question]:
    """The questions that anybody may answer now."""
    rows = Question.objects.filter(opens_on__lte=day, closes_on__gte=day, body__active=True)
    return rows.select_related("body")


def public(day: date) -> QuerySet[Question]:
    """Every question that has been opened: those that are open, and those with what came of them."""
    return Question.objects.filter(opens_on__lte=day).select_related("body").order_by("-closes_on", "-id")


def answerable(code: str, day: date) -> Question | None:
    """The open question of that code."""
    return open_ones(day).filter(code=code).first() if code else None


def save(question: Question, *, by: Officer, today: date, now: datetime) -> Refusal | None:
    """Ask a question, or change one that is not open yet."""
    before = Question.objects.filter(pk=question.pk).first() if question.pk else None
    if question.closes_on < question.opens_on:
        return _refused(BACKWARDS, "closes_on")
    if question.closes_on < today:
        return _refused(ENDED, "closes_on")
    if before is not None and before.opens_on <= today:
        if any(getattr(before, f) != getattr(question, f) for f in ("asks", "why", "opens_on")):
            return _refused(ASKED, "asks")
        if question.closes_on < before.closes_on:
            return _refused(EARLIER, "closes_on")
    changed = {
        f: [str(getattr(before, f)) if before else "", str(getattr(question, f))]
        for f in FIELDS
        if before is None or getattr(before, f) != getattr(question, f)
    }
    if before is None:
        question.asked_at = now
        question.code = keys.draw(CODE_LETTERS).lower()
    with transaction.atomic():
        question.save()
        if changed:
            did = "question-changed" if before else "question-asked"
            keeping.write_down(did, by, now, body=question.body.code, changed=changed)
    return None


def waiting(question: Question) -> int:
    """How many of its suggestions have no answer of their own yet."""
    answered = Entry.objects.filter(event=VERBS["answer-suggestion"]).values("petition")
    lodged = Petition.objects.filter(suggested__question=question, is_open=True)
    return lodged.exclude(pk__in=answered).count()


def publish(question: Question, outcome: str, *, by: Officer, today: date, now: datetime) -> Refusal | None:
    """Say what came of it; the numbers stay as they stood then."""
    if question.answered_at is not None:
        return _refused(ANSWERED)
    if question.closes_on >= today:
        return _refused(STILL_OPEN)
    if not outcome.strip():
        return _refused(SAY_WHAT, "outcome")
    if left := waiting(question):
        return _refused(WAITING.format(n=left))
    question.outcome, question.answered_at = outcome.strip(), now
    question.tally = tally(question)
    with transaction.atomic():
        question.save(update_fields=["outcome", "answered_at", "tally"])
        answers.question(question)
        keeping.write_down("question-answered", by, now, body=question.body.code)
    return None


def tally(question: Question) -> dict[str, int | None]:
    """How many were adopted, in part, not: None where there are so few that a number would say too much.

    No total is given: with it, one number that is left out could be reckoned from the others.
    """
    answers = Entry.objects.filter(
        Q(event=VERBS["answer-suggestion"]), petition__suggested__question=question
    ).order_by("seq")
    last = {entry.petition_id: entry.contents.get("adoption", "") for entry in answers}
    counted = Counter(last.values())
    return {code: counted[code] if counted[code] >= FEWEST else None for code in ADOPTIONS}
