"""Bodies and officers from a list: all that is wrong is named by line, and all is kept or nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.registry import lists, officer_lists
from huiyin.registry.bodies import ROLE_NAMES
from huiyin.registry.models import Body, Change, Officer, Role

HEADING = "代码,名称,类别,层级,上一级,系统外,来函登记单位,接收未指明单位的信访件,职责,接待时间\n"
TOWN = "dong,东镇人民政府,职能部门,乡级,xian,,,,,工作日 9:00—12:00\n"
WATER = "sl,县水利局,职能部门,县级,xian,,,,供水；水井，东镇,\n"
NOWHERE = TOWN.replace("xian", "no")
WHERE, WHO = "/desk/lists/bodies/", "/desk/lists/people/"
NAMES = "姓名,登录名,职务,工作邮箱,单位,角色\n"

Desk = Callable[..., Client]


def choose(browser: Client, content: bytes | str, where: str = WHERE, name: str = "list.csv") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return browser.post(where, {"file": SimpleUploadedFile(name, raw)})


def confirm(browser: Client, shown: Any, where: str = WHERE) -> Any:
    assert shown.status_code == 200, [str(f.what) for f in shown.context["plan"].faults]
    return browser.post(where, {"list": shown.context["text"], "told": shown.context["told"]})


def faults(shown: Any) -> list[tuple[int, str, str]]:
    """Line, column, value of each."""
    assert shown.status_code == 400
    return [(f.line, f.column.zh if f.column else "", f.value) for f in shown.context["plan"].faults]


# ---- bodies


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_is_shown_as_a_tree_and_kept_when_it_is_confirmed(
    desk: Desk, bodies: dict[str, Body], encoding: str
) -> None:
    # The township stands above its office in the list's tree, and below it in the file.
    office = "dong-xf,东镇信访办,信访部门,乡级,dong,,,是,,\n"
    shown = choose(desk("ada"), (HEADING + office + TOWN + WATER).encode(encoding))
    assert [(row.code, row.depth) for row in shown.context["plan"].rows] == [
        ("dong", 0),
        ("dong-xf", 1),
        ("sl", 0),
    ]
    assert Body.objects.count() == len(bodies)
    assert confirm(desk("ada"), shown).status_code == 302
    made = Body.objects.get(code="dong-xf")
    assert (made.path.endswith("/xian/dong/dong-xf/"), made.receives, made.kind) == (True, True, "office")
    competences = Body.objects.get(code="sl").competences.values_list("subject", "area")
    assert set(competences) == {("供水", ""), ("水井", "东镇")}
    assert Change.objects.filter(what__did="body-created", actor__login="ada").count() == 3


def test_a_workbook_is_read_as_a_list(desk: Desk, bodies: dict[str, Body]) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for line in (HEADING + TOWN).splitlines():
        sheet.append(line.split(","))
    made = io.BytesIO()
    book.save(made)
    shown = choose(desk("ada"), made.getvalue(), name="list.xlsx")
    assert confirm(desk("ada"), shown).status_code == 302
    assert Body.objects.filter(code="dong").exists()


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ("a,甲,职能部门,县级,nowhere,,,,,\n", [(2, "上一级", "nowhere")]),
        ("a,甲,职能部门,县级,b,,,,,\nb,乙,职能部门,县级,a,,,,,\n", [(2, "上一级", "b"), (3, "上一级", "a")]),
        (TOWN + "a,甲,职能部门,县级,dong,,,,,\n", [(3, "上一级", "dong")]),
        (TOWN + WATER + TOWN, [(4, "代码", "dong")]),
        ("a,甲,职能部门,县级,xian,,,,,9:00—25:00\n", [(2, "接待时间", "9:00—25:00")]),
        ("a,甲,职能部门,县级,xian,,,,,14:00-9:30\n", [(2, "接待时间", "14:00-9:30")]),
        ("a b,甲,职能部门,县级,xian,,,,,\n", [(2, "代码", "a b")]),
        ("a,,学校,县级,xian,,,,,\n", [(2, "名称", ""), (2, "类别", "学校")]),
        ("a,甲,职能部门,区级,,,,,,\n", [(2, "层级", "区级"), (2, "上一级", "")]),
        ("a,甲,职能部门,县级,xian,maybe,,,,\n", [(2, "系统外", "maybe")]),
        ("a,甲,职能部门,市级,,是,,是,,\n", [(2, "接收未指明单位的信访件", "是"), (2, "来函登记单位", "")]),
        ("a,甲,职能部门,县级,xian,,,,,,,,\n" + NOWHERE, [(2, "", ""), (3, "上一级", "no")]),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_line_and_nothing_is_kept(
    desk: Desk, bodies: dict[str, Body], rows: str, wrong: list[tuple[int, str, str]]
) -> None:
    shown = choose(desk("ada"), HEADING + rows)
    assert sorted(faults(shown)) == sorted(wrong)
    again = desk("ada").post(WHERE, {"list": HEADING + rows, "told": shown.context["told"]})
    assert again.status_code == 400
    assert Body.objects.count() == len(bodies)


def test_a_file_that_is_no_list_says_what_to_do(desk: Desk, bodies: dict[str, Body]) -> None:
    said = choose(desk("ada"), HEADING.replace("上一级", "Chef")).content.decode()
    assert "these columns are not known: Chef" in said
    assert "missing: next higher body" in said
    assert "write one on each line" in choose(desk("ada"), HEADING).content.decode()
    assert "neither UTF-8 nor GB18030" in choose(desk("ada"), b"\xff\xff\xff,\xfe").content.decode()
    assert "is no XLSX workbook" in choose(desk("ada"), b"PK\x03\x04 and nothing").content.decode() or (
        "damaged" in choose(desk("ada"), b"PK\x03\x04 and nothing").content.decode()
    )
    assert "Choose the file first" in desk("ada").post(WHERE).content.decode()
    many = HEADING + "".join(f"b{n},单位,职能部门,县级,xian,,,,,\n" for n in range(lists.MOST_ROWS + 1))
    assert f"more than {lists.MOST_ROWS} rows" in choose(desk("ada"), many).content.decode()


def test_what_is_here_is_changed_by_its_row_and_the_difference_is_shown(
    desk: Desk, bodies: dict[str, Body]
) -> None:
    rows = (
        "code,name,kind,level,next higher body,reception hours\nzj,县住建局二,organ,county,xian,9:00-11:00\n"
    )
    shown = choose(desk("ada"), rows)
    [row] = shown.context["plan"].rows
    assert [(c.heading.en, c.old, c.new) for c in row.changes] == [
        ("name", bodies["zj"].name_zh, "县住建局二"),
        ("reception hours", "", "9:00-11:00"),
    ]
    confirm(desk("ada"), shown)
    kept = Body.objects.get(code="zj")
    assert (kept.name_zh, kept.hours, kept.name_en) == ("县住建局二", "9:00-11:00", bodies["zj"].name_en)
    again = choose(desk("ada"), rows)
    assert "there is nothing to do" in again.content.decode()


def test_what_was_taken_out_comes_back_as_it_is(desk: Desk, bodies: dict[str, Body]) -> None:
    for language in ("en", "zh-hans"):
        taken = desk("ada", language).get("/desk/lists/bodies/export/").content
        shown = choose(desk("ada"), taken)
        plan = shown.context["plan"]
        assert (plan.faults, plan.new, plan.changed) == ((), [], [])
        assert plan.same > 5


def test_the_template_can_be_brought_in(desk: Desk, bodies: dict[str, Body]) -> None:
    for where in (WHERE, WHO):
        for language in ("en", "zh-hans"):
            content = desk("ada", language).get(f"{where}template/").content
            assert choose(desk("ada"), content, where).status_code == 200


def test_a_body_outside_and_the_one_that_records_its_letters_come_in_one_list(
    desk: Desk, bodies: dict[str, Body]
) -> None:
    rows = "sheng-sl,省水利厅,职能部门,省级,,是,sl,,,\n" + WATER
    assert confirm(desk("ada"), choose(desk("ada"), HEADING + rows)).status_code == 302
    outside = Body.objects.get(code="sheng-sl")
    assert (outside.active, outside.external, str(outside.recorded_by)) == (True, True, "县水利局")


def test_a_list_does_what_was_shown_or_is_shown_again(desk: Desk, bodies: dict[str, Body]) -> None:
    shown = choose(desk("ada"), HEADING + WATER)
    confirm(desk("ada"), shown)
    late = confirm(desk("ada"), shown)
    assert late.status_code == 400
    assert "Look again" in late.content.decode()


def test_an_administrator_changes_only_the_bodies_they_keep(desk: Desk, bodies: dict[str, Body]) -> None:
    above = choose(desk("ada"), HEADING + "shi,别的名字,职能部门,市级,sheng,,,,,\n")
    assert faults(above)[0] == (2, "代码", "shi")
    beside = choose(desk("ada"), HEADING + WATER.replace("xian", "shi"))
    assert faults(beside) == [(2, "上一级", "shi")]
    assert desk("hedda").get(WHERE).status_code == 404


def test_a_subject_like_another_is_doubted_and_hinders_nothing(desk: Desk, bodies: dict[str, Body]) -> None:
    rows = (
        WATER
        + "sl2,二局,职能部门,县级,xian,,,,物业管理；物业管里,\nzg,三局,职能部门,县级,xian,,,,物业管理,\n"
    )
    shown = choose(desk("ada"), HEADING + rows)
    [doubt] = shown.context["plan"].doubts
    assert (doubt.line, "物业管理" in doubt.what.zh) == (3, True)
    assert confirm(desk("ada"), shown).status_code == 302


# ---- officers


def test_officers_get_accounts_roles_and_slips(desk: Desk, bodies: dict[str, Body]) -> None:
    rows = f"张三,zhangsan,科员,z@example.org,zj,经办人员\n张三,zhangsan,,,{bodies['jt'].name_zh},登记人员\n"
    shown = choose(desk("ada"), (NAMES + rows).encode("gb18030"), WHO)
    done = confirm(desk("ada"), shown, WHO)
    [slip] = done.context["slips"]
    made = Officer.objects.get(login="zhangsan")
    assert made.check_password(slip["hired"].password)
    assert slip["hired"].password in done.content.decode()
    assert {(r.body.code, r.role) for r in made.roles.select_related("body")} == {
        ("zj", "handler"),
        ("jt", "registrar"),
    }
    assert (made.title, made.email, made.last_login) == ("科员", "z@example.org", None)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ("甲,jia,,,nowhere,经办人员\n", [(2, "单位", "nowhere")]),
        ("甲,jia,,,zj,局长\n", [(2, "角色", "局长")]),
        ("甲,j a,,,zj,head\n,yi,,x,zj,head\n", [(2, "登录名", "j a"), (3, "姓名", ""), (3, "工作邮箱", "x")]),
        ("甲,jia,,,zj,head\n乙,jia,,,jt,head\n", [(3, "姓名", "乙")]),
        ("甲,jia,,,zj,head\n甲,jia,,,zj,head\n", [(3, "角色", "head")]),
        ("甲,jia,,,xian,管理员\n甲,jia,,,zj,审计员\n", [(3, "角色", "审计员")]),
        ("甲,jia,,,xian,auditor\n甲,jia,,,zj,custodian\n", [(3, "角色", "custodian")]),
        ("罗,rolf,,,zj,head\n", [(2, "登录名", "rolf")]),
        ("奥,audrey,,,xian,administrator\n", [(2, "角色", "administrator")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_officers_is_named(
    desk: Desk, bodies: dict[str, Body], rows: str, wrong: list[tuple[int, str, str]]
) -> None:
    before = (Officer.objects.count(), Role.objects.count())
    assert faults(choose(desk("ada"), NAMES + rows, WHO)) == wrong
    assert (Officer.objects.count(), Role.objects.count()) == before


def test_no_password_is_made_twice_and_no_role_taken(desk: Desk, bodies: dict[str, Body]) -> None:
    shown = choose(desk("ada"), NAMES + "张三,zhangsan,,,zj,head\n", WHO)
    confirm(desk("ada"), shown, WHO)
    first = Officer.objects.get(login="zhangsan").password
    assert confirm(desk("ada"), shown, WHO).status_code == 400  # the same page sent again
    more = choose(desk("ada"), NAMES + "张三,zhangsan,局长,,jt,handler\n", WHO)
    assert confirm(desk("ada"), more, WHO).status_code == 302
    kept = Officer.objects.get(login="zhangsan")
    assert (kept.password, kept.title, kept.roles.count()) == (first, "局长", 2)


def test_the_officers_taken_out_come_back_as_they_are(desk: Desk, bodies: dict[str, Body]) -> None:
    taken = desk("ada").get("/desk/lists/people/export/").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(taken)))[1:]
    plan = choose(desk("ada"), taken, WHO).context["plan"]
    assert (plan.faults, plan.new, plan.changed) == ((), [], [])
    assert len(rows) >= plan.same > 5


def test_each_role_is_explained(desk: Desk, bodies: dict[str, Body]) -> None:
    page = desk("ada").get(WHO).content.decode()
    assert [code for code, _, _ in officer_lists.ROLES] == [code for code, _ in ROLE_NAMES]
    assert all(why.en in page.replace("&#x27;", "'") for _, _, why in officer_lists.ROLES)


def test_a_long_list_of_officers_goes_in_portions_and_says_how_far(
    desk: Desk, bodies: dict[str, Body], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(officer_lists, "AT_ONCE", 2)
    rows = "".join(f"新人{n},new-{n},科员,,xian,handler\n" for n in range(5))
    browser = desk("ada")
    shown = choose(browser, NAMES + rows, WHO)
    assert "2 at a time" in shown.content.decode()
    seen = []
    for left in (3, 1, None):
        shown = confirm(browser, shown, WHO)
        seen.append([slip["hired"].officer.login for slip in shown.context["slips"]])
        assert shown.context.get("left") == left
    assert seen == [["new-0", "new-1"], ["new-2", "new-3"], ["new-4"]]
    assert Role.objects.filter(officer__login__startswith="new-").count() == 5
    assert "still to be opened" not in shown.content.decode()


def test_a_portion_that_was_sent_twice_opens_nothing_twice(
    desk: Desk, bodies: dict[str, Body], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(officer_lists, "AT_ONCE", 1)
    rows = "".join(f"新人{n},new-{n},科员,,xian,handler\n" for n in range(2))
    browser = desk("ada")
    shown = choose(browser, NAMES + rows, WHO)
    confirm(browser, shown, WHO)
    again = confirm(browser, shown, WHO)
    assert again.status_code == 400
    assert "something changed since you looked" in again.content.decode()
    assert Officer.objects.filter(login__startswith="new-").count() == 1
