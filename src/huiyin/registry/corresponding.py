"""Write letters between bodies, answer them, and say who may read them. No row of them is ever changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from huiyin.core import contents
from huiyin.core.correspondence import ADOPTED, Kind
from huiyin.core.lawbetween import GROUNDS
from huiyin.core.refusal import FIELD_REASONS, Refusal, refuse
from huiyin.core.rulebook import Choice
from huiyin.core.text import Text
from huiyin.registry import access, keys, law
from huiyin.registry.access import Acting
from huiyin.registry.correspondence import BodyLetter, LetterAnswer, OnProblem
from huiyin.registry.models import Body, Petition
from huiyin.registry.problems import Problem

LONGEST = 8000
OFFICE_LENGTH = 60
WRITERS = frozenset({"supervisor"})
# Who reads and answers what came to their body.
READERS = frozenset({"supervisor", "head", "leader", "registrar", "handler"})
ANSWERING = frozenset({"head", "leader", "registrar", "handler", "recorder"})

NOT_HERE = Text("这一类信函不能由该单位发出", "that body may not write a letter of this kind")
NOT_BELOW = Text("只能发给本级以下的单位", "this goes only to a body below")
NOT_TO_IT = Text(
    "不能发给所涉及的单位和它的下级", "it cannot go to the body it is about, nor to one that answers to it"
)
NOT_ABOUT = Text(
    "只有追究责任的建议才写涉及的单位", "only a proposal to pursue responsibility is about a body"
)
TERM_AHEAD = Text("答复期限须晚于今天", "the day for the answer must lie after today")
NOT_ON_PROBLEM = Text(
    "只有改进工作、完善政策的建议可以针对问题库里的问题",
    "only a proposal to improve work or policy is about a problem of the register",
)
ACCUSED = Text(
    "其中有检举控告该单位的信访件，不能发给它", "one of these is a report about that body and cannot go to it"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before it is sent."""

    kind: str
    sender: Body
    receiver: Body
    text: str = ""
    about: Body | None = None
    office: str = ""
    ground: str = ""
    refs: tuple[str, ...] = ()
    problem: Problem | None = None
    term: date | None = None
    follows: BodyLetter | None = None


def kinds_on(day: date) -> Mapping[str, Kind]:
    """The kinds of letters that the law of that day knows."""
    return law.in_force(day).correspondence


def kind_of(letter: BodyLetter) -> Kind:
    """What it was when it was sent; of a law that is gone, no more than its code."""
    unknown = Kind(letter.kind, "", Text(letter.kind, letter.kind), frozenset(), answered=False)
    return kinds_on(law.at(letter.sent_at)[1]).get(letter.kind, unknown)


def grounds_on(day: date) -> Mapping[str, Choice]:
    """The grounds of a letter that is about a body, as the law of that day has them."""
    return {choice.code: choice for choice in law.in_force(day).choices.get(GROUNDS, ())}


def on_problems(kind: Kind) -> bool:
    """Whether such a letter can be about a problem of the register: a proposal that is answered and is about
    no body (arts. 40.1, 40.2).
    """
    return kind.answered and kind.by == {"office"} and not kind.about


def proposals_on(problem: Problem) -> QuerySet[BodyLetter]:
    """What was proposed to put a problem right, with the answers, the newest first."""
    found = BodyLetter.objects.filter(on_problem__problem=problem)
    return found.select_related("receiver", "sender", "answer")


def may_write(acting: Acting) -> dict[str, list[Body]]:
    """Kind of letter -> the bodies in whose name this officer may write it, but for what the house counts."""
    own = [acting.bodies[code] for code in sorted(acting.codes(WRITERS)) if code in acting.bodies]
    kinds = kinds_on(acting.day)
    found = {code: [b for b in own if b.kind in kind.by] for code, kind in kinds.items() if not kind.counted}
    return {code: bodies for code, bodies in found.items() if bodies}


def send(draft: Draft, acting: Acting, now: datetime, today: date) -> BodyLetter | Refusal:
    """Send it: from then on it stands as it is."""
    kind = kinds_on(today).get(draft.kind)
    if kind is None or draft.sender not in may_write(acting).get(draft.kind, []):
        return refuse("wrong-role", kind.article if kind else "")
    if refused := _wrong(draft, kind, acting, today):
        return refused
    with transaction.atomic():
        letter = BodyLetter.objects.create(
            sender=draft.sender,
            receiver=draft.receiver,
            kind=draft.kind,
            text=draft.text.strip(),
            about=draft.about,
            office=draft.office.strip(),
            ground=draft.ground,
            refs=list(draft.refs),
            term=draft.term if kind.answered else None,
            follows=draft.follows,
            sent_at=now,
            sent_by=acting.officer,
        )
        if draft.problem is not None:
            OnProblem.objects.create(letter=letter, problem=draft.problem)
    return letter


