"""The yearly assessment of a body is issued, objected to and decided on, each by somebody else.

Every step stands in the public log and in the record of changes; what was issued, said and decided is never
changed. Nobody judges their own case (charter 6): who serves at the body neither issues nor decides, and who
issued does not decide.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from huiyin.core import assessment, contents, measures
from huiyin.core.assessment import Assessed
from huiyin.core.formula import Formula
from huiyin.core.measures import Record
from huiyin.core.refusal import FIELD_REASONS, Refusal, refuse
from huiyin.core.rulebook import by_id
from huiyin.core.text import Text
from huiyin.registry import access, assessing, assessment_log, inclusion, keeping, law
from huiyin.registry.access import Acting
from huiyin.registry.assessments import DECISIONS, DISMISSED, UPHELD, Assessment, Decision, Objection
from huiyin.registry.models import Body

REASONS_LENGTH = 2000
OWN_BODY = Text("您在这个单位任职，不能作这一步", "you serve at that body: somebody else has to do this")
OWN_STEP = Text(
    "考核由您发出或者异议由您提出，须由另一人决定",
    "you issued it or objected to it: somebody else has to decide",
)
NOT_OVER = Text("这一年还没有结束", "that year is not over yet")
NOTHING_OWED = Text("这一年没有可以计算的事项", "nothing was owed in that year that could be assessed")


def issued(year: int) -> dict[str, Assessment]:
    """By code of the body, what was issued of that year, with what was objected and decided."""
    found = Assessment.objects.filter(year=year).select_related("body", "issued_by")
    found = found.select_related(
        "objection__decision", "objection__made_by", "objection__decision__decided_by"
    )
    return {each.body.code: each for each in found}


def of_desk(acting: Acting) -> QuerySet[Assessment]:
    found = Assessment.objects.filter(body__in=assessing.assessed(acting).values("pk"))
    return found.select_related("body", "issued_by")


def serves_there(acting: Acting, body: Body) -> bool:
    """Whether they work at the body, or at one below it."""
    return any(each.path.startswith(body.path) for each in acting.bodies.values())


def may_issue(acting: Acting, body: Body, year: int) -> Refusal | None:
    article = _article(acting)
    if not Body.objects.filter(access.supervised_by(acting), pk=body.pk).exists():
        return refuse("not-found", article)
    if serves_there(acting, body):
        return Refusal("wrong-role", OWN_BODY, article)
    return None if year < acting.day.year else Refusal("contents", NOT_OVER, article)


def issue(
    acting: Acting, body: Body, year: int, now: datetime, at: datetime | None = None
) -> Assessment | Refusal:
    """Fix what the year came to, with the counts that it rests on and the head of the log at that moment.

    at: when it is said to have happened, where that is not now; the public log says both.
    """
    refused = may_issue(acting, body, year)
    if refused:
        return refused
    book = law.in_force(acting.day)
    made = assessing.records([body], year, acting.day)[body.code]
    if book.assessment is None or (came := assessment.assess(book.assessment, made)).value is None:
        return Refusal("contents", NOTHING_OWED, _article(acting))
    head = inclusion.published()
    try:
        with transaction.atomic():
            kept = Assessment.objects.create(
                body=body,
                year=year,
                rulebook=book.id,
                formula=book.assessment.as_json(),
                record=read_by(book.assessment, made),
                points=Decimal(round(100 * came.value)) / 100,
                log_size=head.tree.size if head else 0,
                log_root=head.tree.root.hex() if head else "",
                object_by=acting.day + timedelta(days=book.spans["assessment-objection"].days),
                issued_at=at or now,
                issued_by=acting.officer,
            )
            assessment_log.enter(kept, now)
            keeping.write_down("assessment-issued", acting.officer, at or now, body=body.code, year=year)
    except IntegrityError:
        return refuse("moved-meanwhile", _article(acting))
    return kept


def may_object(acting: Acting, kept: Assessment | None) -> bool:
    """Whether this officer, as head of the body, can object now."""
    if kept is None or objection_of(kept) or kept.body.code not in acting.codes({"head"}):
        return False
    return acting.day <= kept.object_by


def object_to(
    kept: Assessment,
    item: str,
    reasons: str,
    *,
    acting: Acting,
    now: datetime,
    at: datetime | None = None,
) -> Objection | Refusal:
    """The head of the body objects to one item, while its term runs."""
    article = _article(acting)
    if kept.body.code not in acting.codes({"head"}):
        return refuse("not-found", article)
    if acting.day > kept.object_by:
        return refuse("term-over", article, due=kept.object_by)
    if item not in {each.name for each in formula_of(kept).items}:
        return _wrong("item", FIELD_REASONS["choice"], article)
    if why := _reasons(reasons):
        return _wrong("reasons", why, article)
    days = law.in_force(acting.day).spans["assessment-decision"].days
    try:
        with transaction.atomic():
            made = Objection.objects.create(
                assessment=kept,
                item=item,
                reasons=reasons.strip(),
                made_at=at or now,
                made_by=acting.officer,
                decide_by=acting.day + timedelta(days=days),
            )
            assessment_log.enter(kept, now)
            did = "assessment-objected"
            keeping.write_down(did, acting.officer, at or now, body=kept.body.code, year=kept.year, item=item)
    except IntegrityError:
        return refuse("moved-meanwhile", article)
    return made


def waits_for(acting: Acting, objection: Objection | None) -> bool:
    """Whether it is this officer who can decide on it now."""
    return objection is not None and not decision_of(objection) and may_decide(acting, objection) is None


def may_decide(acting: Acting, objection: Objection) -> Refusal | None:
    """Somebody who supervises the body, does not serve there, and had no hand in it."""
    kept = objection.assessment
    if not Body.objects.filter(access.supervised_by(acting), pk=kept.body_id).exists():
        return refuse("not-found", _article(acting))
    if serves_there(acting, kept.body):
        return Refusal("wrong-role", OWN_BODY, _article(acting))
    if acting.officer.pk in {kept.issued_by_id, objection.made_by_id}:
        return Refusal("wrong-role", OWN_STEP, _article(acting))
    return None


def decide(
    objection: Objection,
    decided: str,
    reasons: str,
    *,
    acting: Acting,
    now: datetime,
    at: datetime | None = None,
) -> Decision | Refusal:
    """Decide on an objection, with reasons. Where it is right, its item is left out."""
    article = _article(acting)
    if refused := may_decide(acting, objection):
        return refused
    if decided not in dict(DECISIONS):
        return _wrong("decided", FIELD_REASONS["choice"], article)
    if why := _reasons(reasons):
        return _wrong("reasons", why, article)
    kept = objection.assessment
    try:
        with transaction.atomic():
            made = Decision.objects.create(
                objection=objection,
                decided=decided,
                reasons=reasons.strip(),
                decided_at=at or now,
                decided_by=acting.officer,
            )
            assessment_log.enter(kept, now)
            keeping.write_down(
                "assessment-decided",
                acting.officer,
                at or now,
                body=kept.body.code,
                year=kept.year,
                item=objection.item,
                decided=str(TOLD[decided]),
            )
    except IntegrityError:
        return refuse("moved-meanwhile", article)
    return made


TOLD = {UPHELD: Text("成立", "upheld"), DISMISSED: Text("不成立", "dismissed")}


def _reasons(words: str) -> Text | None:
    if not words.strip():
        return FIELD_REASONS["required"]
    too_long = len(words) > REASONS_LENGTH or not contents.is_keepable(words)
    return FIELD_REASONS["too-long"] if too_long else None


def _wrong(name: str, why: Text, article: str) -> Refusal:
    return Refusal("contents", why, article, {name: why})


def _article(acting: Acting) -> str:
    under = law.in_force(acting.day).assessment
    return under.article if under else "house"


# ---- as it is kept


def read_by(under: Formula, made: Record) -> dict[str, dict[str, int]]:
    """What the formula reads of a record, and no more."""
    wanted = {measures.TERM + name for item in under.items for name in item.clocks}
    wanted |= {assessment.SOLVED, assessment.HIDDEN, assessment.FALSE_DATES}
    wanted |= {measures.SUPERVISIONS, measures.RECEPTIONS}
    return {
        name: {str(key): n for key, n in sorted(table.items(), key=str) if n}
        for name, table in sorted(made.tables.items())
        if name in wanted
    }


def formula_of(kept: Assessment) -> Formula:
    """The formula as it was when the assessment was issued; its words are those of its rulebook."""
    return Formula.from_json(kept.formula, by_id(kept.rulebook).assessment)


def came_to(kept: Assessment) -> Assessed:
    """What it comes to now: under its own formula and counts, without what an objection took out."""
    made = Record({name: measures.Table(table) for name, table in kept.record.items()})
    return assessment.assess(formula_of(kept).without(left_out(kept)), made)


def objection_of(kept: Assessment | None) -> Objection | None:
    return getattr(kept, "objection", None)


def decision_of(objection: Objection | None) -> Decision | None:
    return getattr(objection, "decision", None)


def left_out(kept: Assessment | None) -> set[str]:
    """The items that a decision took out."""
    objection = objection_of(kept)
    decision = decision_of(objection)
    return {objection.item} if objection and decision and decision.decided == UPHELD else set()
