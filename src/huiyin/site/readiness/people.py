"""Step 3: who works here, so that nothing lies unread and nobody checks themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from huiyin.core.text import Text
from huiyin.registry import keeping, law, proving
from huiyin.registry.models import Body, CodeApp, Officer, Passkey, Role
from huiyin.site.readiness.known import Known
from huiyin.site.readiness.line import BAD, GOOD, WARN, Line, Step, good, named

IMPORT, LIST = "desk:people-list", "desk:people"
ENOUGH = 2


def step(known: Known) -> Step:
    return Step(
        "people",
        Text("人员和角色", "Officers and roles"),
        Text(
            "账号按人开，角色按单位给；密码在首次登录时由本人更换。",
            "An account for each person, roles body by body; each changes the first password themselves.",
        ),
        (
            _at_each(known, REGISTRARS, [body for body in known.inside if body.receives]),
            _at_each(
                known,
                HANDLERS,
                [body for body in known.inside if body.kind == "organ" and not _leads(body, known)],
            ),
            *((_heads(known),) if law.in_force(known.day).rows_of("countersign") else ()),
            _several(known, "administrators", keeping.ADMINISTRATOR, Text("管理员", "administrator"), BAD),
            _auditor(known),
            _several(known, "custodians", keeping.CUSTODIAN, Text("保管员", "custodian"), WARN),
            _apart(known),
            *_signing_in(known),
        ),
    )


def _leads(body: Body, known: Known) -> bool:
    """Whether bodies stand below it: a government hears reviews and handles little by itself."""
    return any(each.superior_id == body.pk for each in known.inside)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A role that each of some bodies needs, and what happens without."""

    code: str
    role: str
    state: str
    name: Text
    otherwise: Text


REGISTRARS = _Wanted(
    "registrars",
    "registrar",
    BAD,
    Text("登记人员", "registrar"),
    Text("那里的来件会没有人看", "petitions would lie there unread"),
)
HANDLERS = _Wanted(
    "handlers",
    "handler",
    WARN,
    Text("经办人员", "handler"),
    Text("转送过去的没有人办理", "nobody would look into what is sent there"),
)


def _at_each(known: Known, wanted: _Wanted, bodies: list[Body]) -> Line:
    missing = known.without(bodies, wanted.role)
    name = wanted.name
    if bodies and not missing:
        says = Text("该有{name}的单位都有", "Every body that needs a {name} has one").format(name=name)
        return Line(wanted.code, GOOD, says, None, LIST)
    if not bodies:
        says = Text("还没有需要{name}的单位", "No body that needs a {name} yet").format(name=name)
        todo = Text("先完成“单位”一步", "Take the step “Bodies” first")
        return Line(wanted.code, wanted.state, says, todo, "desk:bodies")
    says = Text("没有{name}：{who}", "No {name}: {who}").format(name=name, who=named(b.name for b in missing))
    todo = Text("开账号并给予{name}角色；否则{why}", "Open an account with the role {name}; otherwise {why}")
    return Line(wanted.code, wanted.state, says, todo.format(name=name, why=wanted.otherwise), IMPORT)


def _heads(known: Known) -> Line:
    """An opinion is countersigned by another than who drafted it (rule of the house, and of the law)."""
    having = {each.body_id for each in known.held("handler")}
    missing = known.without([body for body in known.inside if body.pk in having], "head")
    if not missing:
        return good(
            "heads",
            "有经办人员的单位都有负责人审签",
            "Wherever somebody handles petitions, a head can countersign",
        )
    return Line(
        "heads",
        WARN,
        Text("有经办人员而没有负责人：{who}", "A handler and no head: {who}").format(
            who=named(b.name for b in missing)
        ),
        Text(
            "给一名负责人角色：不审签，意见出不去",
            "Give somebody the role head: without a countersignature no opinion goes out",
        ),
        LIST,
    )


