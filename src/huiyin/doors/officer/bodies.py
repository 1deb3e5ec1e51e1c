"""Keeping bodies: the tree, who is above whom, what each may decide, and those outside this installation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core.refusal import Refusal
from huiyin.doors.officer.choosing import MANY
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.sure import Sure, ask
from huiyin.registry import keeping
from huiyin.registry.access import Acting
from huiyin.registry.bodies import KIND_NAMES, LEVELS
from huiyin.registry.models import Body, Role
from huiyin.site.forms import CHOOSE, say_later

if TYPE_CHECKING:
    BodyChoice = forms.ModelChoiceField[Body]
    FormOfBody = forms.ModelForm[Body]
else:  # Django's own classes take no type arguments at run time
    BodyChoice, FormOfBody = forms.ModelChoiceField, forms.ModelForm

A_PAGE = 100
BETWEEN = "，"
SEPARATORS = ("，", ",", "；", ";")


def free_of_addresses(typed: str) -> str:
    """A code or sign-in name becomes part of an address, where `new` means something else."""
    if typed.lower() == "new":
        raise ValidationError(gettext("“new” cannot be used here; choose another."))
    return typed


def kept(acting: Acting) -> QuerySet[Body]:
    """The bodies that this administrator keeps."""
    return Body.objects.filter(keeping.bodies_kept_by(acting)).distinct()


class BodyField(BodyChoice):
    """A body to choose, called by its name in the language of the page."""

    def label_from_instance(self, obj: Any) -> str:
        return str(say_later(obj.name))


def offer(field: forms.Field, bodies: QuerySet[Body]) -> None:
    """Let one of these bodies be chosen; where there is only one, it is chosen already."""
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = bodies
        field.empty_label = None if bodies.count() == 1 else CHOOSE


class BodyForm(FormOfBody):
    use_required_attribute = False
    field_order = ("name_zh", "name_en", "short", "code")  # as on the page: errors are listed in this order
    competences = forms.CharField(
        label=_("What it may decide"),
        help_text=_(
            "One on each line: the subject, and after a comma the area if it is only competent there."
        ),
        widget=forms.Textarea(attrs={"rows": 5, "data-no-draft": ""}),
        required=False,
    )

    class Meta:
        model = Body
        fields = ("code", *keeping.BODY_FIELDS)
        field_classes = {
            "superior": BodyField,
            "sector_superior": BodyField,
            "recorded_by": BodyField,
            "successor": BodyField,
        }
        widgets = {"kind": forms.RadioSelect, "level": forms.RadioSelect}
        error_messages: ClassVar[dict[str, Any]] = {
            "code": {
                "unique": _("There is a body with this code, perhaps one out of service; choose another.")
            }
        }
        help_texts = {
            "code": _(
                "Short, Latin letters and digits; it stands in the ledger and cannot be changed later."
            ),
            "short": _(
                "As 青住建 in 青住建信受〔2026〕1号. If empty, the whole name stands in its document numbers."
            ),
            "superior": _("Who hears requests for review. There is never nobody above."),
            "sector_superior": _(
                "The body one level up that does the same work, such as the city's housing bureau above the "
                "county's. Whoever asks for a review may choose it instead. Leave empty if there is none."
            ),
            "external": _("A body that is only reached by letter, such as the government above this one."),
            "recorded_by": _("For a body outside: whose registrars record its letters."),
            "receives": _("Petitions that name no body come here, the nearest one first."),
            "hours": _("As it should read on the public page."),
            "successor": _(
                "Every petition moves there, terms go on, and this body goes out of service (art. 24.2). "
                "If it is unclear who follows, whoever keeps the next higher body names one."
            ),
            "active": _("A body out of service receives nothing; what it did stays on record."),
        }

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = Q(pk__in=[b.superior_id for b in acting.bodies.values() if b.superior_id])
        mine = keeping.bodies_kept_by(acting)
        current = Q(pk=self.instance.superior_id)
        choices = Body.objects.filter(mine | above | current).exclude(pk=self.instance.pk).distinct()
        self._offer("superior", choices)
        # Any body in service: a sector's line runs across the tree that this administrator keeps.
        self._offer("sector_superior", Body.objects.filter(active=True).exclude(pk=self.instance.pk))
        self._offer("recorded_by", kept(acting).filter(external=False, active=True))
        self._offer(
            "successor", kept(acting).filter(external=False, active=True).exclude(pk=self.instance.pk)
        )
        for name, names in (("kind", KIND_NAMES), ("level", LEVELS)):
            self.fields[name].widget.choices = names  # no empty radio button
        if self.instance.pk:
            del self.fields["code"]
            self.fields["competences"].initial = _as_lines(self.instance)

    def _offer(self, name: str, bodies: QuerySet[Body]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = bodies
            field.empty_label = "—"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("superior") and not said.get("external") and "superior" not in self.errors:
            # Said here, at its field, before the database's own constraint says it in its words.
            self.add_error("superior", str(say_later(keeping.NEEDS_SUPERIOR)))
        return said

    def clean_code(self) -> str:
        return free_of_addresses(self.cleaned_data["code"])

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return list(_read_lines(self.cleaned_data["competences"]))

    def show(self, refusal: Refusal) -> None:
        for name, reason in refusal.fields.items():
            self.add_error(name if name in self.fields else None, str(say_later(reason)))


def _as_lines(body: Body) -> str:
    rows = ((c.subject, c.area) for c in body.competences.all())
    return "\n".join(f"{subject}{BETWEEN}{area}" if area else subject for subject, area in rows)


def _read_lines(text: str) -> Iterable[tuple[str, str]]:
    for line in text.splitlines():
        cut = min((line.find(mark) for mark in SEPARATORS if mark in line), default=len(line))
        subject, area = line[:cut].strip()[:60], line[cut + 1 :].strip()[:60]
        if subject:
            yield subject, area


@require_safe
def bodies(request: DeskRequest) -> HttpResponseBase:
    """The tree as a list: what a body stands below is shown by its indent and said in words."""
    roles = Prefetch("roles", queryset=Role.objects.select_related("officer").filter(officer__is_active=True))
    found = (
        kept(request.acting)
        .select_related("superior", "sector_superior", "recorded_by")
        .prefetch_related("competences", roles)
    )
    top = min((path.count("/") for path in found.values_list("path", flat=True)), default=0)
    word = request.GET.get("find", "").strip()
    shown = Paginator(_called(found, word).order_by("path"), A_PAGE).get_page(request.GET.get("page"))
    tree = [{"body": body, "depth": min(body.path.count("/") - top, 6)} for body in shown]
    finds = bool(word) or shown.paginator.count > MANY
    return page(request, "bodies.html", {"tree": tree, "page": shown, "word": word, "finds": finds})


def _called(found: QuerySet[Body], word: str) -> QuerySet[Body]:
    """Those that a word is part of: of a name, of the code, or of what they may decide."""
    if not word:
        return found
    fields = ("name_zh", "name_en", "short", "code", "competences__subject")
    named = Q()
    for field in fields:
        named |= Q(**{f"{field}__icontains": word})
    return found.filter(named)


@require_http_methods(["GET", "HEAD", "POST"])
def body(request: DeskRequest, code: str = "") -> HttpResponseBase:
    """One body to be changed, or a new one."""
    found = None
    if code:
        found = kept(request.acting).filter(code=code).first()
        if found is None:
            raise Http404
    posted = request.POST if request.method == "POST" else None
    form = BodyForm(posted, instance=found, acting=request.acting)
    if posted is not None and form.is_valid():
        done = _hands_on(request, form) or _save(request, form)
        if done is not None:
            return done
    context = {"form": form, "body": found, "roles": _roles(found)}
    return page(request, "body.html", context, status=400 if form.errors else 200)


def _hands_on(request: DeskRequest, form: BodyForm) -> HttpResponseBase | None:
    """Asks once more before everything goes to another body, for this one never opens again."""
    body, heir = form.instance, form.cleaned_data.get("successor")
    if heir is None or not body.pk or "successor" not in form.changed_data:
        return None
    question = Sure(
        title=gettext("Hand everything on?"),
        whose=str(say_later(body.name)),
        text=gettext(
            "Every petition of %(body)s moves to %(heir)s, terms go on, and %(body)s goes out of service. "
            "Changing this page again does not undo it."
        )
        % {"body": say_later(body.name), "heir": say_later(heir.name)},
        button=gettext("Hand everything on"),
    )
    return ask(request, question, reverse("desk:body", args=[body.code]))


def _save(request: DeskRequest, form: BodyForm) -> HttpResponseBase | None:
    changed = form.save(commit=False)
    refused = keeping.save_body(changed, by=request.officer, now=request.now, competences=form.pairs)
    if refused:
        form.show(refused)
        return None
    messages.success(request, gettext("%(name)s is saved.") % {"name": say_later(changed.name)})
    return redirect("desk:bodies")


def _roles(found: Body | None) -> list[Role]:
    if found is None:
        return []
    return list(found.roles.select_related("officer").order_by("role", "officer__login"))
