"""Many officers at once, from a list: an account for each sign-in name, a role for each row.

Who is to hold two roles stands in two rows. An account that is here already is changed by its row and given
the role; none is closed and no role taken away by a list. Each new account gets a password of its own, shown
once, on a slip to be handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import transaction
from django.db.models.functions import Lower

from huiyin.core.text import Text
from huiyin.reading.tables import Table
from huiyin.registry import keeping, lists
from huiyin.registry.access import Acting
from huiyin.registry.body_lists import Change
from huiyin.registry.keeping import Hired
from huiyin.registry.lists import Column, Fault, Overtaken, Row
from huiyin.registry.models import Body, Officer

ROLES = (
    (
        "registrar",
        Text("登记人员", "registrar"),
        Text(
            "登记来件、转送交办；每个接收信访件的单位至少一名，否则来件无人处理",
            "puts petitions on record and sends them on: one at each body that takes in, or they lie there",
        ),
    ),
    (
        "handler",
        Text("经办人员", "handler"),
        Text(
            "核查并起草答复；每个有权处理的机关单位至少一名",
            "looks into it and drafts the answer: one at each body",
        ),
    ),
    (
        "head",
        Text("单位负责人", "head"),
        Text(
            "审签意见、批准延期；与经办人员不是同一人",
            "countersigns opinions and allows extensions: another person than the handler",
        ),
    ),
    (
        "reviewer",
        Text("复查复核人员", "reviewer"),
        Text(
            "复查、复核下级的意见；没有参与过原办理",
            "reviews what bodies below decided, and took no part in it",
        ),
    ),
    (
        "leader",
        Text("领导", "leader"),
        Text("包案、接访、阅批来信", "answers for hard cases and receives people"),
    ),
    (
        "supervisor",
        Text("督办人员", "supervisor"),
        Text(
            "督办逾期和不落实的，不办理信访件", "acts on what is late or not carried out, and handles nothing"
        ),
    ),
    (
        "relief",
        Text("救助人员", "relief"),
        Text("受理救助申请，另行封存", "reads applications for aid, which lie under a seal of their own"),
    ),
    (
        "custodian",
        Text("保管员", "custodian"),
        Text(
            "打开检举人身份前的第二个人；至少两名，在不同单位：一名不在或者被反映时，另一名可以决定",
            "the second person before a name behind a report opens: two, at different bodies, so that one "
            "can decide where the other is away or concerned",
        ),
    ),
    (
        "auditor",
        Text("审计员", "auditor"),
        Text(
            "查看谁打开过身份、谁改过设置；至少一名，不能由管理员兼任",
            "reads who opened a name and who changed the house: at least one, never an administrator",
        ),
    ),
    (
        "administrator",
        Text("管理员", "administrator"),
        Text(
            "管理单位、人员和角色，看不到任何信访件；至少两名，一名丢了验证器时另一名可以重置",
            "keeps bodies, accounts and roles and sees no petition: two, so that one can help when the other "
            "lost the second factor",
        ),
    ),
)
NAMES = tuple((code, name) for code, name, _ in ROLES)
COLUMNS = (
    Column("name", Text("姓名", "name"), Text("本人姓名", "of the person"), needed=True),
    Column(
        "login",
        Text("登录名", "sign-in name"),
        Text("字母和数字，如 zhanghui；以后不能改", "letters and digits; it cannot be changed later"),
        needed=True,
    ),
    Column("title", Text("职务", "title"), Text("可以空着", "may be empty")),
    Column(
        "email", Text("工作邮箱", "work e-mail"), Text("只用于到期提醒", "only for reminders of what is due")
    ),
    Column("body", Text("单位", "body"), Text("单位代码或者全称", "its code or its whole name"), needed=True),
    Column(
        "role",
        Text("角色", "role"),
        Text("、".join(name.zh for _, name in NAMES), ", ".join(name.en for _, name in NAMES)),
        needed=True,
    ),
)
HEADINGS = {column.name: column.heading for column in COLUMNS}
AT_ONCE = 20  # new accounts: to make a password takes a third of a second, and a page of slips is printed
OF_THE_ACCOUNT = ("name", "title", "email")

NO_SUCH_BODY = Text(
    "您管理的单位里没有这一个；请先导入单位，或者改正",
    "none of the bodies that you keep is called so: import the bodies first, or mend it",
)
SEVERAL = Text("有 {n} 个单位叫这个名称；请写代码", "{n} bodies have this name: write the code")
NO_SUCH_ROLE = Text("没有这个角色；可以写：{what}", "there is no such role; write one of {what}")
TWICE = Text("与第 {line} 行相同", "line {line} says the same")
OTHERWISE = Text("第 {line} 行写的是“{other}”", "line {line} says “{other}” of the same sign-in name")
NO_ADDRESS = Text("不是邮箱地址", "is no e-mail address")
NOT_YOURS = Text(
    "此人还在别的单位任职，由那里的管理员管理",
    "this officer also serves at a body that you do not keep; the account is kept there",
)
CLOSED = Text(
    "此账号已经关闭；请先在人员页面重新启用", "this account is closed: open it again at its page first"
)


@dataclass(slots=True)
class Planned:
    """One account of the list, with the roles that it is given."""

    login: str
    row: Row
    officer: Officer | None = None
    roles: list[tuple[Body, str]] = field(default_factory=list)  # those not held yet
    changes: list[Change] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.officer is None

    @property
    def given(self) -> list[tuple[Text, Text]]:
        return [(body.name, dict(NAMES)[role]) for body, role in self.roles]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would do, and all that is wrong with it."""

    rows: tuple[Planned, ...]
    faults: tuple[Fault, ...]

    @property
    def does(self) -> list[object]:
        """All that it would do, to be compared."""
        return [(each.login, each.is_new, each.changes, each.given) for each in self.rows]

    @property
    def new(self) -> list[Planned]:
        return [each for each in self.rows if each.is_new]

    @property
    def changed(self) -> list[Planned]:
        return [each for each in self.rows if not each.is_new and (each.changes or each.roles)]

    @property
    def same(self) -> int:
        return len(self.rows) - len(self.new) - len(self.changed)


