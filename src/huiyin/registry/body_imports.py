"""A list of bodies that was looked at: kept all or not at all, and taken back as long as that can be done.

What a list put on record is taken out of service, as far as nobody works there and nothing else leans on it;
what it changed becomes what it was. Nothing is deleted: whether that can be done would tell an administrator
that something names a body, and it may be a report about it (charter 6). A later list brings the code back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import keeping, lists, upkeep
from huiyin.registry.access import Acting
from huiyin.registry.body_columns import LINKS, held
from huiyin.registry.body_lists import Plan, Planned
from huiyin.registry.lists import Overtaken
from huiyin.registry.models import Body, Change, Officer, Petition

BROUGHT_IN, TAKEN_BACK = "bodies-brought-in", "bodies-taken-back"
LATELY = 5  # lists that are offered to be looked at again
NOT_YOURS = Text("由其他管理员管理", "another administrator keeps it")
TOUCHED = Text("之后又改过，或者在那里设过人员", "changed since, or somebody was given a role there")
LEANT_ON = Text("“{body}”归它管，或者由它登记来函", "{body} is below it, or has its letters recorded there")
GONE_BACK = Text("这份名单已经撤回", "this list was taken back already")
MEANWHILE = Text(
    "看过之后有了变化；下面是现在会撤回的，请再看一遍",
    "something changed since you looked: below is what would be taken back now. Look again",
)


@transaction.atomic
def keep(planned: Plan, *, by: Officer, now: datetime) -> Change:
    """Keep all that a plan without faults would do, and answer the row that tells of it.

    All or nothing. Raises Overtaken where the house refuses a row after all.
    """
    if planned.faults:
        raise ValueError("this list has faults")
    known = {body.code: body for body in Body.objects.select_related(*LINKS).prefetch_related("competences")}
    touched = [each for each in planned.rows if each.is_new or each.changes]
    was = {each.code: _before(known[each.code], each) for each in touched if not each.is_new}
    late = []
    for each in _from_the_top(touched):
        body = known.get(each.code) or Body(code=each.code)
        stood = body.path
        _fill(body, each.said, known)
        if each.is_new and each.said.get("recorded_by", "") not in {"", *known}:
            # Each of the two names the other: the one outside comes into service last.
            body.active = False
            late.append(each)
        known[each.code] = body
        _save(body, each, by, now)
        if stood and stood != body.path:  # all below it moved along
            known |= {body.code: body for body in Body.objects.all()}
    for each in late:
        body = known[each.code]
        body.recorded_by, body.active = known[each.said["recorded_by"]], True
        _save(body, each, by, now)
    new = [each.code for each in touched if each.is_new]
    return keeping.write_down(BROUGHT_IN, by, now, new=new, was=was)


def _before(body: Body, each: Planned) -> dict[str, Any]:
    """What a row changes of a body, as it stood."""
    return {name: _plain(held(body, name)) for name, value in each.said.items() if held(body, name) != value}


def _plain(value: Any) -> Any:
    return sorted(map(list, value)) if isinstance(value, set) else value


def _from_the_top(rows: Sequence[Planned]) -> Iterator[Planned]:
    """Each row behind the new bodies that it names as above it."""
    waiting = {each.code: each for each in rows}
    new = {each.code for each in rows if each.is_new}
    while waiting:
        ready = [
            each
            for each in waiting.values()
            if not {each.said.get(name) for name in _needed_by(each)} & new & waiting.keys()
        ]
        # Two that wait for one another stand in a circle, which is refused before.
        for each in ready or list(waiting.values()):
            del waiting[each.code]
            yield each


def _needed_by(each: Planned) -> tuple[str, ...]:
    """The links that must be there when it is kept; who records its letters may follow later."""
    return LINKS[:2] if each.is_new else LINKS


def _fill(body: Body, said: Mapping[str, Any], known: Mapping[str, Body]) -> None:
    for name, value in said.items():
        if name in LINKS:
            setattr(body, name, known.get(value))
        elif name != "competences":
            setattr(body, name, value)


def _save(body: Body, each: Planned, by: Officer, now: datetime) -> None:
    refused = keeping.save_body(body, by=by, now=now, competences=each.said.get("competences"))
    line, code = each.row.line, each.code
    _stop_at(refused, Text(f"第 {line} 行 {code}", f"Line {line}, {code}"))


def _stop_at(refused: Refusal | None, where: Text) -> None:
    if refused:
        said = next(iter(refused.fields.values()), refused.reason)
        raise Overtaken(Text("{where}：{said}", "{where}: {said}").format(where=where, said=said))


# ---- taking one back


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking a list back would do now: who goes, what becomes what it was, and what stays and why."""

    goes: tuple[Body, ...]
    restored: tuple[tuple[Body, Mapping[str, Any]], ...]  # with what of it, as it was
    stays: tuple[tuple[Body, Text], ...]

    @property
    def does(self) -> list[object]:
        """All that it would do, to be compared."""
        return [[body.code for body in self.goes], [(body.code, was) for body, was in self.restored]]


