"""Letters on paper, many at once: brought, parted, sorted by hand, put on record one after the other.

A registrar sees those of their own bodies. A page is opened for whoever sorts or registers it, as an envelope
is; the words of it are in no list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.officer import paper_work, scanned
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.papers.scanned import Leaf, pdf_of
from huiyin.reading import pages
from huiyin.registry import attachments, papers_in, pulses
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Body, PaperFile, PaperLetter, PaperPage
from huiyin.registry.paper import WAITING
from huiyin.site import splitting
from huiyin.site.forms import Quiet, files_field, say_later
from huiyin.site.uploads import TOGETHER
from huiyin.vault.unseal import open_file

A_PAGE = 25
LEFT_OUT_SHOWN = 60
PART_BYTES = 9 * 1024 * 1024  # of one attachment that is made of pages
WORDS = {
    "missing": _("What opens scans is not installed here. Ask your administrator for it."),
    "locked": _("It is locked with a password. Save it without one and bring it again."),
    "broken": _("It is damaged from here on. Scan it again, or save it anew as PDF."),
    "large": _("A page is too large to be opened. Scan it at 200 dpi."),
    "long": _("It took too long to open. Scan it in several files."),
    "many": _("It has more than 200 pages; the first 200 are here. Scan the rest as a file of its own."),
    "stopped": _("It could not be opened, though it was tried three times. Scan it again."),
}


class BatchForm(Quiet):
    attachments = files_field(
        label=_("Scanned letters"),
        help_text=_("Up to 20 files (PDF, JPEG, PNG, WebP), 10 MB each and 60 MB together."),
    )
    body = forms.ChoiceField(label=_("For which body"), required=False)
    blank = forms.BooleanField(
        label=_("A blank page ends a letter"),
        help_text=_("Each file begins a letter, and so does what follows a separator sheet, anyhow."),
        required=False,
    )

    def __init__(self, bodies: list[Body], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(field := self.fields["body"], forms.ChoiceField):
            field.choices = [(each.code, say_later(each.name)) for each in bodies]
        self.fields["attachments"].widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png,.webp"
        if len(bodies) == 1:
            del self.fields["body"]


@dataclass(frozen=True, slots=True)
class Troubled:
    """A file that is being parted or was not parted to its end: its name, how far, what to do."""

    row: PaperFile
    name: str
    words: Any


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: DeskRequest) -> HttpResponseBase:
    """Bring files; what is being parted; which letters wait; what was left out."""
    bodies = _bodies(request)
    form = BatchForm(bodies, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if _taken(request, form, bodies):
            return redirect("desk:paper")
        form.add_error("attachments", _("Choose the scanned letters."))
    files = list(papers_in.files_for(request.acting))
    if any(file.state == WAITING for file in files):
        paper_work.start()
    letters = papers_in.letters_for(request.acting)
    left_out = papers_in.left_out_for(request.acting)
    context = {
        "form": form,
        "installed": pages.available(),
        "folder": pulses.Pulse.objects.filter(process=pulses.LETTERS).first()
        if settings.LETTERS_DIR
        else None,
        "going": [file for file in files if file.state == WAITING],
        "troubled": [_troubled(file) for file in files if file.state != WAITING],
        "page": Paginator(letters, A_PAGE).get_page(request.GET.get("page")),
        "left_out": left_out[:LEFT_OUT_SHOWN],
        "more_left_out": left_out.count() > LEFT_OUT_SHOWN,
    }
    return page(request, "paper.html", context, status=400 if form.errors else 200)


def _bodies(request: DeskRequest) -> list[Body]:
    found = Body.objects.filter(code__in=papers_in.bodies_of(request.acting), active=True, external=False)
    return list(found.order_by("path"))


def _troubled(file: PaperFile) -> Troubled:
    told = paper_work.told_of(file)
    if file.problem == papers_in.NOT_TAKEN and "en" in told:
        why = Text(told["zh-hans"], told["en"], told["zh-hant"])
        return Troubled(file, told["name"], say_later(why))
    return Troubled(file, told["name"], WORDS.get(file.problem, WORDS["broken"]))


def _taken(request: DeskRequest, form: BatchForm, bodies: list[Body]) -> bool:
    """Keep what came, one file after the other; one that cannot be taken stops no other."""
    body = form.cleaned_data.get("body") or bodies[0].code
    came, wrong, kept = 0, [], 0
    sent = request.FILES.getlist("attachments")
    for n, file in enumerate(sent):
        content = file.read()
        came += len(content)
        if came >= TOGETHER:  # what follows did not come whole
            said = gettext("“%(name)s” and what follows is more than can come at once; bring it again.")
            wrong.append(said % {"name": attachments.clean_name(file.name or "file")})
            break
        blank = form.cleaned_data["blank"]
        upload = Upload(file.name or "file", content)
        at = request.now + timedelta(microseconds=n)  # in the order in which they were chosen
        done = papers_in.bring(upload, body, by=request.officer, now=at, blank_parts=blank)
        kept += done.wrong is None
        if done.wrong is not None:
            wrong.append(str(say_later(done.wrong)))
    for each in wrong:
        messages.error(request, each)
    if kept:
        said = ngettext("%(n)s file is kept.", "%(n)s files are kept.", kept)
        messages.success(request, said % {"n": kept})
    papers_in.forget(request.now)
    return bool(sent)


# ---- one letter


def _letter(request: DeskRequest, pk: UUID) -> PaperLetter | None:
    """The letter; None of one that a colleague put on record, which is said. Raises Http404 of any other."""
    found: PaperLetter | None = papers_in.letters_for(request.acting).filter(pk=pk).first()
    if found is None:
        told = papers_in.who_took(pk, request.acting)
        if told is None:
            raise Http404
        messages.error(request, str(say_later(told)))
    return found


@require_http_methods(["GET", "HEAD"])
def letter(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """Its pages, and what can be done with each."""
    found = _letter(request, pk)
    if found is None:
        return redirect("desk:paper")
    held = papers_in.pages_for(request.acting).filter(letter=found)
    return page(request, "paper_letter.html", {"letter": found, "pages": held, "many": pages.MOST_PAGES})


@require_POST
def sort(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """Join it with the one before; or cut, turn or leave out one of its pages."""
    found = papers_in.letters_for(request.acting).filter(pk=pk).first()
    if found is None:
        messages.error(request, str(say_later(papers_in.who_took(pk, request.acting) or papers_in.GONE)))
        return redirect("desk:paper")
    step, _dash, number = request.POST.get("do", "").partition("-")
    if step == "join":
        before = papers_in.join(found, request.acting)
        if before is None:
            messages.info(request, gettext("There is no letter before this one."))
        return redirect("desk:paper-letter", (before or found).pk)
    row = papers_in.pages_for(request.acting).filter(letter=found, pk=number if number.isdecimal() else 0)
    chosen = row.first()
    if chosen is None:
        raise Http404
    if step == "cut":
        papers_in.cut(chosen)
    elif step == "turn":
        papers_in.turn(chosen)
    elif step == "out":
        papers_in.leave_out(chosen)
    left = papers_in.letters_for(request.acting).filter(pk=pk).exists()
    return redirect("desk:paper-letter", pk) if left else redirect("desk:paper")


@require_GET
def picture(request: DeskRequest, number: int) -> HttpResponse:
    """One page, to look at."""
    row = papers_in.pages_for(request.acting).filter(pk=number).first()
    if row is None:
        raise Http404
    return HttpResponse(_opened(row), content_type="image/jpeg", headers={"Content-Disposition": "inline"})


def _opened(row: PaperPage) -> bytes:
    return open_file(row.data_key, bytes(row.told), bytes(row.content))[1]


@require_POST
def register(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """Have its pages read, and go on to put it on record."""
    found = _letter(request, pk)
    if found is None:
        return redirect("desk:paper")
    rows = papers_in.pages_for(request.acting).filter(letter=found)
    leaves = (Leaf(_opened(row), row.wide, row.high, row.turned) for row in rows.iterator(chunk_size=1))
    uploads = [Upload(f"letter-{n}.pdf", content) for n, content in enumerate(_parts(leaves), 1)]
    refused = attachments.refusal(uploads)
    if refused is not None:
        messages.error(request, gettext("The letter is too long to be attached as one; cut it in two."))
        return redirect("desk:paper-letter", pk)
    answer = redirect("desk:scanned")
    if before := scanned.waiting(request):
        before.drop(answer)
    scanned.begin(request, answer, uploads, paper=str(found.pk))
    return answer


def _parts(leaves: Iterable[Leaf]) -> Iterable[bytes]:
    """PDFs of these pages, each small enough to be attached."""
    part: list[Leaf] = []
    for leaf in leaves:
        if part and sum(len(each.picture) for each in part) + len(leaf.picture) > PART_BYTES:
            yield pdf_of(part)
            part = []
        part.append(leaf)
    if part:
        yield pdf_of(part)


# ---- what was left out, what is wrong, the sheet


@require_POST
def left_out(request: DeskRequest) -> HttpResponseBase:
    """Put one page back as a letter of its own, or destroy those that were chosen."""
    if (number := request.POST.get("back", "")).isdecimal():
        row = papers_in.left_out_for(request.acting).filter(pk=number).first()
        return redirect("desk:paper-letter", papers_in.put_back(row).pk) if row else redirect("desk:paper")
    chosen = [int(each) for each in request.POST.getlist("page") if each.isdecimal()]
    n = papers_in.delete_left_out(request.acting, chosen, timezone.now())
    said = ngettext("%(n)s page is deleted.", "%(n)s pages are deleted.", n) % {"n": n}
    messages.success(request, said) if n else messages.error(request, gettext("Choose at least one page."))
    return redirect("desk:paper")


@require_POST
def looked_at(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """What is wrong with a file was read: it is named no more."""
    if file := papers_in.files_for(request.acting).filter(pk=pk).first():
        papers_in.looked_at(file, request.now, by=request.officer)
    return redirect("desk:paper")


@require_GET
def sheet(request: DeskRequest) -> HttpResponseBase:
    """A separator sheet to print: the code on it is what a scan is parted by."""
    code = segno.make(splitting.SEPARATOR, error="h", micro=False)
    return page(request, "paper_sheet.html", {"code": code.svg_data_uri(border=4, scale=12, light="#fff")})


def held(pk: str, request: DeskRequest) -> PaperLetter | Refusal | None:
    """The letter that a form puts on record, held until its transaction ends; None of a form without one."""
    if not pk:
        return None
    try:
        return papers_in.held(UUID(pk), request.acting)
    except ValueError:
        return Refusal("letter-gone", papers_in.GONE, "")
