"""Who comes by way of an identity provider: found by issuer and subject, never by an address or a name.

Groups that the operator mapped give and take roles, by the rules that hold for roles given by hand. A role
that these rules refuse stays as it was, and whoever comes is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import IntegrityError, transaction

from huiyin.core.refusal import Refusal
from huiyin.core.staff_claims import Claims, Said
from huiyin.core.text import Text
from huiyin.registry import keeping, proving
from huiyin.registry.models import Body, Officer, ProviderLink, Role, SignedIn

PASSWORD, PROVIDER = "password", "provider"
LONGEST = 40  # characters of a sign-in name
KEPT = timedelta(days=180)  # for which it is on record who came in

UNKNOWN = Refusal(
    "not-linked",
    Text(
        "您在那里的账号还没有与这里的账号关联；请先用密码登录，再在“我的账户”中关联，或者请管理员处理",
        "your account there is linked with none here yet: sign in with your password and link it under “My "
        "account”, or ask an administrator",
    ),
)
CLOSED = Refusal("account-closed", Text("这个账号已经关闭", "this account is closed"))
TAKEN = Refusal(
    "login-taken",
    Text(
        "这里已有同名的账号，但没有与您在那里的账号关联；如果是您的，请先用密码登录，再在“我的账户”中关联",
        "an account of this sign-in name is here already and not linked with yours: if it is you, sign in "
        "with your password and link it under “My account”",
    ),
)
NO_LOGIN = Refusal(
    "no-login",
    Text(
        "那里没有给出可用的登录名（字母、数字、- 和 _，最多 40 个）；请告诉管理员",
        "no sign-in name came from there that could be used (letters, digits, - and _, 40 at most): tell an "
        "administrator",
    ),
)
LINKED_ELSEWHERE = Refusal(
    "linked-elsewhere",
    Text("那里的账号已经与这里的另一个账号关联", "that account is linked with another one here already"),
)
TWICE = Refusal(
    "linked-already",
    Text("这个账号已经关联；请先解除原来的关联", "this account is linked already: end that link first"),
)


NO_BODY = Text(
    "这里没有代码为 {body} 的单位；请告诉管理员",
    "there is no body {body} in service here: tell an administrator",
)


@dataclass(frozen=True, slots=True)
class Come:
    """Who came, and what their groups should have changed and could not."""

    officer: Officer
    refused: tuple[Refusal, ...] = ()


def come(issuer: str, subject: str, said: Said, claims: Claims, *, now: datetime) -> Come | Refusal:
    """The officer behind an account there, with name and roles as they are there now."""
    try:
        return _come(issuer, subject, said, claims, now)
    except IntegrityError:  # two browsers came for the first time at once: the other one made the account
        return _come(issuer, subject, said, claims, now)


@transaction.atomic
def _come(issuer: str, subject: str, said: Said, claims: Claims, now: datetime) -> Come | Refusal:
    link = ProviderLink.objects.select_related("officer").filter(issuer=issuer, known_as=subject).first()
    if link is None:
        made = _opened(issuer, subject, said, claims, now)
        if isinstance(made, Refusal):
            return made
        officer = made
    else:
        officer = link.officer
        if not officer.is_active:
            return CLOSED
        _told_anew(officer, said, now)
    refused = (*_given_up(officer, said, claims, now), *_given(officer, said, now))
    return Come(Officer.objects.get(pk=officer.pk), refused)


def _opened(issuer: str, subject: str, said: Said, claims: Claims, now: datetime) -> Officer | Refusal:
    """A new account, where the operator wants them and a group gives it a role."""
    if not claims.opens_accounts or not said.roles:
        return UNKNOWN
    login = said.login.lower()
    try:
        validate_slug(login)
    except ValidationError:
        return NO_LOGIN
    if len(login) > LONGEST:
        return NO_LOGIN
    if Officer.objects.filter(login__iexact=login).exists():
        return TAKEN
    officer = Officer(
        login=login, name=said.name[:60] or login, title=said.title[:60], email=_mail(said.email)
    )
    officer.set_unusable_password()
    keeping.open_account(keeping.Hired(officer, ""), by=None, now=now, through=PROVIDER)
    ProviderLink.objects.create(officer=officer, issuer=issuer, known_as=subject, since=now)
    return officer


def _told_anew(officer: Officer, said: Said, now: datetime) -> None:
    """Name, title and mail as they are there; what is not told there stays."""
    told = {"name": said.name[:60], "title": said.title[:60], "email": _mail(said.email)}
    changed = {name: value for name, value in told.items() if value and getattr(officer, name) != value}
    for name, value in changed.items():
        setattr(officer, name, value)
    if changed:
        keeping.save_officer(officer, by=None, now=now, through=PROVIDER)


def _mail(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address


def _given_up(officer: Officer, said: Said, claims: Claims, now: datetime) -> list[Refusal]:
    """Roles that a group gave and none gives any more."""
    lost = claims.governed - said.roles
    held = Role.objects.filter(officer=officer).select_related("body", "officer")
    gone = [role for role in held if (role.body.code, role.role) in lost]
    tried = (keeping.take_role(role, by=None, now=now, through=PROVIDER) for role in gone)
    return [refusal for refusal in tried if refusal is not None]


def _given(officer: Officer, said: Said, now: datetime) -> list[Refusal]:
    held = set(Role.objects.filter(officer=officer).values_list("body__code", "role"))
    new = sorted(said.roles - held)
    bodies = Body.objects.filter(active=True, external=False).in_bulk(
        {body for body, _ in new}, field_name="code"
    )
    tried = [
        keeping.give_role(officer, bodies[body], role, by=None, now=now, through=PROVIDER)
        for body, role in new
        if body in bodies
    ]
    unknown = sorted({body for body, _ in new} - bodies.keys())
    return [*filter(None, tried), *(Refusal("no-body", NO_BODY.format(body=body)) for body in unknown)]


# ---- links


def link(officer: Officer, issuer: str, subject: str, *, now: datetime) -> Refusal | None:
    """Make an account there open this one, by its owner who proved both. Sessions end, as they do then."""
    with transaction.atomic():
        if ProviderLink.objects.filter(issuer=issuer, known_as=subject).exclude(officer=officer).exists():
            return LINKED_ELSEWHERE
        if ProviderLink.objects.filter(officer=officer, issuer=issuer).exists():
            return TWICE
        ProviderLink.objects.create(officer=officer, issuer=issuer, known_as=subject, since=now)
        keeping.end_sessions(officer)
        keeping.write_down("provider-linked", officer, now, officer=officer.login, issuer=issuer)
    return None


def unlink(officer: Officer, *, by: Officer, now: datetime) -> bool:
    """Let no account of a provider open this one any more."""
    with transaction.atomic():
        gone, _ = ProviderLink.objects.filter(officer=officer).delete()
        if gone:
            keeping.end_sessions(officer)
            keeping.write_down("provider-unlinked", by, now, officer=officer.login)
    return bool(gone)


def is_linked(officer: Officer, issuer: str) -> bool:
    return ProviderLink.objects.filter(officer=officer, issuer=issuer).exists()


# ---- what a provider's second factor is good for


def counts_for(officer: Officer) -> bool:
    """Whether two factors at the provider are enough: not for who opens seals, audits or keeps the house."""
    return proving.DEMANDED.isdisjoint(officer.roles.values_list("role", flat=True))


def vouches_for(officer: Officer) -> bool:
    """Whether a provider that asks for two factors is set up, and knows this officer: for their programs."""
    provider = settings.OIDC
    if provider is None or not (provider.claims.acr or provider.claims.amr):
        return False
    return is_linked(officer, provider.issuer)


# ---- who came in


def came_in(officer: Officer, way: str, second: str, *, now: datetime) -> None:
    SignedIn.objects.create(officer=officer, at=now, way=way, second=second)


def forget(now: datetime) -> None:
    SignedIn.objects.filter(at__lt=now - KEPT).delete()