def plan(table: Table, acting: Acting) -> Plan:
    """What this list would do here, in the hands of this administrator. Writes nothing."""
    try:
        rows, faults = lists.rows_of(table, COLUMNS)
    except lists.Faulty as error:
        return Plan((), error.faults)
    return _Judge(rows, acting).plan(faults)


class _Judge:
    def __init__(self, rows: Sequence[Row], acting: Acting) -> None:
        self.rows, self.acting = rows, acting
        logins = {row.cells["login"].lower() for row in rows}
        lowered = Officer.objects.annotate(lowered=Lower("login"))
        found = lowered.filter(lowered__in=logins).prefetch_related("roles__body")
        self.here = {officer.login.lower(): officer for officer in found}
        kept = list(Body.objects.filter(keeping.bodies_kept_by(acting), external=False, active=True))
        self.kept = {body.pk for body in Body.objects.filter(keeping.bodies_kept_by(acting))}
        self.codes = {body.code: body for body in kept}
        self.named: dict[str, list[Body]] = {}
        for body in kept:
            for name in {body.name_zh, body.name_en} - {""}:
                self.named.setdefault(name.lower(), []).append(body)
        self.faults: list[Fault] = []
        self.made: dict[str, Planned] = {}
        self.seen: dict[tuple[str, str, str], int] = {}
        self.held: dict[str, set[str]] = {}

    def plan(self, faults: Iterable[Fault]) -> Plan:
        for row in self.rows:
            self._one(row)
        found = sorted([*faults, *self.faults], key=lambda fault: fault.line)
        return Plan(tuple(self.made.values()), tuple(found))

    def _one(self, row: Row) -> None:
        login = row.cells["login"].lower()
        if not self._login(row, login):
            return
        first = self.made.get(login)
        if first is None:
            first = self.made[login] = self._account(row, login)
        else:
            self._says_the_same(row, first)
        body, role = self._body(row), lists.choice(row.cells["role"], NAMES)
        if role is None:
            listed = Text("、".join(n.zh for _, n in NAMES), ", ".join(n.en for _, n in NAMES))
            self._fault(row, "role", NO_SUCH_ROLE.format(what=listed))
        if body and role:
            self._role(row, first, body, role)

    def _login(self, row: Row, login: str) -> bool:
        try:
            validate_slug(login)
            if len(login) > 40 or login == "new":
                raise ValidationError("")
        except ValidationError:
            self._fault(row, "login", lists.NOT_A_CODE if login else lists.NEEDED)
            return False
        return True

    def _account(self, row: Row, login: str) -> Planned:
        made = Planned(login, row, self.here.get(login))
        if not row.cells["name"]:
            self._fault(row, "name", lists.NEEDED)
        for name in OF_THE_ACCOUNT:
            most = getattr(Officer._meta.get_field(name), "max_length", 0)
            if len(row.cells.get(name, "")) > most:
                self._fault(row, name, lists.TOO_LONG.format(most=most))
        if row.cells.get("email"):
            try:
                validate_email(row.cells["email"])
            except ValidationError:
                self._fault(row, "email", NO_ADDRESS)
        if made.officer is not None:
            self._known(row, made, made.officer)
        return made

    def _known(self, row: Row, made: Planned, officer: Officer) -> None:
        self.held[made.login] = {role.role for role in officer.roles.all()}
        if any(role.body_id not in self.kept for role in officer.roles.all()):
            self._fault(row, "login", NOT_YOURS)
        if not officer.is_active:
            self._fault(row, "login", CLOSED)
        for name in OF_THE_ACCOUNT:
            old, new = getattr(officer, name), row.cells.get(name)
            if new is not None and new != old:
                made.changes.append(Change(HEADINGS[name], old, new))

    def _says_the_same(self, row: Row, first: Planned) -> None:
        for name in OF_THE_ACCOUNT:
            said, other = row.cells.get(name, ""), first.row.cells.get(name, "")
            if said and said != other:
                self._fault(row, name, OTHERWISE.format(line=first.row.line, other=other))

    def _body(self, row: Row) -> Body | None:
        said = row.cells["body"].lower()
        if said in self.codes:
            return self.codes[said]
        found = self.named.get(said, [])
        if len(found) == 1:
            return found[0]
        self._fault(row, "body", SEVERAL.format(n=len(found)) if found else NO_SUCH_BODY)
        return None

    def _role(self, row: Row, account: Planned, body: Body, role: str) -> None:
        key = (account.login, body.code, role)
        if key in self.seen:
            self._fault(row, "role", TWICE.format(line=self.seen[key]))
            return
        self.seen[key] = row.line
        held = self.held.setdefault(account.login, set())
        if wrong := keeping.apart(held, role):
            self._fault(row, "role", wrong)
        held.add(role)
        has = account.officer is not None and any(
            each.body_id == body.pk and each.role == role for each in account.officer.roles.all()
        )
        if not has:
            account.roles.append((body, role))

    def _fault(self, row: Row, name: str, what: Text) -> None:
        self.faults.append(Fault(row.line, HEADINGS[name], row.cells.get(name, ""), what))


