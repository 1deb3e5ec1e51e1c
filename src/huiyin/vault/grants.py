"""What each process may do in PostgreSQL, as GRANTs for a role of its own.

Whatever is not granted is refused by the database itself, whatever the program tries. The public role puts
seals in and cannot take them out; the desk cannot read where notices go; the clerk opens no name; the courier
reads where notices go and no name; the mail door may what the public may, and keeps which messages it took.
None of them changes the bytes of the ledger, and none makes tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model

from huiyin.vault import models as seals
from huiyin.vault.store.models import DataKey, Erased, OwnKey

PROCESSES = ("public", "desk", "clerk", "courier", "mail")
ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")
HIDDEN = "sealed"  # the one column of a seal that holds anything

# Opened by its author's own key, who reads it in the public process: locked bytes to everybody else.
READ_BACK = {seals.WordsSeal, seals.EntrySeal}
CLOSED = {
    seals.IdentitySeal,
    seals.ContactSeal,
    seals.SignerSeal,
    seals.SignerContact,
    seals.RepresentativesSeal,
    seals.ReliefSeal,
}
OF_CONTACT = {seals.ContactSeal, seals.SignerContact}
# Laid anew each day in the order of chance, locked as they are.
LAID_ANEW = {seals.SignerSeal, seals.SignerContact}
SEALS_READ: dict[str, set[type[Model]]] = {
    "public": READ_BACK,
    "desk": (CLOSED | READ_BACK) - OF_CONTACT,
    "clerk": LAID_ANEW,
    "courier": OF_CONTACT,
    "mail": READ_BACK,
}
# With the signature, the hour or the application, which the author takes away again.
TAKEN_ALONG = CLOSED - {seals.IdentitySeal, seals.ContactSeal}

# What proves who an officer is: of no use to whoever serves the public, counts days or sends mail.
OF_THE_DESK = {"CodeApp", "Passkey", "RecoveryCode", "SignInDelay", "CalendarLink"}
# What an author takes away again: an hour, a signature, an application; and an answer that is kept for a day.
TAKEN_BACK = {"Booking", "Signature", "Invitation", "Relief", "Idempotent", "NewKey"}
# Messages that were taken, and those that an officer has to look at.
OF_THE_MAIL = {"MailTaken", "MailAside"}
# Scanned letters that wait: brought, sorted and put on record at the desk alone.
OF_THE_POST = {"PaperFile", "PaperLetter", "PaperPage"}
# Lists of open cases that wait to be taken over: the desk's; the clerk destroys what nobody touched.
OF_A_TAKEOVER = {"CasesFile"}
READ_AT_THE_DESK = {"MailAside"}
# Kept by those who keep the house; the public pages only show them.
SHOWN = {
    *("Body", "Officer", "Role", "Competence", "Change", "Reception", "Receiving", "Question", "DataSet"),
    *("CalendarNotice", "Duty", "HandOver", "Conference", "AgendaItem", "Meeting", "Minutes"),
    *("Inspection", "FileCheck", "BodyLetter", "LetterAnswer", "Draft", "Reading", "Matter", "MatterLink"),
    *("Export", "SecondPerson", "Hold", "Tombstone", "Pulse", "Face"),
    *("Subscriber", "HookEvent", "Delivery", "HookPlace"),
    *("Assessment", "Objection", "Decision"),
}
# The clerk's: it alone counts, numbers and signs.
OF_THE_LOG = {"Count", "Cohorted", "Adopted", "LogSize", "Head"}
# What the boards show; others only say which petition is to be counted anew.
OF_THE_BOARDS = {"BoardFigure", "BoardReach", "BoardRound", "BoardShare", "YearFigure"}
# Steps of assessments: made at the desk, numbered by the clerk; the public has no part in them.
ASSESSED = "AssessmentEntry"
SHOWN |= OF_THE_LOG | OF_THE_BOARDS
ADDED_TO = {"Entry", "Spent", "LostKey", "BoardAnew"}
# What an officer takes away again, or a move makes void (tests/promises/test_nothing_vanishes.py names why).
DROPPED_AT_THE_DESK = TAKEN_BACK | {
    *("Role", "Competence", "Receiving", "HandOver", "Duty", "AgendaItem", "MatterLink", "SecondPerson"),
    *("CodeApp", "Passkey", "RecoveryCode", "SignInDelay", "Outbox", "CalendarLink"),
    *OF_THE_POST,
    *OF_A_TAKEOVER,
}
# Traces: written, never changed.
TRACES = {"Reading", "Export", "Change", "Spent", "LostKey"}
# Of what the clerk erases, what stays.
STAYS = {
    "Petition",
    "Entry",
    "Clock",
    "Tombstone",
    "Change",
    "Body",
    "DataSet",
    "CalendarNotice",
    "Pulse",
    "Subscriber",
    "HookPlace",
}
STAYS |= OF_THE_LOG - {"Adopted"}
# Of an entry, what the log commits to and where it belongs: nobody changes it any more.
FIXED = {"id", "petition_id", "seq", "recorded_at", "public"}
CARRIED = {"Outbox": ["INSERT", "UPDATE", "DELETE"], "NewKey": ["INSERT", "UPDATE"], "Entry": ["INSERT"]}
CARRIED |= {"Pulse": ["INSERT", "UPDATE"], "Petition": ["UPDATE"], "Clock": ["UPDATE"]}

KEY_STORE: dict[str, dict[type[Model], str]] = {
    "public": {DataKey: "INSERT", OwnKey: "SELECT, INSERT", Erased: "SELECT"},
    "desk": {DataKey: "SELECT, INSERT", OwnKey: "SELECT, INSERT, UPDATE", Erased: "SELECT"},
    "clerk": {
        DataKey: "SELECT, INSERT, DELETE",
        OwnKey: "SELECT, INSERT, DELETE",
        Erased: "SELECT, INSERT",
    },
    "courier": {DataKey: "SELECT, INSERT", OwnKey: "INSERT", Erased: "SELECT"},
}
KEY_STORE["mail"] = KEY_STORE["public"]
SESSIONS = {"desk": "SELECT, INSERT, UPDATE, DELETE", "clerk": "SELECT, DELETE"}


def for_process(process: str, role: str) -> tuple[list[str], list[str]]:
    """The statements for the database and for the key store. Raises ValueError for no plain role name."""
    if not ROLE.fullmatch(role):
        raise ValueError(f"{role!r}: a role is written with small letters, digits and _")
    store = (f"GRANT {may} ON {model._meta.db_table} TO {role};" for model, may in KEY_STORE[process].items())
    return [*_before(role), *_database(process, role)], [*_before(role), *store]


def _before(role: str) -> Iterator[str]:
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};"
    yield f"GRANT USAGE ON SCHEMA public TO {role};"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};"
    yield f"GRANT SELECT ON django_migrations TO {role};"


def _database(process: str, role: str) -> Iterator[str]:
    models = [m for m in apps.get_models() if m._meta.app_label in {"registry", "vault"}]
    for model in sorted(models, key=lambda each: each._meta.db_table):
        if rights := _rights(process, model):
            yield f"GRANT {', '.join(rights)} ON {model._meta.db_table} TO {role};"
    if process in SESSIONS:
        yield f"GRANT {SESSIONS[process]} ON django_session TO {role};"


def _rights(process: str, model: Any) -> list[str]:
    if model in CLOSED | READ_BACK:
        return _rights_on_seal(process, model)
    name = model.__name__
    if name in OF_THE_DESK | OF_THE_POST and process != "desk":
        return []
    if name in OF_A_TAKEOVER | {ASSESSED} and process not in {"desk", "clerk"}:
        return []
    if name in OF_THE_MAIL and process != "mail":
        return ["SELECT", "UPDATE"] if process == "desk" and name in READ_AT_THE_DESK else []
    return ["SELECT", *_WRITES[process](model)]


def _rights_on_seal(process: str, model: Any) -> list[str]:
    shown = [f.column for f in model._meta.concrete_fields if f.column != HIDDEN]
    rights = ["SELECT" if model in SEALS_READ[process] else f"SELECT ({', '.join(shown)})"]
    if process in {"public", "desk", "mail"} or model is seals.EntrySeal or model in SEALS_READ["clerk"]:
        rights += ["INSERT"]
    if process == "clerk" or (process in {"public", "desk"} and model in TAKEN_ALONG):
        rights += ["DELETE"]
    return rights


def _public(model: Any) -> Iterable[str]:
    name = model.__name__
    if name in SHOWN:
        return []
    if name in ADDED_TO:
        return ["INSERT"]
    return ["INSERT", "UPDATE", *(["DELETE"] if name in TAKEN_BACK else [])]


def _desk(model: Any) -> Iterable[str]:
    name = model.__name__
    if name in {"Tombstone", "Pulse"} or name in OF_THE_LOG | OF_THE_BOARDS:
        return []
    if name in TRACES | {"BoardAnew", ASSESSED}:
        return ["INSERT"]
    if name == "Entry":  # the words of one that becomes a report go under seal; its bytes stay as they are
        return ["INSERT", "UPDATE (contents)"]
    return ["INSERT", "UPDATE", *(["DELETE"] if name in DROPPED_AT_THE_DESK else [])]


def _clerk(model: Any) -> Iterable[str]:
    name = model.__name__
    if name in {"Officer", "Role", "Competence", "Face"}:
        return []
    if name == "Entry":
        columns = (field.column for field in model._meta.concrete_fields)
        return ["INSERT", f"UPDATE ({', '.join(column for column in columns if column not in FIXED)})"]
    if name == ASSESSED:
        return ["UPDATE (number)"]
    return ["INSERT", "UPDATE", *(["DELETE"] if name not in STAYS else [])]


def _courier(model: Any) -> Iterable[str]:
    return CARRIED.get(model.__name__, [])


def _mail(model: Any) -> Iterable[str]:
    name = model.__name__
    if name in OF_THE_MAIL:
        return ["INSERT", "UPDATE", "DELETE"]
    return CARRIED["Pulse"] if name == "Pulse" else _public(model)


_WRITES = {"public": _public, "desk": _desk, "clerk": _clerk, "courier": _courier, "mail": _mail}
