"""Accounts kept by a directory's program, in the name of an administrator and by the rules for hands.

A directory of the staff, and never of anybody who petitions. No account is deleted: one that a directory
gives up is closed, keeps its place in the record, and is not shown to it any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from huiyin.core.refusal import Refusal
from huiyin.core.scim import Wanted
from huiyin.core.text import Text
from huiyin.registry import keeping
from huiyin.registry.access import Acting
from huiyin.registry.bodies import ROLE_NAMES, Body, Officer, Role
from huiyin.registry.provider_links import LONGEST, ProviderLink, StaffEntry

SCIM = "scim"
NO_LOGIN = Text(
    "userName 只能用字母、数字、- 和 _，最多 40 个", "userName: letters, digits, - and _, 40 at most"
)
STAYS = Text("userName 不能改", "userName stays as it is")
TAKEN = Text("userName 或者 externalId 已经有人使用", "userName or externalId is in use")
NO_MAIL = Text("emails 不是邮箱地址", "emails: this is no address")
TOO_LONG = Text("{name} 太长", "{name} is too long")
NO_ROLE = Text("没有这个角色：{role}", "there is no role {role}")
NO_BODY = Text("您管理的单位里没有 {body}", "there is no body {body} among those that you keep")
NOT_YOURS = Text(
    "此人还在别的单位任职，由那里的管理员管理",
    "this officer also serves at a body that you do not keep; the account is kept there",
)
NO_PROVIDER = Text("没有设置身份提供方", "no identity provider is set up")
ONLY_AT_FIRST = Text(
    "已有密码或者已关联的账号，只能由本人关联身份提供方",
    "an account that a password or a link opens already is linked by its owner alone",
)
KINDS = {  # code -> whether it is a slip in what was sent, or a rule of the house
    "taken": "uniqueness",
    "login-stays": "mutability",
    "value": "invalidValue",
}


class _Refused(Exception):
    """Carries a refusal out of a transaction of which nothing stays."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def known_to(acting: Acting) -> QuerySet[Officer]:
    """The accounts that this administrator keeps or could keep, without those that were given up."""
    serving = Role.objects.filter(body__in=Body.objects.filter(keeping.bodies_kept_by(acting)))
    mine = Officer.objects.filter(Q(pk__in=serving.values("officer")) | Q(roles=None))
    shown = mine.exclude(staff_entry__given_up=True).distinct()
    return (
        shown.select_related("staff_entry").prefetch_related("roles__body", "provider_links").order_by("pk")
    )


def save(officer: Officer | None, wanted: Wanted, acting: Acting, *, now: datetime) -> Officer | Refusal:
    """Make an account, or make one as it is wanted: all of it or nothing."""
    try:
        with transaction.atomic():
            return _saved(officer, wanted, acting, now)
    except _Refused as no:
        return no.refusal
    except IntegrityError:
        return Refusal("taken", TAKEN)


def give_up(officer: Officer, acting: Acting, *, now: datetime) -> Refusal | None:
    """Close an account that the directory has no more, and show it to the directory no more."""
    try:
        with transaction.atomic():
            _mine(officer, acting)
            officer.is_active = False
            if refused := keeping.save_officer(officer, by=acting.officer, now=now, through=SCIM):
                raise _Refused(refused)
            StaffEntry.objects.update_or_create(
                officer=officer, defaults={"given_up": True, "external_id": None}
            )
    except _Refused as no:
        return no.refusal
    return None


def _saved(officer: Officer | None, wanted: Wanted, acting: Acting, now: datetime) -> Officer:
    _check(wanted)
    if officer is None:
        officer = _opened(wanted, acting, now)
    else:
        if wanted.login.lower() != officer.login.lower():
            raise _Refused(Refusal("login-stays", STAYS))
        _mine(officer, acting)
        _changed(officer, wanted, acting, now)
    _linked(officer, wanted, acting, now)
    StaffEntry.objects.update_or_create(officer=officer, defaults={"external_id": wanted.external or None})
    if wanted.roles is not None:
        for refused in _roles(officer, wanted.roles, acting, now):
            raise _Refused(refused)
    return known_to(acting).get(pk=officer.pk)


