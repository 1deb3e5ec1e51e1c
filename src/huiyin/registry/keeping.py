"""How the house itself is kept: bodies, accounts, roles, stand-ins. Each change leaves a row for the auditor.

Whoever keeps the house sees no petition for it. Somebody must always be left who can keep it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Model, Q

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import board_round, bodies, calendar_links, keys, record, routing
from huiyin.registry.access import HANDLING_ROLES, Acting
from huiyin.registry.models import Body, Change, Competence, Officer, Petition, Role

ADMINISTRATOR, AUDITOR, CUSTODIAN = "administrator", "auditor", "custodian"
BODY_FIELDS = (
    *(
        "name_zh",
        "name_en",
        "short",
        "kind",
        "level",
        "superior",
        "sector_superior",
        "external",
        "recorded_by",
    ),
    *("receives", "address", "phone", "hours", "successor", "active"),
)
OFFICER_FIELDS = ("name", "title", "email", "is_active")
LEVELS = tuple(level for level, _ in bodies.LEVELS)  # the highest first
CLOSED = {"active": ["True", "False"]}
PASSWORD_LETTERS = 16  # 80 bits, to be typed once from a slip of paper

LAST_ADMINISTRATOR = Text(
    "这是最后一名能用密码登录的管理员；请先让另一名有密码的在职人员担任管理员",
    "this is the last administrator who can sign in with a password; make somebody else with a password "
    "administrator first",
)
# What an author gave to an auditor is read by nobody else. Always refused, whether anything was given or not:
# an answer that depended on it would tell that something was.
LAST_AUDITOR = Text(
    "这是该单位最后一名审计员；请先让另一名在职人员担任该单位审计员",
    "this is the last auditor of that body; make somebody else auditor there first",
)
HEIR_WITHOUT_AUDITOR = Text(
    "该单位有审计员，承继单位没有；请先在承继单位设审计员，或者先另写承继单位",
    "this body has an auditor and its successor has none: give the successor one first",
)
HOLDS_PETITIONS = Text(
    "该单位还有未办结的信访件；请先办结或者转送，或者写明承继单位",
    "open petitions are still with this body: conclude them, send them on, or name its successor",
)
WORKED_AT = Text("那里还有人员任职", "somebody works there")
OWN_SUBORDINATE = Text(
    "上一级不能是自己或者自己的下级", "the next higher body cannot be itself or one below it"
)
NOT_HIGHER = Text(
    "系统的上级单位须比本单位高一级以上", "the next higher body of its sector must stand on a higher level"
)
NEEDS_SUPERIOR = Text(
    "请选择上一级单位；没有的，先登记一个本系统之外的单位",
    "choose the next higher body; where there is none, first record one outside this installation",
)
NO_HEIR = Text(
    "承继单位须是本系统内在职的其他单位",
    "who takes over must be another body in service here, not one outside",
)
NEEDS_RECORDER = Text(
    "请选择由哪个单位登记其来函", "choose whose registrars record the letters of this external body"
)
NOT_A_COLLEAGUE = Text(
    "代办人须是在职的同单位人员，不能是本人", "who stands in must be another active officer of the same body"
)
RUNS_BACKWARDS = Text("结束日期早于开始日期", "the last day lies before the first")
DATES_NEEDED = Text("请写开始日期", "write the first day")

# Roles that nobody holds together, at whatever bodies: who checks is not who is checked (charter 6).
APART: dict[frozenset[str], Text] = {
    frozenset({ADMINISTRATOR, AUDITOR}): Text(
        "管理员和审计员不能是同一人：审计员查看管理员改了什么",
        "nobody is both administrator and auditor: the auditor reads what administrators changed",
    ),
    frozenset({CUSTODIAN, AUDITOR}): Text(
        "保管员和审计员不能是同一人：两人先后决定是否打开身份（决定 0038）",
        "nobody is both custodian and auditor: the two decide one after the other whether a name opens",
    ),
}


@dataclass(frozen=True, slots=True)
class Hired:
    """A new account. The password is shown once and kept by nobody but the officer."""

    officer: Officer
    password: str


# ---- what an administrator keeps


def bodies_kept_by(acting: Acting) -> Q:
    """The bodies that an administrator keeps: their own, all below, and the records of external ones."""
    kept = Q(external=True)
    for code in acting.codes({ADMINISTRATOR}):
        kept |= Q(path__startswith=acting.bodies[code].path)
    return kept if acting.has(ADMINISTRATOR) else Q(pk__in=[])


def keeps_account_of(acting: Acting, officer: Officer) -> bool:
    """Whether this administrator may change that account: never one that also serves elsewhere, for whoever
    sets a password can act with every role behind it.
    """
    kept = Body.objects.filter(bodies_kept_by(acting))
    return acting.has(ADMINISTRATOR) and not officer.roles.exclude(body__in=kept).exists()


# ---- bodies


def save_body(
    body: Body, *, by: Officer | None, now: datetime, competences: Iterable[tuple[str, str]] | None = None
) -> Refusal | None:
    """Put a new or changed body on record, with what it may decide; None = competences stay."""
    if body.successor is not None:
        body.active = False  # whoever has a successor receives nothing more
    if refused := _body_refusal(body):
        return refused
    with transaction.atomic():
        before = Body.objects.filter(pk=body.pk).first() if body.pk else None
        if (
            before
            and before.active
            and not body.active
            and (refused := _closing_refusal(before, body.successor))
        ):
            return refused
        body.save()
        changed = difference(before, body, BODY_FIELDS)
        if competences is not None:
            changed |= _save_competences(body, set(competences), new=before is None)
        if body.successor and (before is None or before.successor_id != body.successor_id):
            _hand_on(body, body.successor)
        if changed or before is None:
            write_down("body-changed" if before else "body-created", by, now, body=body.code, changed=changed)
    return None


def _body_refusal(body: Body) -> Refusal | None:
    if body.superior is None and not body.external:
        return _refused(NEEDS_SUPERIOR, "superior")
    if body.external and body.recorded_by is None and body.active:
        return _refused(NEEDS_RECORDER, "recorded_by")
    heir = body.successor
    if heir and (heir.pk == body.pk or not heir.active or heir.external):
        return _refused(NO_HEIR, "successor")
    for line in ("superior", "sector_superior"):
        above = getattr(body, line)
        if body.pk and above and (above.pk == body.pk or body.code in above.answers_to):
            return _refused(OWN_SUBORDINATE, line)
    sector = body.sector_superior
    if sector and LEVELS.index(sector.level) >= LEVELS.index(body.level):
        return _refused(NOT_HIGHER, "sector_superior")
    return None


def _hand_on(body: Body, heir: Body) -> None:
    """What the old body may decide is the successor's; a report about the one is kept from the other too.

    The petitions follow one by one, by the clerk: a move each, so that it can stop and go on at any time.
    """
    had = set(heir.competences.values_list("subject", "area"))
    for each in body.competences.all():
        if (each.subject, each.area) not in had:
            Competence.objects.create(body=heir, subject=each.subject, area=each.area)
    record.keep_from_heir(body, heir)


def _closing_refusal(body: Body, body_heir: Body | None) -> Refusal | None:
    if body_heir is None and Petition.objects.filter(holder=body, is_open=True).exists():
        return _refused(HOLDS_PETITIONS, "active")
    if not _administrators().exclude(body=body).exists():
        return _refused(LAST_ADMINISTRATOR, "active")
    if _auditors(body).exists() and not (body_heir and _auditors(body_heir).exists()):
        return _refused(HEIR_WITHOUT_AUDITOR, "active")
    return None


def close_unused(unused: Collection[Body], *, by: Officer | None, now: datetime) -> Refusal | None:
    """Take many bodies out of service at once, at which nobody works and where no petition is open."""
    with transaction.atomic():
        if Petition.objects.filter(holder__in=unused, is_open=True).exists():
            return _refused(HOLDS_PETITIONS, "active")
        if Role.objects.filter(body__in=unused).exists():
            return _refused(WORKED_AT, "active")
        Body.objects.filter(pk__in=[body.pk for body in unused]).update(active=False)
        routing.forget()
        closed = [{"did": "body-changed", "body": body.code, "changed": CLOSED} for body in unused]
        Change.objects.bulk_create([Change(actor=by, at=now, what=what) for what in closed])
    return None


def _save_competences(body: Body, wanted: set[tuple[str, str]], *, new: bool) -> dict[str, Any]:
    had = set() if new else {(c.subject, c.area) for c in body.competences.all()}
    if had == wanted:
        return {}
    for subject, area in had - wanted:
        body.competences.filter(subject=subject, area=area).delete()
    added = sorted(wanted - had)
    Competence.objects.bulk_create([Competence(body=body, subject=s, area=a) for s, a in added])
    return {"competences": [_joined(had), _joined(wanted)]}


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    return "；".join(sorted(f"{subject} {area}".strip() for subject, area in pairs))


# ---- accounts and roles


def hire(officer: Officer, *, by: Officer | None, now: datetime) -> Hired:
    """Open an account with a password that must be changed at the first sign-in."""
    ready = prepare(officer)
    open_account(ready, by=by, now=now)
    return ready


def prepare(officer: Officer) -> Hired:
    """Give a new account its password. That takes long by design, so it is done before any transaction."""
    password = _new_password()
    officer.set_password(password)
    return Hired(officer, password)


def open_account(ready: Hired, *, by: Officer | None, now: datetime, through: str = "") -> None:
    """Put an account on record whose password is prepared. `through`: which program asked for it, if any."""
    with transaction.atomic():
        ready.officer.save(force_insert=True)
        write_down("officer-created", by, now, officer=ready.officer.login, **_through(through))


def save_officer(officer: Officer, *, by: Officer | None, now: datetime, through: str = "") -> Refusal | None:
    """Change an account. One that closes keeps its place in the ledger; its petitions wait for another."""
    with transaction.atomic():
        before = Officer.objects.get(pk=officer.pk)
        if before.is_active and not officer.is_active:
            _hold_administrators()
            others = _administrators().exclude(officer=officer)
            if _is_administrator(before) and not others.exists():
                return _refused(LAST_ADMINISTRATOR, "is_active")
            if any(_is_last_auditor(before, role.body) for role in before.roles.filter(role=AUDITOR)):
                return _refused(LAST_AUDITOR, "is_active")
        officer.save(update_fields=OFFICER_FIELDS)
        if before.is_active != officer.is_active:
            board_round.tell(Petition.objects.filter(officer=officer, is_open__in=[True, False]))
        if changed := difference(before, officer, OFFICER_FIELDS):
            what = _through(through)
            write_down("officer-changed", by, now, officer=officer.login, changed=changed, **what)
    return None


def reset_password(officer: Officer, *, by: Officer | None, now: datetime) -> str:
    """A new password for somebody who lost theirs; the sessions under the old one end with it."""
    password = _new_password()
    officer.set_password(password)
    officer.last_login = None  # the mark of a password that its owner has not chosen
    with transaction.atomic():
        officer.save(update_fields=["password", "last_login"])
        write_down("password-reset", by, now, officer=officer.login)
    return password


def apart(held: Iterable[str], role: str) -> Text | None:
    """Why nobody may add this role to those they hold, wherever; None where they may."""
    for pair, why in APART.items():
        if role in pair and not pair.isdisjoint(set(held) - {role}):
            return why
    return None


def drop_password(officer: Officer, *, by: Officer, now: datetime) -> Refusal | None:
    """Leave only an identity provider to open this account. Refused to the last administrator with one."""
    with transaction.atomic():
        _hold_administrators()
        if is_last_administrator(officer):
            return _refused(LAST_ADMINISTRATOR, "password")
        officer.set_unusable_password()
        officer.save(update_fields=["password"])
        write_down("password-dropped", by, now, officer=officer.login)
    return None


def give_role(
    officer: Officer, body: Body, role: str, *, by: Officer | None, now: datetime, through: str = ""
) -> Refusal | None:
    """Give a role. Refused where it is one of two that nobody holds together."""
    with transaction.atomic():
        # Two who give it two roles at once: the second waits and sees the first.
        list(Officer.objects.select_for_update(of=("self",)).filter(pk=officer.pk).values_list("pk"))
        held = set(officer.roles.values_list("role", flat=True))
        if wrong := apart(held, role):
            return _refused(wrong, "role")
        _, new = Role.objects.get_or_create(officer=officer, body=body, role=role)
        if new:
            end_sessions(officer)
            what = {"body": body.code, "role": role, **_through(through)}
            write_down("role-given", by, now, officer=officer.login, **what)
    return None


def take_role(role: Role, *, by: Officer | None, now: datetime, through: str = "") -> Refusal | None:
    with transaction.atomic():
        if role.role == ADMINISTRATOR and not _administrators().exclude(pk=role.pk).exists():
            return _refused(LAST_ADMINISTRATOR, "role")
        if role.role == AUDITOR and _is_last_auditor(role.officer, role.body):
            return _refused(LAST_AUDITOR, "role")
        end_sessions(role.officer)
        what = {"body": role.body.code, "role": role.role, **_through(through)}
        write_down("role-taken", by, now, officer=role.officer.login, **what)
        role.delete()
    return None


def end_sessions(officer: Officer) -> None:
    """Sign an officer out everywhere: what they may do, or how they prove who they are, has changed."""
    officer.session_mark = secrets.token_urlsafe(16)
    calendar_links.revoked(officer)
    Officer.objects.filter(pk=officer.pk).update(session_mark=officer.session_mark)


def is_last_administrator(officer: Officer) -> bool:
    """Whether nobody else is left who could open the desk without any provider, and help others back in."""
    return _is_administrator(officer) and not _administrators().exclude(officer=officer).exists()


def _administrators() -> Any:
    rows = Role.objects.filter(role=ADMINISTRATOR, officer__is_active=True, body__active=True)
    # Who has no password comes in by an identity provider alone, and not at all on the day it fails.
    rows = rows.exclude(officer__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    # Two administrators who let each other go at the same time: the second waits and sees the first.
    return rows.select_for_update(of=("self",)) if transaction.get_connection().in_atomic_block else rows


def _hold_administrators() -> None:
    """Wait for whoever else is changing one: what is asked afterwards sees what they did to the account."""
    list(_administrators().values_list("pk"))


def _auditors(body: Body) -> Any:
    rows = Role.objects.filter(role=AUDITOR, body=body, officer__is_active=True)
    return rows.select_for_update(of=("self",)) if transaction.get_connection().in_atomic_block else rows


def _is_last_auditor(officer: Officer, body: Body) -> bool:
    """Whether nobody else audits that body. One that is closed already has handed on what it had."""
    if not (officer.is_active and body.active):
        return False
    there = _auditors(body)
    return there.filter(officer=officer).exists() and not there.exclude(officer=officer).exists()


def _is_administrator(officer: Officer) -> bool:
    return officer.is_active and officer.roles.filter(role=ADMINISTRATOR, body__active=True).exists()


def _new_password() -> str:
    letters = "".join(secrets.choice(keys.ALPHABET) for _ in range(PASSWORD_LETTERS))
    return "-".join(letters[i : i + 4] for i in range(0, PASSWORD_LETTERS, 4))


# ---- absence


def colleagues_of(officer: Officer) -> Any:
    """Who may stand in for an officer: active officers who handle petitions at one of the same bodies."""
    at = officer.roles.values("body")
    same = Role.objects.filter(body__in=at, body__active=True, role__in=HANDLING_ROLES)
    return Officer.objects.filter(pk__in=same.values("officer"), is_active=True).exclude(pk=officer.pk)


def set_absence(
    officer: Officer,
    *,
    first: date | None,
    last: date | None,
    stands_in: Officer | None,
    by: Officer | None,
    now: datetime,
) -> Refusal | None:
    """Say when an officer is away and who stands in; without dates: they are here."""
    if first is None and (last or stands_in):
        return _refused(DATES_NEEDED, "away_from")
    if first and last and last < first:
        return _refused(RUNS_BACKWARDS, "away_until")
    if stands_in and not colleagues_of(officer).filter(pk=stands_in.pk).exists():
        return _refused(NOT_A_COLLEAGUE, "stands_in")
    fields = ("away_from", "away_until", "stands_in")
    with transaction.atomic():
        before = Officer.objects.select_related("stands_in").get(pk=officer.pk)
        officer.away_from, officer.away_until, officer.stands_in = first, last, stands_in
        officer.save(update_fields=fields)
        if changed := difference(before, officer, fields):
            write_down("absence-set", by, now, officer=officer.login, changed=changed)
    return None


# ---- the record


def write_down(did: str, by: Officer | None, now: datetime, **what: Any) -> Change:
    """One row of what was changed; called inside the transaction that changes it."""
    return Change.objects.create(actor=by, at=now, what={"did": did, **what})


def difference(before: Model | None, after: Model, fields: Iterable[str]) -> dict[str, list[str]]:
    """Field -> [before, after], as words that still say something years later."""
    shown = {name: (_shown(before, name) if before else "", _shown(after, name)) for name in fields}
    return {name: [old, new] for name, (old, new) in shown.items() if old != new}


def _shown(row: Model, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, Body):
        return value.code
    if isinstance(value, Officer):
        return value.login
    return "" if value is None else str(value)


def _through(program: str) -> dict[str, str]:
    return {"through": program} if program else {}


def _refused(reason: Text, field: str) -> Refusal:
    return Refusal("keeping", reason, "", _fields(reason, field))


def _fields(reason: Text, field: str) -> Mapping[str, Text]:
    return {field: reason}
