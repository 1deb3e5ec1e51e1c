"""Keeping accounts: who works here, with which role at which body. A new password is shown once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.officer import sessions
from huiyin.doors.officer.bodies import A_PAGE, BodyField, free_of_addresses, kept
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.sure import Sure, ask
from huiyin.registry import access, keeping, proving
from huiyin.registry.access import Acting
from huiyin.registry.bodies import ROLE_NAMES
from huiyin.registry.facts import ROLES
from huiyin.registry.models import Body, Officer, Role
from huiyin.registry.officer_lists import AT_ONCE
from huiyin.site.context import is_demonstration
from huiyin.site.forms import CHOOSE, nothing_chosen, say_later

if TYPE_CHECKING:
    FormOfOfficer = forms.ModelForm[Officer]
else:  # Django's own class takes no type argument at run time
    FormOfOfficer = forms.ModelForm


def known_to(acting: Acting) -> QuerySet[Officer]:
    """The officers with a role at a body that this administrator keeps, and those who have none yet."""
    serving = Role.objects.filter(body__in=kept(acting))
    return Officer.objects.filter(Q(pk__in=serving.values("officer")) | Q(roles=None)).distinct()


class OfficerForm(FormOfOfficer):
    use_required_attribute = False

    class Meta:
        model = Officer
        fields = ("name", "title", "login", "email", "is_active")
        error_messages: ClassVar[dict[str, Any]] = {
            "login": {"unique": _("There is an account with this sign-in name; choose another.")}
        }
        help_texts = {
            "login": _("Latin letters, digits, hyphens; it stands in the record of what was done and stays."),
            "email": _("Only for reminders of what is due."),
            "is_active": _("An account that is closed keeps its place in the record."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["login" if self.instance.pk else "is_active"]
        if not settings.MAILS:  # reminders of what is due stand on the desk alone
            del self.fields["email"]

    def clean_login(self) -> str:
        return free_of_addresses(self.cleaned_data["login"])

    def show(self, refusal: Refusal) -> None:
        for name, reason in refusal.fields.items():
            self.add_error(name if name in self.fields else None, str(say_later(reason)))


class RoleForm(forms.Form):
    use_required_attribute = False
    body = BodyField(Body.objects.none(), label=_("Body"), empty_label=CHOOSE)
    role = forms.ChoiceField(label=_("Role"), choices=[nothing_chosen(), *ROLE_NAMES])

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["body"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = kept(acting).filter(external=False, active=True).order_by("path")


@require_safe
def people(request: DeskRequest) -> HttpResponseBase:
    known = known_to(request.acting).order_by("-is_active", "name", "login")
    officers = Paginator(known, A_PAGE).get_page(request.GET.get("page"))
    roles: dict[int, list[Role]] = defaultdict(list)
    held = (
        Role.objects.filter(officer__in=list(officers)).select_related("body").order_by("body__path", "role")
    )
    for role in held:
        roles[role.officer_id].append(role)
    rows = [
        {
            "officer": o,
            "roles": roles[o.pk],
            "away": o.is_away(request.today),
            "fresh": _waits_for_its_owner(o),
        }
        for o in officers
    ]
    fresh = any(row["fresh"] for row in rows)
    return page(request, "people.html", {"rows": rows, "page": officers, "fresh": fresh})


def _waits_for_its_owner(officer: Officer) -> bool:
    """Whether the account opens with the password of its slip alone. Those of a demonstration have none."""
    unseen = officer.last_login is None and officer.has_usable_password()
    return officer.is_active and unseen and not is_demonstration()


@sensitive_variables("slips")
@require_POST
def new_slips(request: DeskRequest) -> HttpResponseBase:
    """New passwords for accounts whose slips were lost before anybody signed in with them."""
    known = known_to(request.acting).filter(login__in=request.POST.getlist("login")).order_by("name", "login")
    chosen = [o for o in known if _waits_for_its_owner(o) and keeping.keeps_account_of(request.acting, o)]
    if not chosen or len(chosen) > AT_ONCE:
        said = gettext("Tick those whose slips are lost, %(n)s at once at most.") % {"n": AT_ONCE}
        messages.warning(request, said)
        return redirect("desk:people")
    question = Sure(
        title=gettext("Make new slips?"),
        whose=gettext("Officers"),
        text=gettext(
            "The slips of now open nothing any more: %(names)s. The new ones are shown once, to you."
        )
        % {"names": " · ".join(map(str, chosen))},
        button=gettext("Make new slips"),
    )
    if asked := ask(request, question, reverse("desk:people")):
        return asked
    held: dict[int, list[tuple[Text, Text]]] = defaultdict(list)
    for role in Role.objects.filter(officer__in=chosen).select_related("body").order_by("body__path", "role"):
        held[role.officer_id].append((role.body.name, ROLES[role.role]))
    slips = [
        {
            "hired": keeping.Hired(o, keeping.reset_password(o, by=request.officer, now=request.now)),
            "roles": held[o.pk],
        }
        for o in chosen
    ]
    context = {"slips": slips, "where": _sign_in_at(request)}
    return page(request, "password_slips.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hire(request: DeskRequest) -> HttpResponseBase:
    """A new account. The password is on the answer to this form and nowhere else."""
    posted = request.POST if request.method == "POST" else None
    form = OfficerForm(posted)
    if posted is not None and form.is_valid():
        hired = keeping.hire(form.save(commit=False), by=request.officer, now=request.now)
        return _slip(request, hired.officer, hired.password)
    return page(request, "officer_new.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: DeskRequest, login: str) -> HttpResponseBase:
    found = _known_or_404(request, login)
    may = keeping.keeps_account_of(request.acting, found)
    posted = request.POST if request.method == "POST" and may else None
    form = OfficerForm(posted, instance=found)
    if posted is not None and form.is_valid():
        refused = keeping.save_officer(form.save(commit=False), by=request.officer, now=request.now)
        if refused is None:
            messages.success(request, gettext("%(name)s is saved.") % {"name": found})
            return redirect("desk:person", found.login)
        form.show(refused)
    return _person_page(request, found, form)


def _person_page(
    request: DeskRequest, found: Officer, form: OfficerForm, role_form: RoleForm | None = None
) -> HttpResponseBase:
    mine = set(kept(request.acting).values_list("pk", flat=True))
    roles = found.roles.select_related("body").order_by("body__path", "role")
    wrong = bool(form.errors or (role_form and role_form.errors))
    context = {
        "officer": Officer.objects.get(pk=found.pk),
        "form": form,
        "may": keeping.keeps_account_of(request.acting, found),
        "role_form": role_form or RoleForm(acting=request.acting),
        "roles": [{"role": role, "mine": role.body_id in mine} for role in roles],
        "in_charge": access.held_at(request.acting, Q(officer=found, is_open=True)).count(),
        "away": found.is_away(request.today),
        "second_factor": proving.has_one(found),
        "links": list(found.provider_links.all()),
        "has_password": found.has_usable_password(),
        "provider": bool(settings.OIDC),
    }
    return page(request, "person.html", context, status=400 if wrong else 200)


def _known_or_404(request: DeskRequest, login: str) -> Officer:
    found = known_to(request.acting).filter(login=login).first()
    if found is None:
        raise Http404
    return found


@require_POST
def give_role(request: DeskRequest, login: str) -> HttpResponseBase:
    found = _known_or_404(request, login)
    form = RoleForm(request.POST, acting=request.acting)
    if not form.is_valid():
        return _person_page(request, found, OfficerForm(instance=found), form)
    body, role = form.cleaned_data["body"], form.cleaned_data["role"]
    if refused := keeping.give_role(found, body, role, by=request.officer, now=request.now):
        form.add_error("role", str(say_later(refused.reason)))
        return _person_page(request, found, OfficerForm(instance=found), form)
    sessions.keep_own(request, found)
    messages.success(request, gettext("The role is given."))
    return redirect("desk:person", found.login)


@require_POST
def take_role(request: DeskRequest, login: str) -> HttpResponseBase:
    found = _known_or_404(request, login)
    typed = request.POST.get("role", "")
    rows = found.roles.filter(body__in=kept(request.acting)).select_related("body", "officer")
    role = rows.filter(pk=int(typed)).first() if typed.isdecimal() and len(typed) < 12 else None
    if role is None:
        raise Http404
    if refused := keeping.take_role(role, by=request.officer, now=request.now):
        messages.error(request, str(say_later(refused.reason)))
    else:
        sessions.keep_own(request, role.officer)
        messages.success(request, gettext("The role is taken away."))
    # Who took away their own last role of keeping is no longer let in there.
    still = Acting(request.officer, request.today).has(keeping.ADMINISTRATOR)
    return redirect("desk:person", found.login) if still else redirect("desk:inbox")


@require_POST
def new_password(request: DeskRequest, login: str) -> HttpResponseBase:
    found = _known_or_404(request, login)
    if not keeping.keeps_account_of(request.acting, found):
        raise Http404
    question = Sure(
        title=gettext("Make a new password?"),
        whose=str(found),
        text=gettext(
            "%(name)s (%(login)s) is signed out everywhere, and the password of now opens nothing any more. "
            "The new one is shown once, to you."
        )
        % {"name": found, "login": found.login},
        button=gettext("Make a new password"),
    )
    if asked := ask(request, question, reverse("desk:person", args=[found.login])):
        return asked
    password = keeping.reset_password(found, by=request.officer, now=request.now)
    return _slip(request, found, password, again=True)


def _slip(request: DeskRequest, officer: Officer, password: str, *, again: bool = False) -> HttpResponseBase:
    """A password, shown this once, with where it is used."""
    said = {"officer": officer, "password": password, "again": again, "where": _sign_in_at(request)}
    return page(request, "password_slip.html", said)


def _sign_in_at(request: DeskRequest) -> str:
    return request.build_absolute_uri("/desk/")


@require_POST
def reset_second_factor(request: DeskRequest, login: str) -> HttpResponseBase:
    """For somebody who lost theirs; never for oneself, who takes it away with the password at hand."""
    found = _known_or_404(request, login)
    if not keeping.keeps_account_of(request.acting, found) or found.pk == request.officer.pk:
        raise Http404
    question = Sure(
        title=gettext("Take away the second factor?"),
        whose=str(found),
        text=gettext(
            "App, passkeys and recovery codes of %(name)s (%(login)s) open nothing any more, for good. "
            "New ones are added at the next sign-in. Make sure that it is they who ask."
        )
        % {"name": found, "login": found.login},
        button=gettext("Take away the second factor"),
    )
    if asked := ask(request, question, reverse("desk:person", args=[found.login])):
        return asked
    proving.reset(found, by=request.officer, now=request.now)
    messages.success(request, gettext("The second factor of %(name)s is taken away.") % {"name": found})
    return redirect("desk:person", found.login)
