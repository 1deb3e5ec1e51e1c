"""The columns of a list of open cases: which is what. An allow-list: nothing else of a list is taken in.

Where the author can be reached is taken only when somebody names the columns; whatever else a list says about
persons is taken under no name (decision 0083).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from huiyin.core.text import Text
from huiyin.reading.about_persons import is_about_persons

# Field -> headings that are recognised without being told.
FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "信访编号", "登记编号", "工单编号", "原编号"),
    "subject": ("标题", "主题", "信访标题"),
    "text": ("内容", "信访内容", "诉求内容"),
    "kind": ("信访目的", "性质"),
    "channel": ("渠道", "来源渠道", "信访形式"),
    "body": ("接收单位", "登记单位", "收件单位"),
    "state": ("状态", "办理状态", "当前状态"),
    "lodged_at": ("信访日期", "提出时间", "信访时间", "来信时间"),
    "registered_at": ("登记时间", "登记日期"),
    "transferred_at": ("转送时间", "转送日期", "交办时间"),
    "transferred_to": ("转送单位", "转往单位", "承办单位"),
    "accepted_at": ("受理时间", "受理日期"),
    "extended_at": ("延期时间", "延期日期"),
    "extended_days": ("延期天数",),
    "opinion": ("处理意见", "答复意见", "答复内容"),
    "opinion_at": ("答复时间", "答复日期", "出具时间"),
    "served_at": ("送达时间", "送达日期"),
    "served_way": ("送达方式",),
    "review_at": ("申请复查时间", "复查申请日期"),
}
AUTHOR = ("name", "phone", "email", "address")
NEEDED = ("id", "text", "body", "lodged_at")
_BY_HEADING = {each: field for field, others in FIELDS.items() for each in (field, *others)}


class BadMap(ValueError):
    """Columns that cannot be told apart or are missing: `said` tells which, and what to do."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


def choose(headings: Sequence[str], maps: Iterable[str] = (), *, only: bool = False) -> dict[str, str]:
    """Field -> heading, by what was mapped (`heading=field`) and what is recognised. Raises BadMap.

    One column may stand for several fields: many systems have one day for lodging and registering.
    `only`: nothing is taken but what is mapped.
    """
    chosen = _mapped(headings, maps)
    taken = set(chosen.values())
    for heading in () if only else headings:
        field = _BY_HEADING.get(heading.strip().lower())
        if field is None or heading in taken:
            continue
        if field in chosen:
            if chosen[field] in taken:
                continue  # somebody said which one it is
            raise BadMap(
                Text(
                    f"“{chosen[field]}”和“{heading}”两列都像是 {field}；请指定一列",
                    f"both {chosen[field]!r} and {heading!r} look like {field}; say which one it is",
                )
            )
        chosen[field] = heading
    if missing := [name for name in NEEDED if name not in chosen]:
        listed = ", ".join(heading for heading in headings if heading)
        raise BadMap(
            Text(
                f"缺少这些列：{'、'.join(missing)}；请用 列名=字段 指定。文件里的列：{listed}",
                f"no column holds {', '.join(missing)}; name it as column=field. The file has: {listed}",
            )
        )
    return chosen


def left_out(headings: Sequence[str], chosen: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The columns that are not taken in: those about persons, and the others. Headings alone, no value."""
    out = [heading for heading in headings if heading and heading not in chosen.values()]
    persons = [heading for heading in out if is_about_persons(heading)]
    return persons, [heading for heading in out if heading not in persons]


def _mapped(headings: Sequence[str], maps: Iterable[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for one in maps:
        heading, found, field = (part.strip() for part in one.rpartition("="))
        known = ", ".join((*FIELDS, *AUTHOR))
        if not found or field not in {*FIELDS, *AUTHOR}:
            raise BadMap(
                Text(
                    f"“{one}”：请写成 列名=字段，字段是其中之一：{known}",
                    f"{one!r}: write column=field, the field being one of {known}",
                )
            )
        if heading not in headings:
            listed = ", ".join(name for name in headings if name)
            raise BadMap(
                Text(
                    f"文件里没有“{heading}”这一列；有：{listed}",
                    f"the file has no column {heading!r}; it has: {listed}",
                )
            )
        if is_about_persons(heading):
            raise BadMap(
                Text(
                    f"“{heading}”说的是人，不是事，任何字段都不录入",
                    f"{heading!r} tells who people are, and is taken in under no name",
                )
            )
        if field in chosen:
            raise BadMap(Text(f"{field} 指定了两次", f"{field} is named twice"))
        chosen[field] = heading
    return chosen
