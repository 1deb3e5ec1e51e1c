"""Say dates, deadlines and bilingual texts in the reader's language.

These words only show; what a date or a state means was decided in the core.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxInput
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, gettext, ngettext

from huiyin.core import rulebook, traditional
from huiyin.core.text import MONTHS, WEEKDAYS, WEEKDAYS_ZH, Text
from huiyin.core.vocabulary import CLOCK_KIND_WORDS
from huiyin.site import labels

register = template.Library()

# How the core marks time that the law leaves out of a term.
EXCLUDED = "excluded: "
# Up to a pause of Chinese writing, with what closes behind it.
CLAUSE = re.compile(r".+?[，。；：、？！…]+[”’」』）》]*|.+", re.DOTALL)
# A day with its weekday, a month, a day in English, a reference: broken over two lines they cannot be read.
WHOLE = re.compile(
    r"\d{4}年\d{1,2}月(?:\d{1,2}日(?:（星期.）| ?[周週].)?)?"
    r"|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b"
    r"|\b[A-Z]{2}-[0-9A-Z]{5}-[0-9A-Z]{5}\b"
)
# Within this many days of the end a running clock is drawn as nearly due.
NEARLY_DUE = 5


def legal_zone() -> str:
    """Where this installation's law holds: its versions share one zone."""
    books = (b for b in rulebook.all_rulebooks() if b.jurisdiction == settings.JURISDICTION)
    return next((book.zone for book in books), settings.TIME_ZONE)


@register.filter
def say(text: Any) -> str:
    """Choose the active language of a {zh, en} mapping or object; fall back to the other."""
    if text is None:
        return ""
    if isinstance(text, Mapping) or hasattr(text, "zh") or hasattr(text, "en"):
        both = Text(*(str(part(text, key) or "") for key in ("zh", "en", "hant")))
        return both.say(get_language() or "") or both.en or both.zh
    return str(text)


@register.filter
def word(code: Any) -> str:
    """Name a code of the house (a clock's state, why a day is off) in the active language."""
    if not isinstance(code, str):
        return say(code)
    if code.startswith(EXCLUDED):
        return gettext("not counted by law: %(ground)s") % {"ground": word(code.removeprefix(EXCLUDED))}
    label = labels.LABELS.get(code)
    return code if label is None else str(label)


@register.filter
def tongue(text: Any) -> str:
    """Give the `lang` attribute of a text by its script, for words the house did not write."""
    said = say(text)
    if not any("\u3400" <= letter <= "\u9fff" for letter in said):
        return "en"
    return "zh-Hant" if traditional.is_traditional(said) else "zh-Hans"


@register.filter
def tag(code: str) -> str:
    """A language of Django's as HTML wants it: zh-hans -> zh-Hans."""
    first, *rest = code.split("-")
    return "-".join([first, *(part.title() if len(part) > 2 else part.upper() for part in rest)])


@register.filter
def clauses(text: str) -> SafeString:
    """A long title in pieces that keep together while they fit a line: it breaks where its writer paused."""
    return format_html_join("", '<span class="clause">{}</span>', ((each,) for each in CLAUSE.findall(text)))


@register.filter
def whole(text: Any) -> SafeString:
    """Words or markup in which no day and no reference is broken over two lines."""
    kept = WHOLE.sub(lambda found: f'<span class="unbroken">{found[0]}</span>', conditional_escape(text))
    return mark_safe(kept)  # noqa: S308 escaped above, and what is put around holds none of it


@register.filter
def own_name(code: str) -> str:
    """What a language is called on a switch, in itself."""
    return labels.TONGUES.get(code) or str(get_language_info(code)["name_local"])


@register.filter
def day(when: date | datetime | None) -> str:
    """2026年2月25日（星期三） or Wednesday 25 February 2026."""
    if when is None or when == "":
        return ""
    when = legal_time(when, legal_zone()) if isinstance(when, datetime) else when
    return say(Text.of_weekday(when))


@register.filter
def brief(when: date | datetime | None) -> str:
    """The day for a narrow column: 2026年2月25日 周三 or Wed 25 Feb 2026."""
    if when is None or when == "":
        return ""
    when = legal_time(when, legal_zone()) if isinstance(when, datetime) else when
    if in_chinese():
        weekday = f"{say(labels.WEEK)}{WEEKDAYS_ZH[when.weekday()]}"
        return f"{when.year}年{when.month}月{when.day}日 {weekday}"
    weekday, month = WEEKDAYS[when.weekday()][:3], MONTHS[when.month - 1][:3]
    return f"{weekday} {when.day} {month} {when.year}"