def brought_in(acting: Acting) -> Any:
    """Lists of bodies that came in, the newest first: own ones; all of them for whoever keeps the house."""
    rows = Change.objects.filter(what__did=BROUGHT_IN).select_related("actor").order_by("-id")
    return rows if upkeep.keeps_house(acting) else rows.filter(actor=acting.officer)


def taken_back(row: Change) -> Change | None:
    """The row that tells of a list's being taken back, if it was."""
    later = Change.objects.filter(pk__gt=row.pk, what__did=TAKEN_BACK, what__of=row.pk)
    return later.select_related("actor").first()


def undoing(row: Change, acting: Acting) -> Undoing:
    """What taking a list back would do now. Writes nothing."""
    return _Undone(row, acting).all()


class _Undone:
    def __init__(self, row: Change, acting: Acting) -> None:
        found = Body.objects.select_related(*LINKS).prefetch_related("competences").order_by("path")
        self.here = {body.code: body for body in found}
        mine = Body.objects.filter(keeping.bodies_kept_by(acting)).values_list("code", flat=True)
        self.mine = set(mine)
        self.new = [code for code in row.what["new"] if code in self.here and self.here[code].active]
        self.was = {code: was for code, was in row.what["was"].items() if code in self.here}
        later = Change.objects.filter(pk__gt=row.pk).values_list("what", flat=True)
        self.touched = {str(what.get("body", "")) for what in later}
        self.stays: dict[str, Text] = {}

    def all(self) -> Undoing:
        self._stay_by_themselves()
        self._stay_for_others()
        return Undoing(
            goes=tuple(self.here[code] for code in self.new if code not in self.stays),
            restored=tuple((self.here[c], was) for c, was in self.was.items() if c not in self.stays),
            stays=tuple((self.here[code], why) for code, why in self.stays.items()),
        )

    def _stay_by_themselves(self) -> None:
        holding = Petition.objects.filter(holder__code__in=self.new, is_open=True)
        busy = set(holding.values_list("holder__code", flat=True))
        for code in (*self.new, *self.was):
            if code not in self.mine:
                self.stays[code] = NOT_YOURS
            elif code in self.touched:
                self.stays[code] = TOUCHED
            elif code in busy:
                self.stays[code] = keeping.HOLDS_PETITIONS

    def _stay_for_others(self) -> None:
        """What a body in service leans on stays, and so on upwards."""
        leaning = {code: self._leans_on(body) for code, body in self.here.items() if body.active}
        going = set(self.new) - set(self.stays)
        waiting = [code for code in leaning if code not in going]
        while waiting:
            body = self.here[waiting.pop()]
            for code in leaning[body.code] & going:
                going.discard(code)
                self.stays[code] = LEANT_ON.format(body=body.name)
                waiting.append(code)

    def _leans_on(self, body: Body) -> set[str]:
        """Codes of the bodies that it names, once it is what it was."""
        was = self.was.get(body.code, {}) if body.code not in self.stays else {}
        return {str(was.get(name, held(body, name))) for name in LINKS} - {""}


@transaction.atomic
def take_back(row: Change, told: str, acting: Acting, now: datetime) -> Change:
    """Do what was shown (its digest), and answer the row that tells of it.

    Raises Overtaken where it would do something else by now, or the house refuses.
    """
    list(Change.objects.select_for_update().filter(pk=row.pk).values_list("pk"))
    if taken_back(row):
        raise Overtaken(GONE_BACK)
    undone = undoing(row, acting)
    if lists.digest(undone.does) != told:
        raise Overtaken(MEANWHILE)
    by = acting.officer
    for kept, was in undone.restored:
        body = _now(kept)
        _fill(body, was, {link.code: link for link in Body.objects.filter(code__in=_links(was))})
        pairs = {(subject, area) for subject, area in was["competences"]} if "competences" in was else None
        _stop_at(keeping.save_body(body, by=by, now=now, competences=pairs), body.name)
    _stop_at(keeping.close_unused(undone.goes, by=by, now=now), Text("停用", "Out of service"))
    counts = {"gone": len(undone.goes), "restored": len(undone.restored)}
    return keeping.write_down(TAKEN_BACK, by, now, of=row.pk, **counts)


def _now(body: Body) -> Body:
    """The body as it stands at this moment: it may have moved along with one above it."""
    return Body.objects.select_related(*LINKS).get(pk=body.pk)


def _links(was: Mapping[str, Any]) -> set[str]:
    return {was[name] for name in LINKS if was.get(name)}
