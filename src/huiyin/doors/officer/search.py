"""Search the petitions that an officer may see. A query is about a matter; one about a person is not asked.

What is typed comes by POST, is judged, and only then goes into an address, closed with the house's key: so
neither a log of addresses nor a browser's history says what was looked for, and the way back still works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from huiyin.core.refusal import Refusal, refuse
from huiyin.doors.officer import inbox, sifting
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.wording import kinds_of, states_of
from huiyin.reading import query, topics
from huiyin.reading.query import Piece
from huiyin.registry import access, masking, searching, takeovers
from huiyin.registry.access import Acting
from huiyin.registry.masking import Reader
from huiyin.registry.models import Body, Competence, Petition
from huiyin.registry.sealing import REPORT
from huiyin.registry.searching import Found
from huiyin.site.closed import closed, opened
from huiyin.site.forms import say_later

PURPOSE = "search"
A_PAGE = 20
MOST_BODIES = 300  # to choose from
LEAST = 5  # petitions that hold a word before it is suggested
ANY = ("", _("Any"))
ORDERS = ((searching.NEWEST, _("Newest first")), (searching.BEST, _("Best first")))
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
STATUS = (ANY, ("open", _("Open")), ("closed", _("Closed")))


class SearchForm(forms.Form):
    """The words and the filters."""

    use_required_attribute = False
    q = forms.CharField(
        label=_("Words of the matter, or a reference"),
        help_text=_(
            "Several words: all must be there. “Words in quotes” stand side by side. -word: not that one."
        ),
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"data-key": "/", "type": "search", "autocomplete": "off"}),
    )
    order = forms.ChoiceField(label=_("Order"), choices=ORDERS, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=STATUS, required=False)
    due = forms.ChoiceField(label=_("Due"), choices=sifting.DUE, required=False)
    body = forms.ChoiceField(label=_("Body"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Class"), required=False)
    since = forms.DateField(label=_("Lodged from"), widget=DAY, required=False)
    until = forms.DateField(label=_("Lodged until"), widget=DAY, required=False)

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        if data is None:  # whoever comes here wants to type
            self.fields["q"].widget.attrs["autofocus"] = True
        chinese = (get_language() or "").startswith("zh")
        self.topics = {topic.code: topic for topic in topics.topics_of(_competences())}
        states = states_of(settings.JURISDICTION).items()
        # Reports are never searched.
        kinds = [each for each in kinds_of(settings.JURISDICTION).items() if each[0] != REPORT]
        bodies = Body.objects.filter(active=True).order_by("path")[:MOST_BODIES]
        choices: dict[str, list[Any]] = {
            "topic": [(t.code, t.zh if chinese else t.en) for t in self.topics.values()],
            "state": [(code, say_later(text)) for code, text in states],
            "kind": [(code, say_later(text)) for code, text in kinds],
            "body": [(body.code, say_later(body.name)) for body in bodies],
        }
        for name, known in choices.items():
            self.fields[name].choices = [ANY, *known]  # type: ignore[attr-defined]

    @property
    def filtered(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields if name not in {"q", "order"})


def _competences() -> list[str]:
    return list(Competence.objects.values_list("subject", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Line:
    """One petition that was found, as everybody who may see it sees it here: masked."""

    line: inbox.Line
    title: list[Piece]
    told: list[Piece]
    in_answer: bool  # the words stand in the reasoned answer, and not in the petition


@sensitive_post_parameters()
@sensitive_variables("form", "said", "wanted")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: DeskRequest) -> HttpResponseBase:
    if request.method == "POST":
        form = SearchForm(request.POST)
        if not form.is_valid():
            return page(request, "search.html", {"form": form}, status=400)
        said = form.cleaned_data["q"]
        seen = access.visible_to(request.acting)
        ref = searching.ref_in(said)
        if ref and not seen.filter(ref=ref).exists():
            return _refused(request, form, refuse("search-no-such-ref"))
        if ref := ref or takeovers.ref_of(said, seen):
            return redirect("desk:petition", ref)
        wanted = searching.asked(said)
        if isinstance(wanted, Refusal):
            return _refused(request, form, wanted)
        return redirect(_address(request.POST.dict()))
    kept = _opened(request.GET.get("s", ""))
    if kept is None:
        return page(request, "search.html", {"form": SearchForm(None)})
    form = SearchForm(kept)
    wanted = searching.asked(kept.get("q", "")) if form.is_valid() else refuse("search-empty")
    if isinstance(wanted, Refusal):
        return _refused(request, form, wanted)
    return _results(request, form, wanted, kept)


def _results(
    request: DeskRequest, form: SearchForm, wanted: query.Query, kept: dict[str, str]
) -> HttpResponseBase:
    wanted, found = find(request.acting, form, wanted)
    shown = Paginator(found.pks, A_PAGE).get_page(request.GET.get("page"))
    suggested = [
        (word, _address(kept | {"q": f"{kept['q']} {_quoted(word)}"})) for word in narrower(form, found)
    ]
    context = {
        "form": form,
        "found": found,
        "count": len(found.pks),
        "page": shown,
        "lines": lines_of(request.acting, list(shown), wanted),
        "suggested": suggested,
    }
    return page(request, "search.html", context)


def find(acting: Acting, form: SearchForm, wanted: query.Query) -> tuple[query.Query, Found]:
    """What this officer may see of what a valid form asks for; the query with the topic's words in it."""
    said = form.cleaned_data
    if said["topic"]:
        wanted = searching.with_topic(wanted, form.topics[said["topic"]])
    order = said["order"] or searching.NEWEST
    return wanted, searching.search(acting, wanted, _sifted(acting, said), order)