@register.filter
def month(first: date) -> str:
    """2026年12月 or December 2026."""
    return f"{first.year}年{first.month}月" if in_chinese() else f"{MONTHS[first.month - 1]} {first.year}"


@register.filter
def weekday(when: date) -> str:
    """The day of the week for the head of a column: 三 or Wed."""
    return WEEKDAYS_ZH[when.weekday()] if in_chinese() else WEEKDAYS[when.weekday()][:3]


@register.filter
def moment(when: datetime | date | None, zone: str = "") -> str:
    """A time of day as a clock on the wall shows it where the law holds, with weekday; a date stays one."""
    if not isinstance(when, datetime):
        return day(when)
    local = legal_time(when, zone or legal_zone())
    gap = "" if in_chinese() else ", "
    return f"{day(local.date())}{gap}{local:%H:%M}"


@register.filter
def hour(when: datetime) -> str:
    """The time of day alone, below the day in a narrow column: 09:20."""
    return f"{legal_time(when, legal_zone()):%H:%M}"


@register.filter
def days_left(due: date | None, today: date | None) -> int | None:
    """Days from today to the due date: 0 on the day itself, negative when late."""
    return None if not due or not today else (due - today).days


@register.filter
def left(due: date | None, today: date | None) -> str:
    """The same in words: 12 days left, due today, 3 days late."""
    days = days_left(due, today)
    if days is None:
        return ""
    if days == 0:
        return gettext("due today")
    if days > 0:
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    return late_by(-days)


@register.filter
def nearness(due: date | None, today: date | None) -> str:
    """The tone of a date that lies ahead, as a running clock has it."""
    return tone("running", 0, days_left(due, today))


@register.filter
def span(days: int, unit: str = "day") -> str:
    """A term as the law gives it: 60 days, 5 working days."""
    if unit == "set":
        return gettext("a day set by the sender")
    if unit == "workday":
        return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@register.filter
def of(table: Any, key: Any) -> Any:
    """Look a key up in a mapping, for templates."""
    return table.get(key, "") if isinstance(table, Mapping) else ""


@register.filter
def at(row: Any, place: int) -> Any:
    """The member of a list at a counted place, for templates."""
    return row[place] if place < len(row) else None


@register.simple_tag
def described_by(field: BoundField, hint: Any = None) -> str:
    """The ids that describe a field; a hint given by the template counts like the form's own help text."""
    ids = str(field.aria_describedby or "")
    own = f"{field.auto_id}_helptext"
    return f"{own} {ids}".strip() if hint and own not in ids.split() else ids


@register.simple_tag
def wired(field: BoundField, hint: Any = None) -> SafeString:
    """The widget, tied to its hint and errors for a screen reader."""
    ids = described_by(field, hint)
    return field.as_widget(attrs={"aria-describedby": ids} if ids else None)


@register.filter
def problems(forms: Any) -> list[dict[str, str]]:
    """Every error of a form, a formset or several of them, each with the field to mend."""
    if isinstance(forms, Sequence) and not isinstance(forms, str):
        return [problem for form in forms for problem in problems(form)]
    if isinstance(forms, BaseFormSet):
        general = [{"target": "", "label": "", "text": str(text)} for text in forms.non_form_errors()]
        return general + [each for n, form in enumerate(forms, start=1) for each in _in_row(forms, form, n)]
    if not isinstance(forms, BaseForm):
        return []
    return [problem_of(forms, name, text) for name, texts in forms.errors.items() for text in texts]


@register.filter
def choices_of(field: BoundField) -> bool:
    """Whether the field is a set of radios or boxes, which needs a fieldset and a legend."""
    return bool(field.field.widget.use_fieldset) and hasattr(field.field.widget, "choices")


@register.simple_tag
def clock_face(clock: Any, today: date) -> dict[str, Any]:
    """What the drawing of a clock shows: its tone, the bar in hundredths, and the words beside it."""
    reckoned = part(clock, "reckoning") or clock
    start, due, end = (part(reckoned, name) for name in ("start", "due", "end"))
    state, ended = part(clock, "state") or "running", part(clock, "ended")
    until = ended or today
    late = max((until - due).days, 0) if due and state != "lapsed" else 0
    return {
        "state": state,
        "tone": tone(state, late, days_left(due, today)),
        "words": clock_words(state, late, due, today),
        "late": late,
        "start": start,
        "due": due,
        "end": end,
        "until": until if late else due,
        **skips(part(reckoned, "skipped") or (), end if end != due else None),
        "rolled": bool(end) and end != due,
        "provisional": part(reckoned, "provisional"),
        "kind": CLOCK_KIND_WORDS.get(part(clock, "kind")),
        "by_law": part(clock, "kind") in {None, "law"},
        "term": span(part(clock, "days") or 0, part(clock, "unit") or "day"),
        **bar(start, due, until),
    }


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> SafeString:
    """Print a block a second time, so that the page title and the heading are written once."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    # The block escaped its own variables when it rendered.
    return mark_safe(block.render(context).strip() if block else "")  # noqa: S308


@register.filter
def bracketed(text: Any) -> SafeString:
    """In the brackets of the page's language: full-width ones in Chinese."""
    return format_html("（{}）" if in_chinese() else " ({})", text)


