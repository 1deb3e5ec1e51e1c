"""Bodies in a tree of levels, what each may decide, and the officers who serve there with their roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from huiyin.core import case
from huiyin.core.text import Text
from huiyin.core.vocabulary import BODY_KINDS

LEVELS = (
    ("nation", _("Nation")),
    ("province", _("Province")),
    ("prefecture", _("Prefecture")),
    ("county", _("County")),
    ("township", _("Township")),
)
KIND_NAMES = (
    ("office", _("Petition office")),
    ("organ", _("Competent body")),
    ("discipline", _("Discipline body")),
    ("judicial", _("Judicial body")),
    ("conference", _("Joint conference")),
)
ROLE_NAMES = (
    ("registrar", _("Registrar")),
    ("handler", _("Handler")),
    ("head", _("Head of the body")),
    ("reviewer", _("Reviewer")),
    ("leader", _("Leader")),
    ("supervisor", _("Supervisor")),
    ("relief", _("Relief officer")),
    ("custodian", _("Custodian")),
    ("auditor", _("Auditor")),
    ("administrator", _("Administrator")),
)


class Body(models.Model):
    """An organisation. Every body but the topmost external one has a superior: there is no "nobody above"."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=160)
    # 机关代字: how its document numbers begin, 青住建 in 青住建信受〔2026〕1号.
    short = models.CharField(_("short name in document numbers"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=KIND_NAMES)
    level = models.CharField(_("level"), max_length=12, choices=LEVELS)
    superior = models.ForeignKey(
        "self",
        verbose_name=_("next higher body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="below",
    )
    # 系统: the body one level up that does the same work; an author may ask it for a review (art. 35).
    sector_superior = models.ForeignKey(
        "self",
        verbose_name=_("next higher body of its sector"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sector_below",
    )
    # Codes from the top down to this body, as /province/city/bureau/: a subtree is one prefix.
    path = models.CharField(max_length=400, db_index=True, editable=False)
    # Codes of those above it by way of a sector line alone: its own line, or one of a body above it.
    beside = models.JSONField(default=list, editable=False)
    external = models.BooleanField(_("outside this installation, reached by letter"), default=False)
    recorded_by = models.ForeignKey(
        "self",
        verbose_name=_("whose registrars record its letters"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="records_for",
    )
    # Of a body outside: the installation that keeps it, and what it is called there.
    partner = models.ForeignKey(
        "Partner",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bodies",
        db_index=False,
        db_constraint=False,  # to check one would lock a table that everybody reads
    )
    partner_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    receives = models.BooleanField(_("takes in petitions that name no body"), default=False)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    hours = models.CharField(_("reception hours"), max_length=200, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("merged or abolished: who takes over"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    active = models.BooleanField(_("in service"), default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["path"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=BODY_KINDS), name="body_kind_known"),
            models.CheckConstraint(
                condition=models.Q(external=True) | models.Q(superior__isnull=False),
                name="body_has_a_superior",
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the path and what lies beside it; when a body moves, all that answer to it move along."""
        # Capitals would let one subtree pass for another: SQLite compares prefixes without regard to case.
        self.code = self.code.lower()
        before = (self.path, self.beside)
        self.path = f"{self.superior.path if self.superior else '/'}{self.code}/"
        self.beside = self._beside()
        super().save(*args, **kwargs)
        if before[0] and before != (self.path, self.beside):
            for body in Body.objects.filter(models.Q(superior=self) | models.Q(sector_superior=self)):
                body.save()

    def _beside(self) -> list[str]:
        inherited = self.superior.beside if self.superior else []
        sector = self.sector_superior
        own = [sector.code, *sector.answers_to] if sector else []
        return [code for code in dict.fromkeys([*own, *inherited]) if code not in self.chain]

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en or self.name_zh)

    @property
    def sign(self) -> str:
        """How its document numbers begin."""
        return self.short or self.name_zh

    @property
    def chain(self) -> tuple[str, ...]:
        """Codes of all bodies above on its government's line, nearest first."""
        return tuple(reversed(self.path.strip("/").split("/")[:-1]))

    @property
    def answers_to(self) -> tuple[str, ...]:
        """Codes of all bodies above on either line."""
        return (*self.chain, *self.beside)

    def touched_by(self, accused: Collection[str]) -> bool:
        """Whether a report about these bodies is about it, or about one that it answers to (charter 6)."""
        return self.as_core().touched_by(accused)

    def as_core(self) -> case.Body:
        kept_elsewhere = self.external and self.partner_id is not None
        return case.Body(self.code, self.kind, self.chain, self.external, tuple(self.beside), kept_elsewhere)


def next_higher(body: Body | case.Body) -> tuple[Body, ...]:
    """The next higher bodies in service: of its government's line, and of its sector's if that is another.

    One that is no longer in service is passed by, on its own line: there is never nobody above.
    """
    known = {each.pk: each for each in Body.objects.filter(code__in=(body.code, *body.answers_to))}
    own = (each for each in known.values() if each.code == body.code)
    lines = (_in_service(each, known, line) for each in own for line in ("superior_id", "sector_superior_id"))
    return tuple(dict.fromkeys(each for each in lines if each is not None))


def _in_service(body: Body, known: Mapping[int, Body], line: str) -> Body | None:
    above = known.get(getattr(body, line))
    while above is not None and not above.active:
        above = known.get(getattr(above, line))
    return above


class Competence(models.Model):
    """What a body may decide: a subject in an area. Empty area = wherever the body is."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="competences")
    subject = models.CharField(_("subject"), max_length=60)
    area = models.CharField(_("area"), max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "subject", "area"], name="competence_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.area}".strip()


class OfficerManager(BaseUserManager["Officer"]):
    def create_officer(self, login: str, password: str | None = None, **fields: Any) -> Officer:
        officer = self.model(login=login, **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """A person who works at one or more bodies. What they may do comes from their roles, body by body."""

    login = models.SlugField(_("sign-in name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    title = models.CharField(_("title"), max_length=60, blank=True)
    email = models.EmailField(_("work e-mail"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    stands_in = models.ForeignKey(
        "self",
        verbose_name=_("who stands in"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="stands_in_for",
    )
    # WCAG 2.1.4: single letters act only for whoever wants them to.
    single_keys = models.BooleanField(_("act by single letters on the keyboard"), default=True)
    # Made anew to end every session of theirs at once.
    session_mark = models.CharField(max_length=32, default="", editable=False)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    objects: ClassVar[OfficerManager] = OfficerManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["login"]

    def __str__(self) -> str:
        return self.name or self.login

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is bound to, by Django at each request: the password, and the mark."""
        # Django reads it through this name for old secrets too; it leans on `password` alone.
        held = f"{self.password}\n{self.session_mark}"
        return salted_hmac("huiyin.desk.session", held, secret=secret, algorithm="sha256").hexdigest()

    def is_away(self, day: date) -> bool:
        if self.away_from is None:
            return False
        return self.away_from <= day and (self.away_until is None or day <= self.away_until)


class Role(models.Model):
    """One role of one officer at one body."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="roles")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=16, choices=ROLE_NAMES)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "body", "role"], name="role_once")
        ]

    def __str__(self) -> str:
        return f"{self.officer_id}:{self.role}@{self.body_id}"


class Change(models.Model):
    """What somebody who keeps the house changed: a body, an account, a role, a stand-in. Never rewritten."""

    # Null: from the shell.
    actor = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    what = models.JSONField()  # {did, and what it was done to}; no petition is ever named here

    def __str__(self) -> str:
        return str(self.what.get("did", ""))


class SignInDelay(models.Model):
    """How often signing in failed under a name, and until when the next try has to wait.

    Kept by a keyed digest of the name that was typed, known or not, so that waiting tells nobody which names
    exist; no address and no device is written down.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
