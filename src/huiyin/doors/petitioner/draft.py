"""What was typed so far: one form over several pages, carried along in the page itself and kept nowhere."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from huiyin.doors.petitioner import finding, once
from huiyin.doors.petitioner.finding import Finder
from huiyin.doors.petitioner.lodge_forms import AboutForm, AuthorForm, BodyForm, MatterForm
from huiyin.registry import asking, joining, law
from huiyin.registry.models import Body, Question
from huiyin.site import staging
from huiyin.site.forms import Quiet

MATTER, ABOUT, BODY, AUTHOR, CHECK = STEPS = ("matter", "about", "body", "author", "check")

QUESTION = "question"


class Draft:
    """The pages of one lodging, as far as they have been filled in."""

    def __init__(self, request: HttpRequest) -> None:
        sent = request.POST
        self.step = sent.get("step", "") if sent.get("step") in STEPS else MATTER
        self.been = [name for name in STEPS if name in sent.getlist("been") or (sent and name == self.step)]
        self.staged, self.problem = staging.take(request)
        token = sent.get("token", "")
        self.is_stale = bool(token) and not once.is_good(token)
        self.token = token if once.is_good(token) else once.new_token()
        book, today = law.at(timezone.now())
        self.question = asking.answerable(sent.get(QUESTION) or request.GET.get(QUESTION, ""), today)
        first = {"kind": "suggestion"} if self.question else None
        self.matter = MatterForm(self._data(request, MATTER), book=book, initial=first)
        bodies = Body.objects.filter(active=True).select_related("superior").prefetch_related("competences")
        every = list(bodies)
        written = f"{sent.get('subject', '')}\n{sent.get('text', '')}"
        looked_for = {step: finding.sought(sent) if step == self.step else None for step in (ABOUT, BODY)}
        self.about = AboutForm(
            self._data(request, ABOUT), finder=Finder(every, looked_for=looked_for[ABOUT], text=written)
        )
        inside = [body for body in every if not body.external]
        self.body = BodyForm(
            self._data(request, BODY),
            finder=Finder(inside, looked_for=looked_for[BODY], text=written),
            kind=sent.get("kind", ""),
        )
        self.author = AuthorForm(self._data(request, AUTHOR), may_be_joint=joining.is_known_to_the_law())
        self._sent = sent

    def _data(self, request: HttpRequest, step: str) -> dict[str, str] | None:
        return request.POST if step in self.been else None

    @property
    def forms(self) -> dict[str, Quiet]:
        return {MATTER: self.matter, ABOUT: self.about, BODY: self.body, AUTHOR: self.author}

    @property
    def first_wrong(self) -> str:
        """The first page that is not filled in rightly, '' when all are."""
        if self.problem:
            return MATTER
        return next((name for name, form in self.forms.items() if not form.is_valid()), "")

    @property
    def answers(self) -> Question | None:
        """The question to the public that this lodging answers: only a suggestion does."""
        return self.question if self.matter.cleaned_data.get("kind") == "suggestion" else None

    @property
    def addressed(self) -> str:
        """Code of the body it goes to: whoever asked the question, or whom the author chose."""
        body: str = self.answers.body.code if self.answers else self.body.cleaned_data["body"]
        return body

    @property
    def looks(self) -> bool:
        """Whether something was typed to look a body up that the page has not answered yet."""
        form = self.forms.get(self.step)
        if not isinstance(form, (AboutForm, BodyForm)):
            return False
        return form.finder.is_asked(self._sent)

    def after(self, step: str) -> str:
        """The next page; whoever came back from the last page to change something returns there."""
        return CHECK if CHECK in self.been else STEPS[STEPS.index(step) + 1]

    def hidden(self, shown: str) -> list[tuple[str, str]]:
        """All that the other pages hold, for the page that is shown."""
        carried = [("been", name) for name in self.been] + [("token", self.token)]
        carried += [(QUESTION, self.question.code)] if self.question else []
        carried += [(staging.STAGED, file.token) for file in self.staged]
        for step, form in self.forms.items():
            if step != shown and step in self.been:
                carried += [(name, value) for name in form.fields for value in self._sent.getlist(name)]
        return carried

    def said(self) -> dict[str, object]:
        """All that is lodged, as plain values: what tells one sending from another."""
        told: dict[str, object] = {"files": [file.sha256 for file in self.staged]}
        told["question"] = self.answers.code if self.answers else ""
        for form in self.forms.values():
            told |= {name: value for name, value in form.cleaned_data.items() if name != staging.FILES}
        return told
