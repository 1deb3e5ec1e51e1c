"""The one way into the desk: who is asking, whether they may open this page, and the frame around it.

`urls.py` wraps every view with `desk(...)`: signed in by default, and a page that somebody may not open looks
the same as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.officer import addresses, sessions
from huiyin.registry import arriving, law, proving, retaining
from huiyin.registry.access import HANDLING_ROLES, Acting
from huiyin.registry.carrying_out import WORKING
from huiyin.registry.models import Officer
from huiyin.site.context import is_demonstration
from huiyin.site.problem import refused

OWN_PASSWORD = "own_password_needed"  # noqa: S105 the name of a session mark, not a password
PASSWORD_PAGE = "password"  # noqa: S105 the name of an address
SECOND_FACTOR_PAGE = "second-factor"
SIGNED_OUT = Refusal(
    "signed-out",
    Text(
        "请先在 /desk/sign-in/ 登录，并带上登录后的 Cookie",
        "sign in at /desk/sign-in/ first and send its cookie along",
    ),
)
UNFINISHED = Refusal(
    "sign-in-unfinished",
    Text(
        "请先用浏览器打开工作台，设好自己的密码和第二重验证",
        "open the desk in a browser first and set a password of your own and a second factor",
    ),
)
AT_WORK = HANDLING_ROLES | {"recorder"}


class DeskRequest(HttpRequest):
    """A request of an officer who is signed in."""

    acting: Acting
    now: datetime
    today: date  # the legal day
    officer: Officer
    shut: bool  # until they have a password or a second factor of their own: no place of the menu opens


View = Callable[..., HttpResponseBase]


def desk(
    view: View,
    *roles: str,
    before_own_password: bool = False,
    before_second_factor: bool = False,
    for_machines: bool = False,
) -> View:
    """Let in who is signed in and, where roles are named, holds one of them at some body.

    `for_machines`: who has to sign in first is told so in JSON, and not led to a page.
    """

    @never_cache  # a shared machine must not show the last officer's pages to the next one
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sessions.end_if_over(request, timezone.now())
        if not request.user.is_authenticated:
            to_sign_in = redirect_to_login(request.get_full_path(), reverse("desk:sign-in"))
            return refused(request, SIGNED_OUT, 401) if for_machines else to_sign_in
        if request.session.get(OWN_PASSWORD) and not before_own_password:
            return refused(request, UNFINISHED, 403) if for_machines else redirect(f"desk:{PASSWORD_PAGE}")
        asked = arrived(request)
        lacks = lacks_second_factor(asked.acting, request.session.get(sessions.SECOND, ""))
        if lacks and not (before_own_password or before_second_factor):
            to_second = redirect(f"desk:{SECOND_FACTOR_PAGE}")
            return refused(request, UNFINISHED, 403) if for_machines else to_second
        if roles and not any(asked.acting.has(role) for role in roles):
            raise Http404
        first = before_own_password or before_second_factor
        asked.shut = first and (bool(request.session.get(OWN_PASSWORD)) or lacks)
        return view(asked, *args, **kwargs)

    guarded.roles = roles  # type: ignore[attr-defined]  # read by the test that walks all addresses
    return guarded


def lacks_second_factor(acting: Acting, second: str) -> bool:
    """Whether the desk stays shut until they have added one. A demonstration demands none.

    `second`: what proved them besides the first step; two factors at the provider are enough for some.
    """
    if is_demonstration() or not proving.is_demanded_of(acting):
        return False
    held = (role for roles in acting.roles.values() for role in roles)
    if second == arriving.PROVIDER and proving.DEMANDED.isdisjoint(held):
        return False
    return not proving.has_one(acting.officer)


def arrived(request: HttpRequest) -> DeskRequest:
    """The request with who is at work, and on which legal day."""
    asked = cast("DeskRequest", request)
    asked.officer = cast("Officer", request.user)
    asked.now = timezone.now()
    asked.today = law.at(asked.now)[1]
    asked.acting = Acting(asked.officer, asked.today)
    return asked


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page in the frame of the desk."""
    frame: dict[str, Any] = {"today": getattr(request, "today", None)}
    frame |= {"list": addresses.suffix(request), "list_address": addresses.list_address(request)}
    acting = getattr(request, "acting", None)
    if isinstance(acting, Acting):
        frame |= {
            "acting": acting,
            **({} if getattr(request, "shut", False) else _menu(request, acting)),
            "supervising": acting.has("supervisor"),
            "has_inbox": any(acting.has(role) for role in AT_WORK),
        }
        frame |= {"has_conference": _keeps_conference(acting), "has_office": _supervises_for_office(acting)}
    return render(request, f"desk/{template}", {**frame, **(context or {})}, status=status)


