"""What an auditor sees: who opened a seal and why, who took a file, who changed bodies, accounts and roles.

No petition is opened from here, and none of its words are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.clerk import text_tests
from huiyin.core import rulebook
from huiyin.core.text import HANT, Text
from huiyin.doors.officer import auditing, reading, wording
from huiyin.doors.officer import changes as told
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.sessions import by_what
from huiyin.reading import mask
from huiyin.registry import access, body_imports, cases_in, pressing
from huiyin.registry.facts import ROLES, facts_of, row_of
from huiyin.registry.models import Body, Change, Entry, Officer, SignedIn
from huiyin.registry.openings import in_words

DID: dict[str, Any] = {
    "body-created": _("Body put on record"),
    "body-changed": _("Body changed"),
    body_imports.BROUGHT_IN: _("List of bodies kept"),
    body_imports.TAKEN_BACK: _("List of bodies taken back"),
    "officer-created": _("Account opened"),
    "officer-changed": _("Account changed"),
    "password-dropped": _("Password taken away: the identity provider alone opens it"),
    "provider-linked": _("Linked with an account at an identity provider"),
    "provider-unlinked": _("Link with an identity provider ended"),
    "password-reset": _("Password set anew by an administrator"),
    "role-given": _("Role given"),
    "role-taken": _("Role taken away"),
    "second-factor-added": _("Second factor added"),
    "token-made": _("Token for a program made"),
    "token-ended": _("Token for a program taken back"),
    "second-factor-removed": _("Second factor taken away by its owner"),
    "second-factor-reset": _("Second factor taken away by an administrator"),
    "recovery-codes-made": _("Recovery codes made"),
    "recovery-code-used": _("Signed in with a recovery code"),
    "signed-out-everywhere": _("Signed out everywhere"),
    "absence-set": _("Absence and stand-in set"),
    "face-changed": _("What the public reads of this service changed"),
    "mail-tested": _("Test message sent"),
    text_tests.TRIED: _("Test short message sent"),
    "subscriber-added": _("Somebody is told by webhook"),
    "subscriber-ended": _("Somebody is told by webhook no more"),
    "mail-filed": _("Messages that were set aside filed"),
    "mail-closed": _("Messages that were set aside closed"),
    "paper-deleted": _("Pages of scanned letters that were left out deleted"),
    "paper-looked-at": _("A scanned file that could not be opened looked at"),
    "takeover-begun": _("Takeover of open cases from an older system begun"),
    cases_in.TAKEN_OVER: _("List of open cases taken over"),
    "takeover-ended": _("Takeover of open cases ended"),
    "stated": _("Said to be done"),
    "taken-back": _("Said not to be done after all"),
    "hours-published": _("Reception day published"),
    "hours-changed": _("Reception day changed"),
    "hours-called-off": _("Reception day called off"),
    "problem-taken-up": _("Problem taken up"),
    "problem-kept": _("Problem changed"),
    "problem-dismissed": _("Problem dismissed"),
    "question-asked": _("Question asked of the public"),
    "question-changed": _("Question changed"),
    "question-answered": _("What came of a question published"),
    "template-written": _("Template written"),
    "template-changed": _("Template changed"),
    "template-dropped": _("Template taken away"),
    "inspection-announced": _("Inspection announced"),
    "inspection-drawn": _("Sample of files drawn"),
    "assessment-issued": _("Yearly assessment issued"),
    "assessment-objected": _("Yearly assessment objected to"),
    "assessment-decided": _("Objection to an assessment decided"),
    "duty-set": _("Officer put on duty"),
    "duty-taken": _("Officer taken off duty"),
}
# What an opening or a demand says in free words.
SAID = frozenset(
    {
        *("words", "reasons", "demand_authority", "demand_instrument", "demand_number", "demand_date"),
        *("demand_article", "demand_what", "kept_order", "kept_until", "handed"),
    }
)


@dataclass(frozen=True, slots=True)
class Opening:
    at: datetime
    officer: Officer | None
    role: Text
    body: Text
    ref: str
    what: Text
    purpose: Text
    words: Text


@dataclass(frozen=True, slots=True)
class Changed:
    at: datetime
    actor: Officer | None
    did: Any
    whom: list[str]
    details: list[tuple[Any, str, str]]
    by_program: bool


@require_safe
def audit(request: DeskRequest) -> HttpResponseBase:
    """Openings of seals, asked for, decided on and made, the newest first."""
    return _read_log(request, "audit", access.openings_for(request.acting), "audit.html")


@require_safe
def demands(request: DeskRequest) -> HttpResponseBase:
    """Demands of other authorities for an identity, step by step, the newest first."""
    return _read_log(request, "demands", access.demands_for(request.acting), "audit_demands.html")


def _read_log(request: DeskRequest, name: str, rows: QuerySet[Entry], template: str) -> HttpResponseBase:
    entries = rows.select_related("officer", "petition")
    entries = entries.defer("petition__text", "petition__subject", "petition__accused_words")
    context = auditing.listed(request, name, entries)
    bodies = _bodies(context["page"])
    openings = [_opening(entry, bodies) for entry in reading.of_log(context["page"])]
    waiting = access.waits_for(request.acting).filter(role="auditor").count() if name == "demands" else 0
    return page(request, template, {**context, "rows": openings, "waiting": waiting})


@require_safe
def exports(request: DeskRequest) -> HttpResponseBase:
    """Files that officers took, the newest first."""
    rows = access.exports_for(request.acting).select_related("officer", "petition")
    rows = rows.defer("petition__text", "petition__subject", "petition__accused_words")
    context = auditing.listed(request, "exports", rows)
    bodies = _bodies(context["page"])
    taken = [
        {"row": row, "role": _role(row.role), "body": _body_name(row.body, bodies)} for row in context["page"]
    ]
    return page(request, "audit_exports.html", {**context, "rows": taken})


@require_safe
def readings(request: DeskRequest) -> HttpResponseBase:
    """Readings of reports against persons, the newest first."""
    rows = access.readings_for(request.acting).select_related("officer", "body", "petition")
    context = auditing.listed(request, "readings", rows.defer("petition__text"))
    return page(request, "readings.html", {**context, "rows": context["page"]})


@require_safe
def changes(request: DeskRequest) -> HttpResponseBase:
    """Changes of bodies, accounts and roles, the newest first."""
    context = auditing.listed(request, "changes", Change.objects.select_related("actor"))
    names = told.names_for(context["page"])
    return page(
        request, "changes.html", {**context, "rows": [_changed(row, names) for row in context["page"]]}
    )


@require_safe
def sign_ins(request: DeskRequest) -> HttpResponseBase:
    """Which officers came in, the newest first."""
    context = auditing.listed(request, "sign-ins", SignedIn.objects.select_related("officer"))
    rows = [{"row": row, "by": by_what(row)} for row in context["page"]]
    return page(request, "sign_ins.html", {**context, "rows": rows})


@require_safe
def pressure(request: DeskRequest) -> HttpResponseBase:
    """Reports of pressure for having petitioned: those given to the auditor open, the others are dates."""
    rows = access.pressure_for(request.acting).select_related("holder").defer("text", "accused_words")
    context = auditing.listed(request, "pressure", rows)
    mine = request.acting.codes({"auditor"})
    given = [
        {
            "petition": row,
            "to": pressing.NAMES.get(row.marks["pressure"]),
            "state": wording.state_of(row),
            "mine": row.for_auditor_at in mine,
        }
        for row in context["page"]
    ]
    return page(request, "audit_pressure.html", {**context, "rows": given})


def _bodies(rows: Iterable[Any]) -> dict[str, Body]:
    return {body.code: body for body in Body.objects.filter(code__in={row.body for row in rows})}


def _body_name(code: str, bodies: dict[str, Body]) -> Text:
    return bodies[code].name if code in bodies else Text(code, code)


def _role(code: str) -> Text:
    return ROLES.get(code, Text(code, code))


def _opening(entry: Entry, bodies: dict[str, Body]) -> Opening:
    row = row_of(entry)
    facts = [fact for fact in facts_of(row, entry, {}) if fact.name in SAID] if row else []
    return Opening(
        at=entry.claimed_at or entry.recorded_at,
        officer=entry.officer,
        role=_role(entry.role),
        body=_body_name(entry.body, bodies),
        ref=entry.petition.ref,
        what=row.past if row else Text(entry.event, entry.event),
        purpose=_purpose(entry),
        words=_masked(in_words(facts)),
    )


def _masked(said: Text) -> Text:
    return Text(*(mask.masked(said.say(tag)) for tag in ("zh", "en", HANT)))


def _purpose(entry: Entry) -> Text:
    code = str(entry.contents.get("purpose", ""))
    choices = rulebook.by_id(entry.rulebook).choices.get("purposes", ())
    return next((choice.text for choice in choices if choice.code == code), Text(code, code))


def _changed(row: Change, names: told.Names) -> Changed:
    what = row.what
    did = DID.get(what.get("did", ""), what.get("did", ""))
    return Changed(
        row.at, row.actor, did, told.whom(what, names), told.details(what, names), bool(what.get("through"))
    )
