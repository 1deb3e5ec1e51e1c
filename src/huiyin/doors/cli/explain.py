"""`huiyin explain`: every clock of a petition, as `due` prints it, with where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from huiyin.core.refusal import refuse as refusal
from huiyin.core.text import Text
from huiyin.core.vocabulary import CLOCK_KIND_WORDS
from huiyin.doors.cli import drawing, house
from huiyin.doors.cli.words import both, day, refuse, say

if TYPE_CHECKING:
    from huiyin.registry.clocks import ToldClock
    from huiyin.registry.models import Petition

STATES = {
    "running": Text("正在计算", "running"),
    "paused": Text("暂停", "paused"),
    "met": Text("按期完成", "met"),
    "missed": Text("逾期", "missed"),
    "lapsed": Text("已终止", "lapsed"),
}


@click.command(
    help=say(
        Text(
            "说明信访件 REF 的每一个期限：条款、起算日、跳过的日子和原因、到期日、状态。",
            "Explain every clock of petition REF: article, start, each day passed over and why, due, state.",
        )
    )
)
@click.argument("ref", metavar="REF")
@click.option("--json", "as_json", is_flag=True, help=say(Text("输出 JSON", "Print JSON")))
def explain(ref: str, *, as_json: bool) -> None:
    """Print the clocks in the order in which they started."""
    house.open_house()
    with house.speaking_of_the_database():
        from django.utils import timezone

        from huiyin.registry import law
        from huiyin.registry.clocks import clocks_of

        petition = _petition(ref)
        clocks = clocks_of(petition)
        today = law.at(timezone.now(), petition.jurisdiction)[1]
        if as_json:
            click.echo(json.dumps([clock.json for clock in clocks], ensure_ascii=False))
        else:
            click.echo("\n".join(_told(petition, clocks, today)))


def _petition(ref: str) -> Petition:
    from huiyin.registry import keys
    from huiyin.registry.models import Petition

    petition = Petition.objects.select_related("holder").filter(ref=keys.read_ref(ref)).first()
    return petition or refuse(refusal("not-found"))


def _told(petition: Petition, clocks: tuple[ToldClock, ...], today: date) -> Iterator[str]:
    from huiyin.registry import story

    yield f"{petition.ref}  {say(story.state_of(petition).text)}  {say(petition.holder.name)}"
    if not clocks:
        yield both("没有期限：法律没有为这一步规定期限。", "No clock: the law sets none for this.")
    for told in clocks:
        yield from _one(told, today)


def _one(told: ToldClock, today: date) -> Iterator[str]:
    as_json = told.json
    yield ""
    yield drawing.heading(as_json, told.rule.text)
    yield f"  {say(CLOCK_KIND_WORDS[told.clock.kind])}"
    yield f"  {_state(as_json, today, lapses=told.rule.on_due == 'lapse')}"
    yield from (f"  {line}" for line in drawing.timeline(as_json, today))
    yield from (f"    {line}" for line in drawing.reckoning(as_json))
    if until := drawing.provisional(as_json):
        yield f"    {until}"
    if told.would_have_ended:
        ended = day(told.would_have_ended.due)
        yield both(
            f"    如果在告知期限最后一天受理，办理会在 {ended} 到期。",
            f"    Had it been taken up on the last day for the notice, handling would have ended on {ended}.",
        )


def _state(told: dict[str, Any], today: date, *, lapses: bool) -> str:
    """Where the clock stands, and by how many days it is early or late."""
    state, due = say(STATES[told["state"]]), date.fromisoformat(told["due"])
    if "ended" in told:
        ended = date.fromisoformat(told["ended"])
        late = (ended - due).days if told["state"] == "missed" else 0
        by = both(f"，晚 {late} 天", f", {late} days late") if late > 0 else ""
        return both(f"{state}（{day(ended)}）{by}", f"{state} on {day(ended)}{by}")
    if told.get("extended"):
        return both(f"{state}，已延长，见下一个期限", f"{state}, extended: see the clock below")
    if told["state"] not in {"running", "missed"}:
        return state
    left = (due - today).days
    if left < 0 and lapses:
        return both(f"期限已于 {day(due)} 届满", f"the term ran out on {day(due)}")
    if left < 0:
        return both(f"{state}，已超过 {-left} 天", f"{state}, {-left} days over")
    return both(f"{state}，还有 {left} 天", f"{state}, {left} days left")