def _wrong(draft: Draft, kind: Kind, acting: Acting, today: date) -> Refusal | None:
    """The first thing that is wrong with it, at its field."""
    checks = (
        _wrong_words(draft),
        _wrong_receiver(draft, kind),
        _wrong_about(draft, kind, today),
        _wrong_refs(draft, kind, acting),
        ("problem", NOT_ON_PROBLEM) if draft.problem and not on_problems(kind) else None,
        ("term", TERM_AHEAD) if kind.answered and (draft.term is None or draft.term <= today) else None,
    )
    found = next((wrong for wrong in checks if wrong), None)
    return Refusal("contents", found[1], kind.article, {found[0]: found[1]}) if found else None


Wrong = tuple[str, Text] | None


def _wrong_words(draft: Draft) -> Wrong:
    for name, words, most in (("text", draft.text, LONGEST), ("office", draft.office, OFFICE_LENGTH)):
        if not contents.is_keepable(words):
            return name, FIELD_REASONS["text"]
        if len(words) > most:
            return name, FIELD_REASONS["too-long"]
    return None if draft.text.strip() else ("text", FIELD_REASONS["required"])


def _wrong_receiver(draft: Draft, kind: Kind) -> Wrong:
    if draft.receiver == draft.sender:
        return "receiver", NOT_BELOW
    if kind.down and not draft.sender.as_core().levels_above(draft.receiver.as_core()):
        return "receiver", NOT_BELOW
    return None


def _wrong_about(draft: Draft, kind: Kind, today: date) -> Wrong:
    if not kind.about:
        return ("about", NOT_ABOUT) if draft.about or draft.ground else None
    if draft.about is None:
        return "about", FIELD_REASONS["required"]
    if draft.ground not in grounds_on(today):
        return "ground", FIELD_REASONS["choice"]
    answering_to = {code for body in (draft.receiver, draft.sender) for code in (body.code, *body.answers_to)}
    return ("receiver", NOT_TO_IT) if draft.about.code in answering_to else None


def _wrong_refs(draft: Draft, kind: Kind, acting: Acting) -> Wrong:
    """Petitions are named by reference: only ones that the writer may see and the receiver may know of."""
    if kind.listed and not draft.refs:
        return "refs", FIELD_REASONS["required"]
    seen = access.visible_to(acting).filter(ref__in=draft.refs)
    if seen.count() != len(set(draft.refs)):
        return "refs", FIELD_REASONS["ref"]
    touched = {draft.receiver.code, *draft.receiver.answers_to}
    if kind.above and draft.receiver.superior:
        touched |= {draft.receiver.superior.code}
    about = seen.filter(kind="report", accused__body__code__in=touched)
    return ("refs", ACCUSED) if about.exists() else None


def read_refs(typed: str) -> tuple[str, ...]:
    """The references in a box, one a line or with commas between, each once."""
    words = typed.replace("，", " ").replace(",", " ").replace("、", " ").split()
    return tuple(dict.fromkeys(keys.read_ref(word) or word for word in words))


def answer(
    letter: BodyLetter, adopted: str, reasons: str, acting: Acting, now: datetime
) -> LetterAnswer | Refusal:
    """Answer in writing whether it is adopted, and why (art. 40.4): once, by the body that received it."""
    kind = kind_of(letter)
    if not kind.answered or not may_answer(letter, acting):
        return refuse("wrong-role", kind.article)
    if adopted not in ADOPTED:
        return _field("adopted", "choice", kind)
    words = reasons.strip()
    if not words or len(words) > LONGEST or not contents.is_keepable(words):
        return _field("reasons", "required" if not words else "too-long", kind)
    try:
        with transaction.atomic():
            return LetterAnswer.objects.create(
                letter=letter, adopted=adopted, reasons=words, answered_at=now, answered_by=acting.officer
            )
    except IntegrityError:
        return refuse("moved-meanwhile", kind.article)


def _field(name: str, why: str, kind: Kind) -> Refusal:
    return Refusal("contents", FIELD_REASONS[why], kind.article, {name: FIELD_REASONS[why]})


def may_answer(letter: BodyLetter, acting: Acting) -> bool:
    """Whether this officer answers for the body that received it, and no answer is there yet."""
    here = letter.receiver.code in acting.codes(ANSWERING)
    return kind_of(letter).answered and here and not LetterAnswer.objects.filter(letter=letter).exists()


def visible_to(acting: Acting) -> QuerySet[BodyLetter]:
    """The letters that this officer may read: from or to a body of theirs, and of some kinds the superior's.

    One that is about a body is hidden from it and from all that answer to it: its existence too (charter 6).
    """
    mine = acting.codes(READERS) | acting.recorded
    open_above = [code for code, kind in kinds_on(acting.day).items() if kind.above]
    seen = Q(sender__code__in=acting.codes(WRITERS)) | Q(receiver__code__in=mine)
    seen |= Q(kind__in=open_above, receiver__superior__code__in=mine)
    touched = {code for body in acting.bodies.values() for code in (body.code, *body.answers_to)}
    letters = BodyLetter.objects.filter(seen).exclude(about__code__in=touched)
    return letters.select_related("sender", "receiver", "receiver__superior", "about", "answer")


def petitions_of(letter: BodyLetter, acting: Acting) -> Sequence[Petition]:
    """The petitions that a letter names, as far as this reader may see them."""
    seen = access.visible_to(acting).filter(ref__in=letter.refs)
    return list(seen.only("ref", "subject", "kind").order_by("id"))
