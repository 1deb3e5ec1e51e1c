"""The columns in which a list of bodies comes and goes, what stands in each, and a list to start from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from huiyin.core.text import Text
from huiyin.registry import lists
from huiyin.registry.lists import Column
from huiyin.registry.models import Body

LEVELS = (
    ("nation", Text("国家", "nation")),
    ("province", Text("省级", "province")),
    ("prefecture", Text("市级", "prefecture")),
    ("county", Text("县级", "county")),
    ("township", Text("乡级", "township")),
)
KINDS = (
    ("office", Text("信访部门", "petition office")),
    ("organ", Text("有权处理的机关单位", "competent body")),
    ("discipline", Text("纪检监察机关", "discipline body")),
    ("judicial", Text("政法机关", "judicial body")),
    ("conference", Text("联席会议", "joint conference")),
)
ALSO = (("organ", Text("职能部门", "organ")),)  # what lists and offices say as well
COLUMNS = (
    Column(
        "code",
        Text("代码", "code"),
        Text(
            "字母和数字，如 qinghe-zj；以后不能改",
            "letters and digits, as qinghe-zj; it cannot be changed later",
        ),
        needed=True,
    ),
    Column("name_zh", Text("名称", "name"), Text("单位全称", "the whole name, in Chinese"), needed=True),
    Column("name_en", Text("英文名称", "name in English"), Text("可以空着", "may be empty")),
    Column("short", Text("机关代字", "short name"), Text("文号开头，如 青住建", "as document numbers begin")),
    Column(
        "kind",
        Text("类别", "kind"),
        Text(
            "、".join(name.zh for _, name in KINDS),
            ", ".join(f"{code} ({name.en})" if code != name.en else code for code, name in KINDS),
        ),
        needed=True,
    ),
    Column(
        "level",
        Text("层级", "level"),
        Text("、".join(name.zh for _, name in LEVELS), ", ".join(code for code, _ in LEVELS)),
        needed=True,
    ),
    Column(
        "superior",
        Text("上一级", "next higher body"),
        Text("上一级单位的代码，可以在本表中", "its code; it may stand in the same list"),
        needed=True,
    ),
    Column(
        "sector_superior",
        Text("系统上级", "next higher body of its sector"),
        Text("同系统上一级的代码，如市住建局；可以空着", "as the city's housing bureau; may be empty"),
    ),
    Column(
        "external",
        Text("系统外", "outside"),
        Text("是：不用本系统，以函件往来", "yes: it is reached by letter"),
    ),
    Column(
        "recorded_by",
        Text("来函登记单位", "whose registrars record its letters"),
        Text("系统外单位必填：由哪个单位登记其来函（代码）", "of a body outside: the code of one here"),
    ),
    Column(
        "receives",
        Text("接收未指明单位的信访件", "takes in what names no body"),
        Text("是：通常是信访局", "yes: usually the petition office"),
    ),
    Column(
        "competences",
        Text("职责", "what it may decide"),
        Text(
            "每项一个主题，用分号隔开；只管一处的，主题后加逗号写地区：供水；水井，东镇",
            "subjects, semicolons between; a comma before the area if it is only that: water; wells, Dong",
        ),
    ),
    Column("address", Text("地址", "address"), Text("公众可见", "the public sees it")),
    Column("phone", Text("电话", "telephone"), Text("公众可见", "the public sees it")),
    Column(
        "hours",
        Text("接待时间", "reception hours"),
        Text("照样登在公众页面上，如 工作日 9:00—12:00", "as it reads on the public page"),
    ),
)
HEADINGS = {column.name: column.heading for column in COLUMNS}
LINKS = ("superior", "sector_superior", "recorded_by")


def held(body: Body, name: str) -> Any:
    """What stands in this column for a body that is here; its links as codes."""
    if name in LINKS:
        linked = getattr(body, name)
        return linked.code if linked else ""
    if name == "competences":
        return {(c.subject, c.area) for c in body.competences.all()}
    return getattr(body, name)


def shown(value: Any) -> str:
    """The same as words of a list."""
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, set):
        return "；".join(sorted("，".join(part for part in pair if part) for pair in value))
    return str(value or "")


def exported(bodies: Iterable[Body], *, chinese: bool) -> bytes:
    """These bodies in the columns of the list, as a file that can be imported again."""
    return lists.as_csv(COLUMNS, (_cells(body, chinese=chinese) for body in bodies), chinese=chinese)


def _cells(body: Body, *, chinese: bool) -> list[str]:
    said: dict[str, str] = {}
    for column in COLUMNS:
        value = held(body, column.name)
        if isinstance(value, bool):
            said[column.name] = (Text("是", "yes") if value else Text("", "")).say("zh" if chinese else "en")
        else:
            said[column.name] = shown(value)
    for name, names in (("kind", KINDS), ("level", LEVELS)):
        said[name] = dict(names)[said[name]].zh if chinese else said[name]
    return [said[column.name] for column in COLUMNS]


EXAMPLES = (
    {
        "code": "qinghe-xf",
        "name_zh": "青禾县信访局",
        "name_en": "Qinghe County Petition Office",
        "short": "青",
        "kind": "office",
        "level": "county",
        "receives": "yes",
        "address": "禾苗街12号",
        "phone": "0000-1234567",
        "hours": "工作日 8:30—12:00，14:00—17:30",
    },
    {
        "code": "qinghe-zj",
        "name_zh": "青禾县住房和城乡建设局",
        "name_en": "Qinghe County Housing Bureau",
        "short": "青住建",
        "kind": "organ",
        "level": "county",
        "competences": "住房和城乡建设；物业管理",
        "hours": "工作日 9:00—12:00",
    },
)


def template(above: str, *, chinese: bool) -> bytes:
    """Two rows to write over, below a body that is here."""
    rows = []
    for example in EXAMPLES:
        said = {**example, "superior": above}
        if chinese:
            said["kind"], said["level"] = dict(KINDS)[said["kind"]].zh, dict(LEVELS)[said["level"]].zh
            said["receives"] = "是" if "receives" in said else ""
        rows.append([said.get(column.name, "") for column in COLUMNS])
    return lists.as_csv(COLUMNS, rows, chinese=chinese)
