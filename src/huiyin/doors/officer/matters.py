"""The same matter: link another petition by its reference, and give several the same step at once."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huiyin.core import rulebook
from huiyin.doors.officer import composing
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.petition import petition_or_404
from huiyin.registry import law, linking, resembling
from huiyin.registry.models import Petition
from huiyin.registry.prospects import open_moves
from huiyin.site.forms import Quiet, say_later


class LinkForm(Quiet):
    prior = forms.CharField(
        label=_("Reference of the other petition"),
        help_text=_("One that you may see. It is named by its reference alone: nobody is looked up here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reasons = forms.CharField(
        label=_("Why it is the same matter"),
        help_text=_(
            "Both petitioners read this. Say what is the same in the matter, and nothing about who asks."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: DeskRequest, ref: str) -> HttpResponseBase:
    """Link it with another, or take its link back."""
    found = petition_or_404(request, ref)
    if not linking.may_link(request.acting, found):
        raise Http404
    form = LinkForm(request.POST or None)
    similar = resembling.similar_to(found, request.acting)
    chosen = request.POST.getlist("refs")
    if chosen:
        form.fields["prior"].required = False
    if request.POST.get("do") == "unlink":
        refused = linking.unlink(found, request.acting, request.now)
        if refused is None:
            messages.success(request, gettext("The link is taken back."))
            return redirect("desk:petition", found.ref)
        form = LinkForm()
        messages.error(request, str(say_later(refused.reason)))
    elif request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        refs = [*chosen, *([said["prior"]] if said["prior"] else [])]
        refused = linking.link_all(found, refs, said["reasons"], request.acting, request.now)
        if refused is None:
            messages.success(
                request, gettext("They are linked. Each keeps its own terms and gets its own answer.")
            )
            return redirect("desk:petition", found.ref)
        for name, reason in refused.fields.items() or [(None, refused.reason)]:
            form.add_error(name, str(say_later(reason)))
    others = list(linking.others_of(found, request.acting))
    return page(
        request,
        "matter.html",
        {
            "petition": found,
            "form": form,
            "others": others,
            "similar": [each for each in similar if each.petition not in others],
            "chosen": chosen,
        },
        status=400 if form.is_bound and form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def same(request: DeskRequest, ref: str) -> HttpResponseBase:
    """Make the latest step of this petition on others of its matter, and show what came of each."""
    found = petition_or_404(request, ref)
    step = linking.shared_step(found)
    if step is None:
        raise Http404
    verb, entry = step
    done = []
    if request.method == "POST":
        done = linking.same_for(found, request.POST.getlist("refs"), request.acting, request.now)
    book = rulebook.by_id(entry.rulebook)
    context = {
        "petition": found,
        "row": next(iter(book.rows_of(verb)), None) or next(iter(law.in_force(request.today).rows_of(verb))),
        "able": linking.able(found, verb, request.acting, request.now),
        "to_answer": _to_answer(request, found),
        "like": composing.LIKE,
        "done": done,
    }
    return page(request, "matter_same.html", context)


def _to_answer(request: DeskRequest, found: Petition) -> list[tuple[Petition, str]]:
    """Others of its matter that may be answered now, and by which step, where this one has an answer."""
    if not resembling.is_answered(found):
        return []
    waiting = linking.others_of(found, request.acting).filter(is_open=True)
    rows = ((each, open_moves(each, request.acting, request.now)) for each in waiting)
    verbs = ((each, next((row.verb for row in open_ if composing.answers(row)), "")) for each, open_ in rows)
    return [(each, verb) for each, verb in verbs if verb]
