"""The law as Huiyin applies it, readable by everybody: terms, states, steps and articles of each rulebook."""

from __future__ import annotations

import re
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
OFFICES = ("registrar", "handler", "head", "reviewer", "leader", "supervisor", "recorder")
MAKERS = (
    (_("The petitioner"), frozenset({"author"})),
    (_("The bodies"), frozenset(OFFICES)),
    (_("Those who guard names and records"), frozenset({"custodian", "auditor", "administrator"})),
    (_("Huiyin by itself, when a date has come"), frozenset({"clerk", "courier"})),
    (_("The import of an older data set"), frozenset({"importer"})),
)
DUTIES = {"body": _("the body"), "author": _("the petitioner"), "house": _("Huiyin by itself")}
TERMS = {  # by whose they are, the law's first
    "law": _("Terms of the law"),
    "order": _("Dates set by order"),
    "house": _("Huiyin's own terms, never counted as late by law"),
}
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
    shown = _book(book)
    context = {
        "book": shown,
        "evidence": EVIDENCE[shown.evidence],
        "articles": [
            (name, articles.cite(name, book), text)
            for name, text in sorted(shown.articles.items(), key=lambda each: _in_order(each[0]))
        ],
        "terms": _terms(shown),
        "states": _states(shown),
        # Made here and escaped there: no word of it comes from anybody but the rulebook.
        "drawing": mark_safe(statechart.svg(shown, get_language() or "", _state_address)),  # noqa: S308
    }
    return render(request, "public/rule.html", context)


def _in_order(article: str) -> tuple[int, str, list[int]]:
    """The law's own articles by number, then those of other sources, then what is no law."""
    numbers = [int(number) for number in re.findall(r"\d+", article)]
    if article == "house" or article.startswith("local."):
        return 2, "", numbers
    return int(not article[0].isdigit()), article.rpartition("-")[0] if numbers else "", numbers


@require_safe
def steps(request: HttpRequest, *, book: str) -> HttpResponse:
    """All steps of a rulebook by who may make them, a link each."""
    shown = _book(book)
    return render(request, "public/steps.html", {"book": shown, "groups": _by_maker(shown)})


@require_safe
def step(request: HttpRequest, *, book: str, verb: str) -> HttpResponse:
    """One step: in which states, by whom, what it must say, which terms it starts and ends."""
    shown = _book(book)
    rows = [row for row in shown.rows if row.verb == verb]
    if not rows:
        raise Http404
    title = rows[0].text
    told = [{"text": row.text if row.text != title else None, **_move(row, shown)} for row in rows]
    return render(request, "public/step.html", {"book": shown, "title": title, "rows": told})


def _book(book: str) -> Rulebook:
    try:
        return rulebook.by_id(book)
    except NoSuchRule:
        raise Http404 from None


def _state_address(name: str) -> str:
    return f"#state-{name}"


def _states(book: Rulebook) -> list[dict[str, Any]]:
    """Every state in the order of the drawing, with what can follow."""
    drawn = [box.name for box in statechart.draw(book).boxes]
    order = drawn + [name for name in book.states if name not in drawn]
    return [{"rule": book.states[name], "ways": _ways(name, book)} for name in order]


def _ways(state: str, book: Rulebook) -> list[dict[str, Any]]:
    """The steps that lead from one state to another, each once, with its article and where it leads."""
    ways: dict[tuple[str, str], Row] = {}
    for row in book.rows:
        if row.to and row.to != state and state in row.sources:
            ways.setdefault((row.verb, row.to), row)
    return [
        {
            "verb": row.verb,
            "text": row.text,
            "to": book.states[row.to],
            "article": row.article,
            "cited": articles.cite(row.article, book.id),
        }
        for row in ways.values()
    ]


def _by_maker(book: Rulebook) -> list[tuple[Any, list[dict[str, Any]]]]:
    """What the author, the offices and the program itself may do; a step of several stands with each."""
    groups: list[tuple[Any, list[dict[str, Any]]]] = []
    for title, makers in MAKERS:
        found: dict[str, dict[str, Any]] = {}
        for row in book.rows:
            if row.by & makers:
                found.setdefault(row.verb, {"verb": row.verb, "texts": []})
                texts = found[row.verb]["texts"]
                texts += [row.text] if row.text not in texts else []
        if found:
            groups.append((title, list(found.values())))
    return groups


def _cited(article: str, book: Rulebook) -> dict[str, Any]:
    return {"text": articles.cite(article, book.id), "href": f"#{articles.anchor(article)}"}


def _terms(book: Rulebook) -> list[dict[str, Any]]:
    """A table of terms for each kind there is."""
    tables = ({"kind": kind, "title": title, **_table_of_clocks(book, kind)} for kind, title in TERMS.items())
    return [table for table in tables if table["rows"]]


def _table_of_clocks(book: Rulebook, kind: str) -> dict[str, Any]:
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
        if clock.kind == kind
    ]
    return {"columns": [{"name": name} for name in names], "rows": rows}


def _note(clock: ClockRule, book: Rulebook) -> Text | None:
    """Beside the name of a term: what has to be checked before one relies on it."""
    doubts = book.doubts(clock)
    return Text("".join(d.zh for d in doubts), " ".join(d.en for d in doubts)) if doubts else None


def _span(days: int, unit: str) -> Text:
    if unit == "set":
        return Text("由交办单位确定", "set by the sender")
    one = "" if days == 1 else "s"
    if unit == "workday":
        return Text(f"{days} 个工作日", f"{days} working day{one}")
    return Text(f"{days} 日", f"{days} day{one}")


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
    for words, names in ((_("Terms it starts"), row.starts), (_("Terms it keeps"), row.meets)):
        if known := [book.clocks[name].text for name in names if name in book.clocks]:
            lines.append((words, _listed(known)))
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
