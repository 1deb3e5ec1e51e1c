"""The law as Huiyin applies it, readable by everybody: terms, states, steps and articles of each rulebook."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.core import rulebook, statechart
from huiyin.core.rulebook import ANY, OPEN, ClockRule, NoSuchRule, Row, Rulebook
from huiyin.core.text import Text
from huiyin.core.vocabulary import CLOCK_KIND_WORDS
from huiyin.registry import law
from huiyin.site import articles

EVIDENCE = {
    "full": (_("source read in full"), "good"),
    "partial": (_("source read in part"), "warn"),
    "memory": (_("from memory, not verified"), "late"),
}
KINDS = {
    "suggestion": _("suggestions"),
    "report": _("reports against persons"),
    "claim": _("claims"),
}
BODIES = {
    "office": _("petition office"),
    "organ": _("competent body"),
    "discipline": _("discipline body"),
    "judicial": _("judicial body"),
    "conference": _("joint conference"),
}
ROLES = {
    "author": _("the petitioner"),
    "registrar": _("registrar"),
    "handler": _("handling officer"),
    "head": _("head of the body"),
    "reviewer": _("reviewer"),
    "leader": _("leader"),
    "supervisor": _("supervisor"),
    "recorder": _("recorder of an outside body's letters"),
    "custodian": _("custodian"),
    "auditor": _("auditor"),
    "administrator": _("administrator"),
    "clerk": _("Huiyin by itself"),
    "courier": _("Huiyin by itself"),
    "importer": _("import of an older data set"),
}
DUTIES = {"body": _("the body"), "author": _("the petitioner"), "house": _("Huiyin by itself")}
ON_DUE = {
    "breach": _("recorded as a missed duty; petitioner and supervisors see it"),
    "lapse": _("this one possibility ends, and nothing else"),
    "effect": _("it takes effect"),
}


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All rulebooks, the one in force here first."""
    here = law.at(timezone.now())[0]
    books = sorted(rulebook.all_rulebooks(), key=lambda b: (b.id != here.id, b.id))
    listed = [{"book": b, "evidence": EVIDENCE[b.evidence], "here": b.id == here.id} for b in books]
    return render(request, "public/rules.html", {"books": listed})


@require_safe
def rule(request: HttpRequest, *, book: str) -> HttpResponse:
    """One rulebook, with every article it cites."""
    try:
        shown = rulebook.by_id(book)
    except NoSuchRule:
        raise Http404 from None
    context = {
        "book": shown,
        "evidence": EVIDENCE[shown.evidence],
        "articles": [(name, articles.cite(name, book), text) for name, text in shown.articles.items()],
        "clocks": _table_of_clocks(shown),
        "moves": _moves(shown),
        "states": list(shown.states.values()),
        # Made here and escaped there: no word of it comes from anybody but the rulebook.
        "drawing": mark_safe(statechart.svg(shown, get_language() or "")),  # noqa: S308
    }
    return render(request, "public/rule.html", context)


def _cited(article: str, book: Rulebook) -> dict[str, Any]:
    return {"text": articles.cite(article, book.id), "href": f"#{articles.anchor(article)}"}


def _table_of_clocks(book: Rulebook) -> dict[str, Any]:
    names = (_("Term"), _("How long"), _("Who must act"), _("When it has passed"), _("Article"))
    rows = [
        {
            "cells": [
                {"text": clock.text, "note": _note(clock, book)},
                {"text": _span(clock.days, clock.unit)},
                {"text": DUTIES[clock.duty]},
                {"text": ON_DUE[clock.on_due]},
                _cited(clock.article, book),
            ]
        }
        for clock in book.clocks.values()
    ]
    return {"columns": [{"name": name} for name in names], "rows": rows}


def _note(clock: ClockRule, book: Rulebook) -> Any:
    """Beside the name of a term: whose it is, and what has to be checked before one relies on it."""
    kind, doubts = CLOCK_KIND_WORDS[clock.kind], book.doubts(clock)
    zh = "。".join([kind.zh, *(d.zh for d in doubts)])
    en = ". ".join([kind.en, *(d.en for d in doubts)])
    return Text(zh, en)


def _span(days: int, unit: str) -> Text:
    if unit == "set":
        return Text("由交办单位确定", "set by the sender")
    one = "" if days == 1 else "s"
    if unit == "workday":
        return Text(f"{days} 个工作日", f"{days} working day{one}")
    return Text(f"{days} 日", f"{days} day{one}")


def _moves(book: Rulebook) -> list[dict[str, Any]]:
    """Every step with its lines of the table; a step that has several, called the same, is told once."""
    groups: dict[tuple[str, Text], dict[str, Any]] = {}
    for row in book.rows:
        group = groups.setdefault((row.verb, row.text), {"text": row.text, "rows": []})
        group["rows"].append(_move(row, book))
    return list(groups.values())


def _move(row: Row, book: Rulebook) -> dict[str, Any]:
    to = book.states[row.to].text if row.to else Text("不变", "unchanged")
    lines = [
        (pgettext_lazy("states", "From"), _sources(row, book)),
        (pgettext_lazy("states", "To"), to),
        (_("Who"), _listed([ROLES[role] for role in sorted(row.by)])),
        (_("What it must say"), _contents(row)),
    ]
    only = _only(row)
    if only:
        lines.insert(0, (_("Only for"), only))
    return {"lines": lines, "article": row.article}


def _only(row: Row) -> Text | None:
    """For which petitions, and at which kinds of body."""
    limits = [KINDS[kind] for kind in sorted(row.kinds)] + [BODIES[body] for body in sorted(row.held_by)]
    return _listed(limits) if limits else None


def _sources(row: Row, book: Rulebook) -> Text:
    if row.verb == "lodge":
        return Text("—", "—")
    if ANY in row.sources:
        return Text("任何状态", "any state")
    if OPEN in row.sources:
        return Text("任何未办结的状态", "any open state")
    return _listed([book.states[name].text for name in book.states if name in row.sources])


def _contents(row: Row) -> Text:
    if not row.contents:
        return Text("—", "—")
    said = [
        c.text if c.required else Text(f"{c.text.zh}（可不写）", f"{c.text.en} (optional)")
        for c in row.contents
    ]
    return _listed(said)


def _listed(items: list[Any]) -> Text:
    """Several words in a row, in both languages."""
    return Text("、".join(_in(i, "zh-hans") for i in items), ", ".join(_in(i, "en") for i in items))


def _in(item: Any, language: str) -> str:
    if isinstance(item, Text):
        return item.say(language)
    from django.utils import translation

    with translation.override(language):
        return str(item)
