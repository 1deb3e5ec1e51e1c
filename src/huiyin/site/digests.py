"""A digest in words: the lines of a message, and the same as HTML, for the message and for the desk.

Both say the same in the same order. The HTML has headings, tables with their heads and a language; it loads
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from huiyin.core.digests import MONTHLY, WEEKLY
from huiyin.core.text import Text
from huiyin.registry.digests import Contents, Line, Section
from huiyin.site.templatetags.huiyin_words import tag, whole

TITLE = {
    WEEKLY: Text("一周简报（{day}）", "The week, as of {day}"),
    MONTHLY: Text("一月简报（{day}）", "The month, as of {day}"),
}
HEADS = {
    "late": Text("已经逾期（含交办、督办确定的期限）：{n}项", "Late, dates set by order included: {n}"),
    "due": Text("到{until}为止到期：{n}项", "Due by {until}: {n}"),
    "stuck": Text("久无进展：{n}件", "Stuck: {n}"),
    "solved": Text("自{since}起已答复、已做到：{n}件", "Answered or carried out since {since}: {n}"),
}
COLUMNS = {
    "late": (Text("编号", "Reference"), Text("期限", "Term"), Text("到期", "Due"), Text("单位", "Body")),
    "due": (Text("编号", "Reference"), Text("期限", "Term"), Text("到期", "Due"), Text("单位", "Body")),
    "stuck": (
        Text("编号", "Reference"),
        Text("状态", "State"),
        Text("上一步", "Last step"),
        Text("单位", "Body"),
    ),
    "solved": (Text("编号", "Reference"), Text("步骤", "Step"), Text("日期", "Day"), Text("单位", "Body")),
}
NONE = Text("没有。", "None.")
MORE = Text("另有{n}项，见工作台。", "{n} more, on the desk.")
LINK = Text("工作台：{link}", "The desk: {link}")
ABOUT = Text(
    "这里只有编号和期限，没有任何人和内容；检举控告不在其中。可以在工作台停发。",
    "References and terms alone, nobody and no contents; reports against persons are not in it. You can stop "
    "it at the desk.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One digest in one language."""

    subject: str
    text: str
    html: str


def told(contents: Contents, language: str) -> Told:
    """The whole message."""
    subject = TITLE[contents.kind].format(day=contents.day).say(language)
    return Told(subject, _text(contents, subject, language), _page(contents, subject, language))


def body(contents: Contents, language: str) -> SafeString:
    """The sections as HTML, as the message has them: for the desk. All that is not ours is escaped."""
    return mark_safe("".join(_html(contents, section, language) for section in contents.sections))  # noqa: S308


def _head(contents: Contents, section: Section, language: str) -> str:
    words = HEADS[section.name].format(n=section.all, since=contents.since, until=contents.until)
    return words.say(language)


def _cells(line: Line, language: str) -> tuple[str, str, str, str]:
    return line.ref, line.what.say(language), Text.of_day(line.day).say(language), line.body.say(language)


def _rest(section: Section) -> int:
    return section.all - len(section.lines)


def _text(contents: Contents, subject: str, language: str) -> str:
    lines = [subject, ""]
    for section in contents.sections:
        lines.append(_head(contents, section, language))
        lines += ["  " + " · ".join(_cells(line, language)) for line in section.lines]
        if not section.lines:
            lines.append("  " + NONE.say(language))
        if _rest(section) > 0:
            lines.append("  " + MORE.format(n=_rest(section)).say(language))
        lines.append("")
    return "\n".join([*lines, LINK.format(link=_desk()).say(language), "", ABOUT.say(language), ""])


def _html(contents: Contents, section: Section, language: str) -> str:
    head = f"<h2>{whole(_head(contents, section, language))}</h2>"
    if not section.lines:
        return f"{head}<p>{NONE.say(language)}</p>"
    columns = [escape(each.say(language)) for each in COLUMNS[section.name]]
    heads = "".join(f'<th scope="col" role="columnheader">{each}</th>' for each in columns)
    rows = "".join(_row(line, columns, language) for line in section.lines)
    rest = MORE.format(n=_rest(section)).say(language)
    more = f"<p>{escape(rest)}</p>" if _rest(section) > 0 else ""
    return (
        f'{head}<table class="table" role="table"><thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>{more}'
    )


def _row(line: Line, columns: list[str], language: str) -> str:
    """One case. Roles and labels are for narrow screens, where the desk shows rows one below the other."""
    ref, *cells = _cells(line, language)
    link = f'<a href="{escape(_desk())}p/{escape(ref)}/">{whole(ref)}</a>'
    told_of = "".join(
        f'<td role="cell" data-label="{label}"><span>{whole(cell)}</span></td>'
        for label, cell in zip(columns[1:], cells, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{link}</th>{told_of}</tr>'


def _page(contents: Contents, subject: str, language: str) -> str:
    link = escape(_desk())
    foot = f'<p><a href="{link}">{link}</a></p><p>{escape(ABOUT.say(language))}</p>'
    return (
        f'<!doctype html><html lang="{tag(language)}"><head><meta charset="utf-8"><title>{escape(subject)}'
        f"</title></head><body><h1>{escape(subject)}</h1>{body(contents, language)}{foot}</body></html>"
    )


def _desk() -> str:
    return f"{settings.PUBLIC_URL}/desk/"