PLACES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("inbox", _("Inbox"), tuple(AT_WORK)),
    ("new", _("New petition"), ("registrar",)),
    ("carry-out", _("To carry out"), tuple(WORKING)),
    ("supervise", _("Supervise"), ("supervisor",)),
    ("search", _("Search"), (*AT_WORK, "supervisor")),
    ("between", _("Between bodies"), (*AT_WORK, "supervisor")),
    ("body-letters", _("Letters between bodies"), ("head", "leader", "registrar", "handler", "supervisor")),
    ("conference", _("Joint conference"), ()),
    ("house", _("State of the house"), ("administrator",)),
    ("bodies", _("Bodies"), ("administrator",)),
    ("people", _("Officers"), ("administrator",)),
    ("webhooks", _("Webhooks"), ("administrator",)),
    ("partners", _("Other installations"), ("administrator",)),
    ("crossings", _("Between installations"), (*AT_WORK, "supervisor", "administrator")),
    ("receptions", _("Reception"), (*HANDLING_ROLES, "administrator")),
    ("audit", _("Audit"), ("auditor",)),
    ("custody", _("Second person"), ("custodian", "auditor")),
    ("mailbox", _("Letters to the leader"), ("leader",)),
    ("backlog", _("Old cases"), (*AT_WORK, "supervisor")),
    ("passages", _("Templates"), ("registrar", "head")),
    ("problems", _("Problems"), (*AT_WORK, "supervisor")),
    ("measures", _("Measures"), ("head",)),
    ("assessment", _("Assessment"), ("supervisor", "head")),
    ("topics", _("Topics"), ("supervisor", "administrator")),
    ("questions", _("Questions"), ("registrar", "administrator")),
    ("relief", _("Relief"), ("relief",)),
    ("retention", _("Retention"), retaining.READING),
    ("set-aside", _("Mail set aside"), ("registrar",)),
    ("paper", _("Scanned letters"), ("registrar",)),
    ("absence", _("Absence"), tuple(HANDLING_ROLES)),
)


# What a day begins with, in any role; and how many places a line of the menu holds before it hides some.
DAILY = frozenset(
    {
        *("inbox", "new", "carry-out", "supervise", "receptions", "mailbox", "bodies", "people", "audit"),
        "custody",
    }
)
MENU = 6
WITHIN = {  # places that are reached from another one
    "supervise": ("inspections", "officials"),
    "bodies": ("body-list",),
    "people": ("people-list", "all-tokens"),
}


def _keeps_conference(acting: Acting) -> bool:
    """Whether they keep the desk of a joint conference."""
    return "conference" in _kinds(acting, "registrar", "supervisor")


def _supervises_for_office(acting: Acting) -> bool:
    """Whether they supervise for a petition office, which makes the two reports about officials."""
    return "office" in _kinds(acting, "supervisor")


def _kinds(acting: Acting, *roles: str) -> set[str]:
    """The kinds of the bodies where they hold one of these roles."""
    return {acting.bodies[code].kind for code in acting.codes(roles) if code in acting.bodies}


def _nav(request: HttpRequest, acting: Acting) -> Iterator[dict[str, Any]]:
    for name, text, roles in PLACES:
        if any(acting.has(role) for role in roles) or (name == "conference" and _keeps_conference(acting)):
            href = reverse(f"desk:{name}")
            inside = [href, *(reverse(f"desk:{other}") for other in WITHIN.get(name, ()))]
            here = request.path == href or (name != "inbox" and request.path.startswith(tuple(inside)))
            yield {"name": name, "text": text, "href": href, "current": here}


def _menu(request: HttpRequest, acting: Acting) -> dict[str, Any]:
    """What is opened every day stands in the menu, and what follows while a line has room; the rest waits."""
    places = list(_nav(request, acting))
    if len(places) <= MENU:
        return {"nav": places, "menu_more": []}
    first = sorted(places, key=lambda place: place["name"] not in DAILY)[: MENU - 1]
    shown = [place for place in places if place in first]
    return {"nav": shown, "menu_more": [place for place in places if place not in first]}


def first_place(acting: Acting) -> str:
    """Where an officer's work is: the inbox, or whatever comes first for those without one."""
    open_to = (name for name, _text, roles in PLACES if any(acting.has(role) for role in roles))
    return next(open_to, "none")
