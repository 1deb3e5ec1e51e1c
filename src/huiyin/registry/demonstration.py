"""Builds the demonstration: a small prefecture that does not exist, with petitions in every state of the law.

What it is made of stands in `demonstration.toml`, for laws of another kind in a file of their own beside it
(`demonstration-uk-housing.toml`: a landlord that does not exist). Every petition goes through `file` and
`perform` like any other, at times that lie before today, so that clocks look alive on any day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from huiyin.core.calendar import Calendar
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry import demonstration_days as days
from huiyin.registry import demonstration_matters, demonstration_supervision, demonstration_year, joining, law
from huiyin.registry.access import CLERK, Acting, Actor, Author
from huiyin.registry.demonstration_days import Impossible
from huiyin.registry.file import Filed, Lodging, file
from huiyin.registry.models import Body, Clock, Competence, DataSet, Officer, Outbox, Petition, Role
from huiyin.registry.perform import perform
from huiyin.vault.seal import Author as Person

HERE = Path(__file__).parent
ONE_DAY = timedelta(days=1)
BETWEEN_STEPS = timedelta(minutes=40)
AFTER_MIDNIGHT = time(0, 5)  # when the clerk finds what ran out
MORNING = time(9, 20)
EVENING = 20  # the hour at which people lodge, after work
HELD = {"record-meeting", "leader-met", "confer"}  # meetings, recorded on the day they were held
# Days that the data count from the day of the step, in a move or in its lines.
DATES = frozenset({"term", "hearing_on", "task_due", "meet_on", "redo_by"})
LINES = frozenset({"tasks", "clauses"})
STEP_WORDS = {"day", "after", "by", "do", "signed_by"}
BODY_WORDS = ("short", "external", "receives", "address", "hours")


@dataclass(frozen=True, slots=True)
class Cast:
    """An officer of the demonstration, to be shown beside the sign-in form."""

    login: str
    name: str
    title: str
    roles: tuple[tuple[str, str], ...]  # (role, code of the body)


@dataclass(frozen=True, slots=True)
class Example:
    """A petition of the demonstration with its key, for whoever wants to look at it as its author."""

    name: str
    ref: str
    key: str
    subject: str
    state: str


def _data() -> Mapping[str, Any]:
    """What it is made of, under the law of this installation."""
    own = HERE / f"demonstration-{settings.JURISDICTION}.toml"
    return _read(own if own.exists() else HERE / "demonstration.toml")


@cache
def _read(file: Path) -> Mapping[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _cast(login: str, said: list[str]) -> Cast:
    name, title, *roles = said
    pairs = tuple((role, body) for role, _, body in (each.partition("@") for each in roles))
    return Cast(login, name, title, pairs)


PASSWORD: str = _read(HERE / "demonstration.toml")["password"]


def officers() -> tuple[Cast, ...]:
    """Who serves in it, to be shown beside the sign-in form."""
    return tuple(_cast(login, said) for login, said in _data()["officers"].items())


def is_built() -> bool:
    return DataSet.objects.filter(kind="demonstration").exists()


def is_import() -> bool:
    return DataSet.objects.filter(kind="import").exists()


def is_possible() -> bool:
    """Whether this registry is a demonstration already, or one that nobody has begun to use."""
    return is_built() or not any(m._default_manager.exists() for m in (DataSet, Petition, Body, Officer))


@transaction.atomic
def build(now: datetime) -> tuple[Example, ...]:
    """Build it, all or nothing, and answer what authors hold. Does nothing where it is built already."""
    if is_built():
        return ()
    DataSet.objects.create(id=1, kind="demonstration", marked_at=now)
    _make_bodies()
    _make_officers()
    examples: dict[str, Example] = {}
    serving = {officer.login: officer for officer in Officer.objects.all()}
    asked = days.make_questions(_data().get("questions", ()), now)
    # The oldest first: a later one may name an earlier one.
    told_of = [*_data()["petitions"], *demonstration_year.petitions(_data().get("last_year", ()), now)]
    for told in sorted(told_of, key=lambda petition: -petition["ago"]):
        made = {**told, "question": asked[told["question"]]} if "question" in told else told
        examples[told["name"]] = _Walk(made, now, serving, examples).run()
    refs = {name: example.ref for name, example in examples.items()}
    days.make_duties(_data().get("duties", ()), now)
    days.make_receptions(_data().get("receptions", ()), refs, now)
    days.make_conferences(_data().get("conferences", ()), refs, now)
    demonstration_matters.make_links(_data().get("links", ()), refs, now)
    demonstration_matters.make_problems(_data().get("problems", ()), now)
    demonstration_matters.take_up(_data().get("found", ()), refs, now)
    demonstration_matters.hand_on(_data()["bodies"], now)
    if _data().get("supervision"):
        demonstration_supervision.build(now, {name: example.ref for name, example in examples.items()})
    demonstration_year.assess(_data().get("assessments", ()), now)
    # Nobody waits for these: the courier would only send word of things long past.
    Outbox.objects.filter(sent_at=None).update(sent_at=now)
    return tuple(examples.values())


# ---- bodies and officers


def _make_bodies() -> None:
    made: dict[str, Body] = {}
    for told in _data()["bodies"]:
        made[told["code"]] = Body.objects.create(
            code=told["code"],
            name_zh=told["zh"],
            name_en=told["en"],
            kind=told["kind"],
            level=told["level"],
            superior=made.get(told.get("superior", "")),
            sector_superior=made.get(told.get("sector", "")),
            **{name: told[name] for name in BODY_WORDS if name in told},
        )
        for subject in told.get("competences", ()):
            Competence.objects.create(body=made[told["code"]], subject=subject)
    for told in _data()["bodies"]:
        if "recorded_by" in told:
            body = made[told["code"]]
            body.recorded_by = made[told["recorded_by"]]
            body.save()


def _make_officers() -> None:
    # One hash for all: the password is printed beside the form, so guessing need not be made slow.
    hashed = make_password(PASSWORD)
    for cast in officers():
        officer = Officer.objects.create(login=cast.login, name=cast.name, title=cast.title, password=hashed)
        for role, body in cast.roles:
            Role.objects.create(officer=officer, body=Body.objects.get(code=body), role=role)


def _line(line: Mapping[str, Any], day: date) -> dict[str, Any]:
    dated = {name: (day + line[name] * ONE_DAY).isoformat() for name in DATES & line.keys()}
    return {**line, **dated}


# ---- one petition


def _with_its_signature(step: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """An opinion is told in one line; before it is issued it was submitted, and signed by the head."""
    if "signed_by" not in step:
        return [step]
    signature = {"day": step["day"], "by": step["signed_by"], "do": "countersign"}
    return [{**step, "do": "submit-opinion"}, signature, step]


@dataclass(slots=True)
class _Walk:
    """Takes one petition through its steps, each at its own time, none of them in days to come."""

    told: Mapping[str, Any]
    now: datetime
    officers: Mapping[str, Officer]
    examples: Mapping[str, Example]
    last: datetime = field(init=False)
    lodged: date = field(init=False)

    def run(self) -> Example:
        """File it and make every move. Raises Impossible when the law refuses one."""
        day = self.now.astimezone(self._zone).date() - self.told["ago"] * ONE_DAY
        at = datetime.combine(day, time(self.told.get("hour", EVENING), 14), self._zone)
        self.lodged, self.last = day, min(at, self.now)
        filed = file(self._lodging(), now=self.now, at=self.last)
        if isinstance(filed, Refusal):
            raise Impossible(f"{self.told['name']}: lodge: {filed.reason.en} {dict(filed.fields)}")
        self._sign(filed)
        for step in self.told["steps"]:
            for each in _with_its_signature(step):
                self._make(each, filed)
        return self._example(filed)

    def _lodging(self) -> Lodging:
        words = ("question", "kind", "body", "against_words", "language", "channel", "helper")
        return Lodging(
            subject=self.told["subject"],
            text=self.told["text"].strip(),
            author=Person(**self.told.get("author", {})),
            joint="signers" in self.told,
            reachable=self.told.get("reachable", False),
            **{name: self.told[name] for name in words if name in self.told},
        )

    def _sign(self, filed: Filed) -> None:
        """Others join, and the clerk counts them the morning after; each with a key that nobody is given."""
        for said in self.told.get("signers", ()):
            made = joining.join(filed.invitation, Person(**said), self.last)
            if isinstance(made, Refusal):
                raise Impossible(f"{self.told['name']}: join: {made.code}")
        if number := joining.count(filed.petition):
            counted = Move(joining.COUNTING, {"signatures": number})
            self.last = min(self.last + ONE_DAY, self.now)
            after = perform(filed.ref, counted, CLERK, self.now, at=self.last)
            if isinstance(after, Refusal):
                raise Impossible(f"{self.told['name']}: {joining.COUNTING}: {after.code}")

    def _make(self, step: Mapping[str, Any], filed: Filed) -> None:
        self.last = self._moment(step, filed)
        move = Move(step["do"], self._contents(step))
        after = perform(filed.ref, move, self._actor(step["by"], filed), self.now, at=self.last)
        if isinstance(after, Refusal):
            fields = {name: wrong.en for name, wrong in after.fields.items()}
            raise Impossible(f"{self.told['name']}: {step['do']}: {after.code}: {after.reason.en} {fields}")

    def _actor(self, by: str, filed: Filed) -> Actor:
        if by == "author":
            return Author(filed.ref)
        if by == "clerk":
            return CLERK
        return Acting(self.officers[by], self.last.astimezone(self._zone).date())

    def _moment(self, step: Mapping[str, Any], filed: Filed) -> datetime:
        """When the step happens: officers act on working days, the clerk right after a term ran out."""
        if name := step.get("after"):
            clock = Clock.objects.filter(petition=filed.petition, name=name).order_by("-seq")[0]
            at = datetime.combine(clock.due + ONE_DAY, AFTER_MIDNIGHT, self._zone)
        else:
            day = self.lodged + step["day"] * ONE_DAY
            while step["by"] not in {"author", "clerk"} and not self._calendar.is_workday(day):
                day += ONE_DAY
            at = datetime.combine(day, MORNING, self._zone)
        return min(max(at, self.last + BETWEEN_STEPS), self.now)

    def _contents(self, step: Mapping[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in step.items() if name not in STEP_WORDS}
        day = self.last.astimezone(self._zone).date()
        if step["do"] == "serve":
            said["served_on"] = day.isoformat()
        if step["do"] in HELD:
            said["met_on"] = day.isoformat()
        for name in DATES & said.keys():
            said[name] = (day + said[name] * ONE_DAY).isoformat()
        said |= {name: [_line(line, day) for line in said[name]] for name in LINES & said.keys()}
        if "prior" in said:
            said["prior"] = self.examples[said["prior"].removeprefix("@")].ref
        return said

    def _example(self, filed: Filed) -> Example:
        state = Petition.objects.values_list("state", flat=True).get(ref=filed.ref)
        return Example(self.told["name"], filed.ref, filed.key, self.told["subject"], state)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(law.at(self.now)[0].zone)

    @property
    def _calendar(self) -> Calendar:
        return law.calendar_for(law.at(self.now)[0].calendar)
