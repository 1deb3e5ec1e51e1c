"""Step 2: who is above whom, who takes petitions in, who decides what."""

from __future__ import annotations

from huiyin.core.text import Text
from huiyin.registry import law
from huiyin.site.readiness.known import Known
from huiyin.site.readiness.line import BAD, GOOD, WARN, Line, Step, good, named

IMPORT, LIST = "desk:body-list", "desk:bodies"


def step(known: Known) -> Step:
    return Step(
        "bodies",
        Text("单位", "Bodies"),
        Text(
            "信访件按这棵树找到有权处理的单位，复查也按它上行。",
            "A petition finds its way along this tree, and a review goes up it.",
        ),
        (
            _there(known),
            _taking_in(known),
            _above(known),
            _deciding(known),
            *((_discipline(known),) if "report" in law.in_force(known.day).lodged_kinds else ()),
            _reachable(known),
        ),
    )


def _there(known: Known) -> Line:
    n = len(known.inside)
    if n > 1:
        return good("bodies", f"在职单位 {n} 个", f"{n} bodies are in service", LIST)
    return Line(
        "bodies",
        BAD,
        Text("只有开头的那个单位", "There is only the body that it began with"),
        Text(
            "把各单位写在一张表里一次导入，或者逐个登记",
            "Import them all from one list, or put them on record one by one",
        ),
        IMPORT,
    )


def _taking_in(known: Known) -> Line:
    taking = [body for body in known.inside if body.receives]
    if taking:
        says = Text("接收未指明单位的信访件：{who}", "What names no body is taken in by {who}")
        return Line("receives", GOOD, says.format(who=named(b.name for b in taking)), None, LIST)
    return Line(
        "receives",
        BAD,
        Text("没有单位接收未指明单位的信访件", "No body takes in what names no body"),
        Text(
            "在信访局的页面上勾选“接收未指明单位的信访件”；没有信访局的，先登记一个",
            "Tick “takes in petitions that name no body” at the petition office; where there is none, put "
            "one on record first",
        ),
        LIST,
    )


def _above(known: Known) -> Line:
    active = {body.pk for body in known.bodies}
    alone = [body for body in known.inside if body.superior_id not in active]
    if not alone:
        return good(
            "superior",
            "每个单位都有上一级，复查有去处",
            "Every body has one above it: a review has where to go",
        )
    return Line(
        "superior",
        BAD,
        Text("上一级不在职：{who}", "The body above is out of service: {who}").format(
            who=named(b.name for b in alone)
        ),
        Text("给它们另选上一级", "Choose another one above them"),
        LIST,
    )


def _deciding(known: Known) -> Line:
    organs = [body for body in known.inside if body.kind == "organ"]
    if any(body.competences.all() for body in organs):
        return good("competences", "职责已写明", "It is written down who decides what", LIST)
    return Line(
        "competences",
        WARN,
        Text("没有一个单位写明职责", "No body says what it may decide"),
        Text(
            "在导入表的“职责”一列写上主题，公众查找单位时要用",
            "Write the subjects into the column “what it may decide”: people look bodies up by them",
        ),
        IMPORT,
    )


def _discipline(known: Known) -> Line:
    if any(body.kind == "discipline" for body in known.bodies):
        return good("discipline", "检举控告有纪检监察机关接收", "There is a discipline body for reports")
    return Line(
        "discipline",
        WARN,
        Text("没有纪检监察机关", "There is no discipline body"),
        Text(
            "登记一个（可以是系统外的）；否则检举控告由信访局接收",
            "Put one on record, here or outside; without one, reports go to the petition offices",
        ),
        LIST,
    )


def _reachable(known: Known) -> Line:
    silent = [b for b in known.inside if b.receives and not (b.address and b.hours)]
    if not silent:
        return good(
            "reachable", "接收单位的地址和接待时间都已写明", "Whoever takes in says where and when it is open"
        )
    return Line(
        "reachable",
        WARN,
        Text("没有写地址或者接待时间：{who}", "No address or no hours: {who}").format(
            who=named(b.name for b in silent)
        ),
        Text(
            "补上：不上网的人要知道去哪里", "Fill them in: who does not use the web has to know where to go"
        ),
        LIST,
    )
