"""The record of who changed what in the house, in words: codes and sign-in names are looked up together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from huiyin.registry import law, passages
from huiyin.registry.assessments import DECISIONS
from huiyin.registry.bodies import ROLE_NAMES
from huiyin.registry.body_imports import BROUGHT_IN, TAKEN_BACK
from huiyin.registry.letterbox import CLOSED_FOR
from huiyin.registry.models import Body, Change, Face, Officer, Passage, Problem, Question, Reception
from huiyin.site.forms import say_later
from huiyin.site.templatetags.huiyin_words import brief

FIELDS: dict[str, Any] = {
    "away_from": _("away from"),
    "away_until": _("away until"),
    "stands_in": _("who stands in"),
    "competences": _("competences"),
    "officials": _("who receives"),
    "commitment": _("hash of chance"),
    "seed": _("seed"),
    "says": _("what the mail server said"),
    "token": _("token"),
    "stated": _("what"),
    "state": _("state"),
    "use": _("what it is for"),
    "year": _("year"),
    "item": _("item"),
    "decided": _("decision"),
    "issuer": _("identity provider"),
    "through": _("by way of"),
}
PROGRAMS = {"provider": _("the identity provider"), "scim": _("the staff directory")}
SHOWN_AS_SAID = ("year", "item", "decided", "commitment", "seed", "says", "stated", "token", "issuer")
OF_BODIES = frozenset(
    {"superior", "sector_superior", "recorded_by", "successor", "host", "body", "officials"}
)
OF_OFFICERS = frozenset({"stands_in"})
# What a change is of, by how its kind begins: two tables may call different things by one name.
MODELS: dict[str, type[Model]] = {"body": Body, "officer": Officer, "hours": Reception, "question": Question}
MODELS |= {"problem": Problem, "face": Face, "template": Passage}
OF_LISTS = {BROUGHT_IN: ("new", "was"), TAKEN_BACK: ("gone", "restored")}
BETWEEN = "；"
SHOWN = 200  # characters of a long text; the record itself keeps all of it
DAY = re.compile(r"\d{4}-\d\d-\d\d")
TIME = re.compile(r"(\d\d:\d\d):00")


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes and sign-in names of a page stand for, as far as they are still known."""

    bodies: Mapping[str, Body]
    officers: Mapping[str, Officer]

    def body(self, code: str) -> str:
        return str(say_later(self.bodies[code].name)) if code in self.bodies else code

    def officer(self, login: str) -> str:
        return f"{self.officers[login]}（{login}）" if login in self.officers else login


def names_for(rows: Iterable[Change]) -> Names:
    """Two questions to the database, whatever the number of lines."""
    words = {word for row in rows for word in _codes(row.what)}
    return Names(
        {body.code: body for body in Body.objects.filter(code__in=words)},
        {officer.login: officer for officer in Officer.objects.filter(login__in=words)},
    )


def _codes(what: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(what[key]) for key in ("officer", "body") if what.get(key))
    for name, pair in (what.get("changed") or {}).items():
        if name in OF_BODIES | OF_OFFICERS:
            yield from (part.split(" ")[0] for value in pair for part in str(value).split(BETWEEN))


def whom(what: Mapping[str, Any], names: Names) -> list[str]:
    """Whose account, which body, which day; a line each."""
    told = [names.officer(str(what["officer"]))] if what.get("officer") else []
    told += [names.body(str(what["body"]))] if what.get("body") else []
    told += [_day(str(what["day"]))] if what.get("day") else []
    told += [_bodies(what)] if what.get("did") in OF_LISTS else []
    return told


def _bodies(what: Mapping[str, Any]) -> str:
    """How many bodies a list put on record and changed, or its being taken back closed and restored."""
    first, second = OF_LISTS[what["did"]]
    n = sum(each if isinstance(each, int) else len(each) for each in (what[first], what[second]))
    return ngettext("%(n)s body", "%(n)s bodies", n) % {"n": n}


def details(what: Mapping[str, Any], names: Names) -> list[tuple[Any, str, str]]:
    """Each field that was changed: what it is called, and what stood there before and after."""
    kind = str(what.get("did", "")).partition("-")[0]
    told = [
        (_field(name, kind), _value(name, old, names), _value(name, new, names))
        for name, (old, new) in (what.get("changed") or {}).items()
    ]
    if role := what.get("role"):
        told.append((_("role"), "", str(dict(ROLE_NAMES).get(role, role))))
    if reason := what.get("reason"):
        told.append((_("reason"), "", str(dict(CLOSED_FOR).get(reason, reason))))
    if through := what.get("through"):
        told.append((FIELDS["through"], "", str(PROGRAMS.get(through, through))))
    return told + [(FIELDS[name], "", _said(name, what[name])) for name in SHOWN_AS_SAID if what.get(name)]


def _said(name: str, value: Any) -> str:
    """What stands in the record, and the codes of an assessment in words."""
    if name == "decided":
        return str(dict(DECISIONS).get(value, value))
    if name == "item" and (under := law.at(timezone.now())[0].assessment):
        return next((str(say_later(item.text)) for item in under.items if item.name == value), str(value))
    return str(value)


def _value(name: str, value: Any, names: Names) -> str:
    said = str(value) if value not in (None, "None") else ""
    if said in {"True", "False"}:
        return gettext("yes") if said == "True" else gettext("no")
    if name in OF_OFFICERS:
        return names.officer(said)
    if name in OF_BODIES:
        parts = (part.split(" ", 1) for part in said.split(BETWEEN))
        return BETWEEN.join(" ".join((names.body(code), *rest)) for code, *rest in parts)
    if name == "use" and said:
        return _use(said)
    if DAY.fullmatch(said):
        return _day(said)
    if len(said) > SHOWN:
        return f"{said[:SHOWN]}…"
    return TIME.sub(r"\1", str(_choices(name).get(said, said)))


def _use(said: str) -> str:
    """The step and field that a template is for, as the law of today calls them."""
    verb, _colon, content = said.partition(":")
    text = passages.writable(law.at(timezone.now())[0]).get((verb, content))
    return str(say_later(text)) if text else said


def _day(said: str) -> str:
    return brief(date.fromisoformat(said)) if DAY.fullmatch(said) else said


def _of_models(name: str, kind: str = "") -> Iterator[Any]:
    """The fields of that name, of the table that the change is of first."""
    for model in (*([MODELS[kind]] if kind in MODELS else []), *MODELS.values()):
        yield from (field for field in model._meta.get_fields() if field.name == name)


def _choices(name: str) -> dict[str, Any]:
    """What the choices of a field of that name are called, in whichever table it stands."""
    found: dict[str, Any] = {}
    for field in _of_models(name):
        found |= dict(getattr(field, "choices", None) or ())
    return found


def _field(name: str, kind: str) -> Any:
    if name in FIELDS:
        return FIELDS[name]
    return next((getattr(field, "verbose_name", name) for field in _of_models(name, kind)), name)
