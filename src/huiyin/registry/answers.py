"""Keeps what can be searched of published answers: written in the transaction that publishes or takes down.

Answers are problems that a body took up, what came of a question, and opinions where the law has them
published. The words are cut and judged as those of petitions are: no name and no number is among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from huiyin.reading import mask, tokens
from huiyin.registry import law
from huiyin.registry.answer_words import AnswerWords
from huiyin.registry.models import Body, Problem, Publication, Question
from huiyin.registry.problems import PUBLIC

PROBLEM, OPINION, QUESTION = "problem", "opinion", "question"
A_BATCH = 500


def problem(each: Problem) -> None:
    """A problem as it stands now: taken up, planned, done, or dismissed."""
    if each.state not in PUBLIC:
        _forget(PROBLEM, [each.pk])
        return
    _keep(PROBLEM, str(each.pk), each.body, day_of(each), problem_texts(each))


def day_of(each: Problem) -> date:
    """When its body last said something about it."""
    return each.done_on or each.planned_on or each.decided_on or each.found_on


def problem_texts(each: Problem) -> list[str]:
    return [each.title, each.place, each.broken, each.plan, each.outcome]


def question(each: Question) -> None:
    """A question, once what came of it is published."""
    if each.answered_at is not None:
        _keep(QUESTION, each.code, each.body, law.at(each.answered_at)[1], question_texts(each))


def question_texts(each: Question) -> list[str]:
    return [each.asks, each.why, each.outcome]


def opinion(each: Publication) -> None:
    """An opinion that was published; `taken_down` forgets it."""
    _keep(OPINION, str(each.pk), each.body, each.published_on, [each.text])


def taken_down(found: Iterable[int]) -> None:
    """Opinions that are published no more, by number."""
    _forget(OPINION, found)


def words(texts: Iterable[str]) -> str:
    """The tokens of these texts in a row, without whatever names or reaches somebody."""
    said = "\n".join(texts)
    return f" {' '.join(tokens.indexed(said, mask.certain(said)))} "


def _keep(kind: str, page: str, body: Body, on: date, texts: Iterable[str]) -> None:
    AnswerWords.objects.update_or_create(
        kind=kind, page=page, defaults={"body": body, "on": on, "words": words(texts)}
    )


def _forget(kind: str, pages: Iterable[int]) -> None:
    AnswerWords.objects.filter(kind=kind, page__in=[str(page) for page in pages]).delete()


# ---- what was there before the rows were


def catch_up() -> int:
    """Keep some of those that have no row yet; answer how many. 0: there are no more."""
    problems = Problem.objects.filter(~_has(PROBLEM, "pk"), state__in=PUBLIC).select_related("body")
    asked = Question.objects.filter(~_has(QUESTION, "code"), answered_at__isnull=False).select_related("body")
    opinions = Publication.objects.filter(~_has(OPINION, "pk"), withdrawn_on=None).select_related("body")
    made = 0
    for each in problems[:A_BATCH]:
        problem(each)
        made += 1
    for one in asked[:A_BATCH]:
        question(one)
        made += 1
    for published in opinions[:A_BATCH]:
        opinion(published)
        made += 1
    return made


def _has(kind: str, name: str) -> Exists:
    page = Cast(OuterRef(name), CharField())
    return Exists(AnswerWords.objects.filter(kind=kind, page=page))


def begin_anew() -> None:
    """Empty the rows, after which `catch_up` fills them: when the rules of masking have changed."""
    AnswerWords.objects.all().delete()
