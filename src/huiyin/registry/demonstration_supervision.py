"""What supervision has written in the demonstration: proposals, a listed matter, a meeting, a sample."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from huiyin.core import sample
from huiyin.core.refusal import Refusal
from huiyin.registry import corresponding, inspecting, law, meetings, officials, solving
from huiyin.registry.access import Acting
from huiyin.registry.correspondence import BodyLetter
from huiyin.registry.demonstration_days import Impossible
from huiyin.registry.models import Body, Officer

ONE_DAY = timedelta(days=1)
Made = TypeVar("Made")
Bodies = Mapping[str, Body]
Refs = Mapping[str, str]  # name of a petition of the demonstration -> its reference


def build(now: datetime, refs: Refs) -> None:
    """Write it as the desk would, at times before today."""
    bodies = {body.code: body for body in Body.objects.all()}
    _proposals(now, bodies, refs)
    _conference(now, bodies, refs)
    _inspection(now, bodies)
    office, day = _at("supervisor-office", now - ONE_DAY)
    sent = officials.send(
        "personnel-report",
        bodies["qinghe-xf"],
        bodies["qinghe-jw"],
        first=day.replace(month=1, day=1),
        last=day,
        acting=office,
        now=now - ONE_DAY,
    )
    _made(sent)


def _at(login: str, moment: datetime) -> tuple[Acting, date]:
    day = law.at(moment)[1]
    return Acting(Officer.objects.get(login=login), day), day


def _made(made: Made | Refusal) -> Made:
    if isinstance(made, Refusal):
        raise Impossible(f"supervision: {made.code}: {made.reason.en} {dict(made.fields)}")
    return made


def _sent(now: datetime, ago: int, login: str, draft: corresponding.Draft, term: int) -> BodyLetter:
    """Sent so many days ago, with a term of so many days."""
    moment = now - ago * ONE_DAY
    writer, day = _at(login, moment)
    dated = corresponding.Draft(
        draft.kind,
        draft.sender,
        draft.receiver,
        text=draft.text,
        about=draft.about,
        office=draft.office,
        ground=draft.ground,
        refs=draft.refs,
        problem=draft.problem,
        term=day + term * ONE_DAY,
    )
    return _made(corresponding.send(dated, writer, moment, day))


def _proposals(now: datetime, bodies: Bodies, refs: Refs) -> None:
    office = bodies["qinghe-xf"]
    work = corresponding.Draft(
        "improve-work",
        office,
        bodies["qinghe-zj"],
        text="近三个月物业类信访件的书面告知多次逾期。建议：收到即分派经办人，第十日仍未告知的由办公室提醒。",
        refs=(refs["stopped-lift"],),
    )
    answered = _sent(now, 24, "supervisor-office", work, 20)
    head, _day = _at("head", now - 8 * ONE_DAY)
    reply = "采纳。自本月起收到当日分派，第八日由办公室提醒；物业类来件由两人轮值。"
    _made(corresponding.answer(answered, "full", reply, head, now - 8 * ONE_DAY))
    policy = corresponding.Draft(
        "improve-policy",
        office,
        bodies["qinghe"],
        text="农村饮水井周边的农资堆放没有部门负责。建议县政府在权责清单中写明由一个部门牵头。",
        refs=(refs["spring-water"],),
    )
    _sent(now, 12, "supervisor-office", policy, 30)
    _on_a_problem(now, bodies)
    duty = corresponding.Draft(
        "pursue-responsibility",
        office,
        bodies["qinghe-jw"],
        text="两次退回之后仍未在法定期限内告知，督办期限内也没有答复。建议依规核查。",
        about=bodies["qinghe-zj"],
        office="局主要负责人",
        ground="delayed",
        refs=(refs["spring-water"],),
    )
    _sent(now, 40, "supervisor-office", duty, 30)


def _on_a_problem(now: datetime, bodies: Bodies) -> None:
    """One on a problem of the public register, adopted in part."""
    problem = solving.public().filter(decided_on__lt=law.at(now - 6 * ONE_DAY)[1]).order_by("pk").first()
    if problem is None:
        return
    draft = corresponding.Draft(
        "improve-policy",
        bodies["qinghe-xf"],
        bodies["qinghe-jt"],
        text="同样的问题多处出现。建议把巡查周期和修复时限写进养护办法，向社会公布。",
        problem=problem,
    )
    sent = _sent(now, 6, "supervisor-office", draft, 30)
    head, _day = _at("transport-head", now - 2 * ONE_DAY)
    reply = "部分采纳：巡查周期写入今年修订的养护办法；修复时限待经费落实后再定。"
    _made(corresponding.answer(sent, "part", reply, head, now - 2 * ONE_DAY))


def _conference(now: datetime, bodies: Bodies, refs: Refs) -> None:
    conference = bodies["qinghe-lx"]
    listing = corresponding.Draft(
        "listing",
        conference,
        bodies["qinghe-jt"],
        text="实验小学门口交通安全一事挂牌督办：书面告知信访人，划设人行横道，报送完成情况。",
        refs=(refs["school-crossing"],),
    )
    _sent(now, 5, "conference", listing, 20)
    secretary, _day = _at("conference", now - 15 * ONE_DAY)
    meeting_on = law.at(now - 10 * ONE_DAY)[1]
    called = meetings.call(
        conference,
        day=meeting_on,
        agenda="一、龙泉村饮水井周边农资堆放由哪个单位管\n二、实验小学门口交通设施",
        refs=[refs["spring-water"], refs["school-crossing"]],
        bodies=["qinghe-zj", "qinghe-hb", "qinghe-jt"],
        acting=secretary,
        now=now - 15 * ONE_DAY,
        today=law.at(now - 15 * ONE_DAY)[1],
    )
    minutes = meetings.record(
        _made(called),
        "住建、环保、交通三家说明了各自的权责清单。农村饮水工程管护在住建部门的清单内；污染防治由环保部门配合。",
        "一、饮水井周边由住建局牵头，环保局配合，十日内搬离农资并检测水质。\n二、交通局本月内划设人行横道。",
        acting=secretary,
        now=now - 9 * ONE_DAY,
        today=law.at(now - 9 * ONE_DAY)[1],
    )
    _made(minutes)


def _inspection(now: datetime, bodies: Bodies) -> None:
    supervisor, day = _at("supervisor", now - 3 * ONE_DAY)
    announced = _made(
        inspecting.announce(
            supervisor,
            bodies["qinghe"],
            first=day - 200 * ONE_DAY,
            last=day,
            size=6,
            now=now - 4 * ONE_DAY,
        )
    )
    drawn = _made(inspecting.draw(announced, "3 5 1 6 2", acting=supervisor, now=now - 3 * ONE_DAY))
    found = dict.fromkeys(sample.CHECKLIST, "yes")
    for number, ref in enumerate(drawn.refs[:3]):
        answers = found | ({"notified": "no"} if number == 1 else {}) | {"carried-out": "na"}
        note = "书面告知晚了四天，台账上没有写原因。" if number == 1 else ""
        _made(inspecting.check(drawn, ref, answers, note, acting=supervisor, now=now - 2 * ONE_DAY))