@register.simple_tag
def gap() -> str:
    """What stands between two sentences of one paragraph: a space, and nothing in Chinese."""
    return "" if in_chinese() else " "


@register.simple_block_tag(takes_context=True)
def fold(
    context: template.Context,
    content: str,
    title: str,
    *,
    anchor: str = "",
    bare: bool = False,
    shut: bool = False,
) -> SafeString:
    """A part that comes second: under its heading, or, in the simpler view, folded away behind it.

    anchor: the id of the heading. bare: it has its own heading, and says the title only where it is folded.
    shut: it comes third, and is folded in every view.
    """
    if not content.strip():
        return mark_safe("")
    tied = format_html(' id="{}"', anchor) if anchor else ""
    heading = format_html("<h2{}>{}</h2>", tied, title)
    if shut or context.get("ease"):
        return format_html('<details class="fold"><summary>{}</summary>{}</details>', heading, content)
    return format_html("{}{}", "" if bare else heading, content)


def skips(skipped: Sequence[Any], end: date | None) -> dict[str, list[Any]]:
    """Days passed over in the count, and those passed over by the roll, from the last day counted on."""
    before = [skip for skip in skipped if not end or part(skip, "date") < end]
    return {"skipped": before, "over_days": list(skipped)[len(before) :]}


def in_chinese() -> bool:
    """Whether the page is being written in Chinese."""
    return (get_language() or "").lower().startswith("zh")


def part(thing: Any, name: str) -> Any:
    """Read a key of a mapping or an attribute of an object."""
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def legal_time(when: datetime, zone: str) -> datetime:
    """The same instant on the clocks of `zone`; a naive time is taken as already local."""
    return when.astimezone(ZoneInfo(zone)) if timezone.is_aware(when) else when


def late_by(days: int) -> str:
    """How late, in words."""
    return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}


def clock_words(state: str, late: int, due: date | None, today: date) -> str:
    """The one line a person looks for: how long is left, or how it ended."""
    if state == "met":
        return late_by(late) if late else gettext("done in time")
    if state == "running":
        return left(due, today)
    if state == "missed":
        return late_by(late) if late else gettext("missed")
    return word(state)


def tone(state: str, late: int, days: int | None) -> str:
    """Which of the five tones of the house a clock is drawn in."""
    if late or state == "missed":
        return "late"
    if state != "running":
        return "good" if state == "met" else "mute"
    return "warn" if days is not None and days <= NEARLY_DUE else "info"


def bar(start: date | None, due: date | None, until: date) -> dict[str, int]:
    """The bar in hundredths: how much has run, and where the due date stands once it is passed."""
    if not start or not due:
        return {"run": 0, "mark": 100, "over": 0}
    whole = max((max(due, until) - start).days, 1)
    run = min(max((until - start).days, 0), whole)
    mark = round(100 * (due - start) / timedelta(days=whole))
    return {"run": round(100 * run / whole), "mark": mark, "over": 100 - mark}


def _in_row(rows: "BaseFormSet[BaseForm]", form: BaseForm, number: int) -> list[dict[str, str]]:
    """The errors of one row of several, each said with the row that it stands in."""
    found, legend = problems(form), getattr(rows, "legend", None)
    if legend is None or len(rows.forms) == 1:
        return found
    return [each | {"label": f"{say(legend)} {number} · {each['label']}"} for each in found]


def problem_of(form: BaseForm, name: str, text: object) -> dict[str, str]:
    """One error with where to mend it; an error of the whole form points nowhere."""
    if name not in form.fields:
        return {"target": "", "label": "", "text": str(text)}
    field = form[name]
    # The sentence beside a box to be ticked is no name: what is wrong says it all.
    label = "" if isinstance(field.field.widget, CheckboxInput) else str(field.label)
    return {"target": focus_of(field), "label": label, "text": str(text)}


def focus_of(field: BoundField) -> str:
    """The id of the element to jump to: the first radio of a set, else the field itself."""
    return f"{field.auto_id}_0" if choices_of(field) else str(field.auto_id)