def _check(wanted: Wanted) -> None:
    try:
        validate_slug(wanted.login)
    except ValidationError:
        raise _value(NO_LOGIN) from None
    if len(wanted.login) > 40:
        raise _value(NO_LOGIN)
    for name, value, longest in (
        ("displayName", wanted.name, 60),
        ("title", wanted.title, 60),
        ("externalId", wanted.external, LONGEST),
        ("subject", wanted.known_as, LONGEST),
        ("emails", wanted.email, 254),
    ):
        if len(value) > longest:
            raise _value(TOO_LONG.format(name=name))
    if wanted.email:
        try:
            validate_email(wanted.email)
        except ValidationError:
            raise _value(NO_MAIL) from None


def _value(text: Text) -> _Refused:
    return _Refused(Refusal("value", text))


def _mine(officer: Officer, acting: Acting) -> None:
    if not keeping.keeps_account_of(acting, officer):
        raise _Refused(Refusal("not-yours", NOT_YOURS))


def _opened(wanted: Wanted, acting: Acting, now: datetime) -> Officer:
    if Officer.objects.filter(login__iexact=wanted.login).exists():
        raise _Refused(Refusal("taken", TAKEN))
    officer = Officer(login=wanted.login.lower(), name=wanted.name, title=wanted.title)
    officer.email, officer.is_active = wanted.email, wanted.active
    officer.set_unusable_password()
    keeping.open_account(keeping.Hired(officer, ""), by=acting.officer, now=now, through=SCIM)
    return officer


def _linked(officer: Officer, wanted: Wanted, acting: Acting, now: datetime) -> None:
    """Link an account that nothing opens yet. Later only its owner does: a link that others add is a way to
    come in as somebody who does not notice.
    """
    if not wanted.known_as or wanted.known_as == link_of(officer):
        return
    if settings.OIDC is None:
        raise _value(NO_PROVIDER)
    if officer.has_usable_password() or officer.provider_links.exists():
        raise _Refused(Refusal("login-stays", ONLY_AT_FIRST))
    issuer = settings.OIDC.issuer
    ProviderLink.objects.create(officer=officer, issuer=issuer, known_as=wanted.known_as, since=now)
    what = {"issuer": issuer, "through": SCIM}
    keeping.write_down("provider-linked", acting.officer, now, officer=officer.login, **what)


def link_of(officer: Officer) -> str:
    """How the identity provider knows them; '' where it does not."""
    issuer = settings.OIDC.issuer if settings.OIDC else ""
    return next((each.known_as for each in officer.provider_links.all() if each.issuer == issuer), "")


def _changed(officer: Officer, wanted: Wanted, acting: Acting, now: datetime) -> None:
    officer.name, officer.title, officer.email = wanted.name, wanted.title, wanted.email
    officer.is_active = wanted.active
    if refused := keeping.save_officer(officer, by=acting.officer, now=now, through=SCIM):
        raise _Refused(refused)


def _roles(
    officer: Officer, wanted: frozenset[tuple[str, str]], acting: Acting, now: datetime
) -> Iterator[Refusal]:
    """Take away and give what is wanted, at bodies that this administrator keeps; what is refused."""
    kept = {body.code: body for body in Body.objects.filter(keeping.bodies_kept_by(acting), external=False)}
    held = {(role.body.code, role.role): role for role in officer.roles.select_related("body", "officer")}
    for place in sorted(held.keys() - wanted):
        if place[0] in kept and (
            no := keeping.take_role(held[place], by=acting.officer, now=now, through=SCIM)
        ):
            yield no
    for code, role in sorted(wanted - held.keys()):
        if role not in dict(ROLE_NAMES):
            yield Refusal("value", NO_ROLE.format(role=role))
        elif code not in kept or not kept[code].active:
            yield Refusal("value", NO_BODY.format(body=code))
        elif no := keeping.give_role(officer, kept[code], role, by=acting.officer, now=now, through=SCIM):
            yield no