def _several(known: Known, code: str, role: str, name: Text, otherwise: str) -> Line:
    n = len({each.officer_id for each in known.held(role)})
    if n >= ENOUGH:
        says = Text("{name} {n} 名", "{n} officers have the role {name}").format(name=name, n=n)
        return Line(code, GOOD, says, None, LIST)
    says = Text("{name}只有 {n} 名，至少要两名", "{n} with the role {name}; two are needed").format(
        name=name, n=n
    )
    why = {
        "administrators": Text(
            "再给一人管理员角色：一名丢了验证器，只有另一名能重置",
            "Make somebody else administrator too: who lost the second factor needs the other one",
        ),
        "custodians": Text(
            "在两个不同的单位各给一人保管员角色：没有保管员，检举人的身份谁也打不开",
            "Make two, at different bodies: without a custodian nobody can open who is behind a report",
        ),
    }
    return Line(code, otherwise, says, why[code], IMPORT)


def _auditor(known: Known) -> Line:
    n = len({each.officer_id for each in known.held(keeping.AUDITOR)})
    if n:
        return Line("auditor", GOOD, Text(f"审计员 {n} 名", f"{n} with the role auditor"), None, LIST)
    return Line(
        "auditor",
        BAD,
        Text("没有审计员", "There is no auditor"),
        Text(
            "给一名不是管理员的人审计员角色：要有人看谁打开过身份、谁改过设置",
            "Give the role to somebody who is no administrator: somebody has to read who opened a name and "
            "who changed the house",
        ),
        IMPORT,
    )


def _apart(known: Known) -> Line:
    held: dict[Officer, set[str]] = defaultdict(set)
    for each in known.roles:
        held[each.officer].add(each.role)
    both = {
        officer.login: why
        for officer, roles in held.items()
        for role in sorted(roles)
        if (why := keeping.apart(roles, role))
    }
    if not both:
        return good("apart", "没有人兼任互斥的角色", "Nobody holds two roles that check one another")
    return Line(
        "apart",
        BAD,
        Text("兼任了互斥的角色：{who}", "Two roles that check one another: {who}").format(
            who=", ".join(sorted(both))
        ),
        Text("收回其中一个：{why}", "Take one of them away: {why}").format(why=next(iter(both.values()))),
        LIST,
    )


def _signing_in(known: Known) -> tuple[Line, ...]:
    officers = {each.officer_id: each.officer for each in known.roles}.values()
    fresh = [officer for officer in officers if officer.last_login is None]
    having = set(CodeApp.objects.values_list("officer", flat=True))
    having |= set(Passkey.objects.values_list("officer", flat=True))
    signed_in = [officer for officer in officers if officer.last_login is not None]
    bare = [o for o in signed_in if o.pk not in having and _is_asked(o, known.roles)]
    return (
        _those(
            "signed-in",
            fresh,
            Text("每个人都登录过，并换了密码", "Everybody signed in and chose a password"),
            Text("还没有登录过：{who}", "Have not signed in yet: {who}"),
            Text(
                "把一次性密码条交给他们；找不到了，在人员页面勾选重做",
                "Hand them their slips; tick those that are lost on the page of officers, and make new ones",
            ),
        ),
        _those(
            "second-factor",
            bare,
            Text("要求第二重验证的人都已添加", "Everybody of whom it is asked has a second factor"),
            Text("还没有第二重验证：{who}", "No second factor yet: {who}"),
            Text(
                "他们下次登录时会被带到添加的页面，在此之前打不开工作台",
                "The next sign-in leads them to add one; the desk stays shut until then",
            ),
        ),
    )


def _is_asked(officer: Officer, roles: Iterable[Role]) -> bool:
    return proving.is_demanded_for(each.role for each in roles if each.officer_id == officer.pk)


def _those(code: str, officers: list[Officer], fine: Text, says: Text, todo: Text) -> Line:
    if not officers:
        return Line(code, GOOD, fine, None, LIST)
    who = named(Text(str(officer), str(officer)) for officer in officers)
    return Line(code, WARN, says.format(who=who), todo, LIST)