def portion(planned: Plan) -> Plan:
    """As much of a list as is kept at once: what it changes, and so many new accounts."""
    now = {id(each) for each in planned.new[:AT_ONCE]}
    return replace(planned, rows=tuple(e for e in planned.rows if not e.is_new or id(e) in now))


def keep(planned: Plan, *, by: Officer, now: datetime) -> list[Hired]:
    """Open the accounts, give the roles, and answer the new passwords: all or nothing. Raises Overtaken."""
    if planned.faults:
        raise ValueError("this list has faults")
    ready = {each.login: keeping.prepare(_new_officer(each)) for each in planned.new}
    with transaction.atomic():
        for each in planned.rows:
            _keep_one(each, ready.get(each.login), by=by, now=now)
    return list(ready.values())


def _new_officer(each: Planned) -> Officer:
    return Officer(login=each.login, **{name: each.row.cells.get(name, "") for name in OF_THE_ACCOUNT})


def _keep_one(each: Planned, ready: Hired | None, *, by: Officer, now: datetime) -> None:
    officer = each.officer or (ready.officer if ready else None)
    if officer is None:
        raise ValueError("neither an account nor a new one")
    if ready:
        keeping.open_account(ready, by=by, now=now)
    elif each.changes:
        for name in OF_THE_ACCOUNT:
            setattr(officer, name, each.row.cells.get(name, getattr(officer, name)))
        if refused := keeping.save_officer(officer, by=by, now=now):
            raise Overtaken(refused.reason)
    for body, role in each.roles:
        if refused := keeping.give_role(officer, body, role, by=by, now=now):
            raise Overtaken(refused.reason)


EXAMPLES = (
    ("张登", "zhangdeng", "科员", "zhangdeng@example.org", "registrar"),
    ("李经", "lijing", "科员", "", "handler"),
    ("王审", "wangshen", "科长", "", "head"),
)


def template(body: str, *, chinese: bool) -> bytes:
    """Rows to write over, at a body that is here."""
    rows = [
        (name, login, title, email, body, dict(NAMES)[role].zh if chinese else role)
        for name, login, title, email, role in EXAMPLES
    ]
    return lists.as_csv(COLUMNS, rows, chinese=chinese)


def exported(officers: Iterable[Officer], kept: Iterable[int], *, chinese: bool) -> bytes:
    """These officers in the columns of the list, a row for each role at a body that is kept here."""
    mine = set(kept)
    rows = []
    for officer in officers:
        held = [role for role in officer.roles.all() if role.body_id in mine]
        for role in held:
            named = dict(NAMES)[role.role]
            word = named.zh if chinese else named.en
            rows.append((officer.name, officer.login, officer.title, officer.email, role.body.code, word))
    return lists.as_csv(COLUMNS, rows, chinese=chinese)