def narrower(form: SearchForm, found: Found) -> list[str]:
    """Words of the house's own topics that stand in several of those that were found."""
    ours = [word for topic in form.topics.values() for word in topic.said]
    return searching.suggested(found, ours, LEAST)


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def _refused(request: DeskRequest, form: SearchForm, refusal: Refusal) -> HttpResponseBase:
    form.is_valid()
    form.add_error("q", str(say_later(refusal.reason)))
    return page(request, "search.html", {"form": form}, status=400)


def _sifted(acting: Acting, said: Mapping[str, Any]) -> QuerySet[Petition]:
    """What this officer may see, through the filters."""
    seen = sifting.by_due(access.visible_to(acting), said["due"], acting.day)
    for name in ("state", "kind"):
        if said[name]:
            seen = seen.filter(**{name: said[name]})
    if said["status"]:
        seen = seen.filter(is_open=said["status"] == "open")
    if said["body"]:
        seen = seen.filter(holder__code=said["body"])
    if said["since"]:
        seen = seen.filter(lodged_at__gte=_begin(said["since"]))
    if said["until"]:
        seen = seen.filter(lodged_at__lt=_begin(said["until"] + timedelta(days=1)))
    return seen


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def lines_of(acting: Acting, pks: list[int], wanted: query.Query) -> list[Line]:
    """The petitions of one page, in a constant number of queries."""
    rows = inbox.with_what_a_line_shows(access.visible_to(acting).filter(pk__in=pks)).defer(None)
    by_number = {petition.pk: petition for petition in rows}
    return [_line(by_number[pk], wanted) for pk in pks if pk in by_number]


def _line(petition: Petition, wanted: query.Query) -> Line:
    reader = Reader(hides=True, known=masking.known_of(petition))
    title = query.pieces(reader.says(petition.subject), wanted)
    told = query.pieces(masking.text_for(reader, petition), wanted)
    (line,) = inbox.lines([petition])
    return Line(line, title, told, in_answer=not any(piece.hit for piece in (*title, *told)))


# ---- the address


def _address(said: Mapping[str, str]) -> str:
    kept = {name: said[name] for name in SearchForm.base_fields if said.get(name)}
    return f"{reverse('desk:search')}?s={closed(kept, PURPOSE)}"


def _opened(token: str) -> dict[str, str] | None:
    return opened(token, PURPOSE)
