"""A letter at the counter: its pages are read by a process of their own, and proposed as text beside them.

The files wait enciphered (`site.staging`) and the key to them is in a cookie of whoever brought them: no
colleague and no later visitor of this desk opens them. They are attached when the petition is put on record;
until then nothing of the letter is in the registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.doors.officer.door import DeskRequest, page
from huiyin.reading import pages
from huiyin.reading.pages import Line
from huiyin.registry import attachments
from huiyin.registry.attachments import Upload
from huiyin.site import scanning, staging
from huiyin.site.forms import Quiet, files_field, say_later, uploads_of
from huiyin.site.scanning import Scan, State
from huiyin.site.staging import Staged

COOKIE = "letter"
SALT = "huiyin.desk.letter"
SENTENCES = {
    "missing": _(
        "Reading letters is not installed here. Type what the letter says; its files are kept and attached."
    ),
    "kind": _("No page of these files can be read: choose pictures or a PDF. They are kept and attached."),
    "broken": _(
        "A page could not be opened. What was read before it is proposed; the files are kept and attached."
    ),
    "large": _("A page is too large to be read. Scan it at 200 dpi. The files are kept and attached."),
    "long": _(
        "Reading took too long and was ended. What was read is proposed; the files are kept and attached."
    ),
    "stopped": _(
        "Reading stopped before its end. What was read is proposed; the files are kept and attached."
    ),
    "many": _("Only the first 20 pages were read. All of the files are kept and attached."),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A page as the clerk sees it: its number, its lines, those to look at twice."""

    number: int
    lines: tuple[Line, ...]

    @property
    def unsure(self) -> list[str]:
        return [line.text for line in self.lines if not line.sure]


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter of this desk: its files, and what is read of them."""

    files: list[Staged]
    scan: Scan
    paper: str = ""  # of a batch: which letter it is there

    @property
    def state(self) -> State:
        return scanning.state(self.scan)

    @property
    def problem(self) -> Any:
        return SENTENCES.get(self.state.problem, "")

    @property
    def read(self) -> list[Read]:
        return [Read(number, self.scan.lines(number)) for number in range(1, self.state.read + 1)]

    @property
    def text(self) -> str:
        """What is proposed: line by line, an empty line between pages."""
        return "\n\n".join("\n".join(line.text for line in each.lines) for each in self.read)

    def drop(self, answer: HttpResponseBase) -> None:
        """Delete what waits, and the key to it."""
        for file in self.files:
            file.drop()
        self.forget(answer)

    def forget(self, answer: HttpResponseBase) -> None:
        """Delete what was read, and the key. The files go with the sweep: a form sent twice names them."""
        self.scan.drop()
        if isinstance(answer, HttpResponse):
            answer.delete_cookie(COOKIE, path=reverse("desk:inbox"))


def waiting(request: HttpRequest) -> Letter | None:
    """The letter that this browser brought, if one waits."""
    try:
        place, key, tokens, *more = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=staging.HOURS * 3600
        )
    except (signing.BadSignature, ValueError):
        return None
    files = [file for token in tokens if (file := staging.opened(token))]
    scan = Scan(staging.folder(), place, bytes.fromhex(key))
    return Letter(files, scan, more[0] if more else "")


class LetterForm(Quiet):
    attachments = files_field(
        label=_("The pages of the letter"),
        help_text=_("Photographs or scans (JPEG, PNG, WebP) or a PDF, up to 5 files."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: DeskRequest) -> HttpResponseBase:
    """Bring a letter, see how far it is read, go on to put it on record."""
    here = waiting(request)
    if request.method != "POST":
        return page(
            request, "scanned.html", {"letter": here, "form": LetterForm(), "installed": pages.available()}
        )
    if request.POST.get("step") == "drop" and here:
        answer = redirect("desk:scanned")
        here.drop(answer)
        return answer
    form = LetterForm(request.POST, request.FILES)
    uploads = uploads_of(request.FILES.getlist("attachments"))
    problem = attachments.refusal(uploads) if uploads else None
    if problem or not uploads or staging.sweep() > staging.MOST_BYTES:
        said = problem.reason if problem else staging.FULL if uploads else None
        form.add_error("attachments", say_later(said) if said else _("Choose the pages of the letter."))
        return page(request, "scanned.html", {"form": form, "installed": pages.available()}, status=400)
    answer = redirect("desk:scanned")
    if here:
        here.drop(answer)
    begin(request, answer, uploads)
    return answer


def begin(request: HttpRequest, answer: HttpResponse, uploads: list[Upload], paper: str = "") -> None:
    """Put the pages aside and have them read. `paper`: which letter of a batch they are."""
    files = [staging.stage(upload) for upload in uploads]
    kinds = [(attachments.media_type(upload) or "", upload.content) for upload in uploads]
    scan = scanning.start(staging.folder(), kinds)
    told = [scan.place, scan.key.hex(), [file.token for file in files], paper]
    answer.set_cookie(
        COOKIE,
        signing.dumps(told, salt=SALT, compress=True),
        max_age=staging.HOURS * 3600,
        path=reverse("desk:inbox"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )


@require_GET
def picture(request: DeskRequest, number: int) -> HttpResponse:
    """One page of the letter, to look at."""
    here = waiting(request)
    content = here.scan.picture(number) if here else None
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg", headers={"Content-Disposition": "inline"})
