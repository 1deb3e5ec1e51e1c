"""Accounts as a directory reads and writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from huiyin.core import scim
from huiyin.core.refusal import Refusal
from huiyin.doors.officer.door import DeskRequest
from huiyin.doors.officer.scim.door import listed, refused, sent, told
from huiyin.registry import provisioning
from huiyin.registry.models import Officer


def users(request: DeskRequest) -> HttpResponse:
    """A page of accounts, or the one that a filter names."""
    return _found(request, request.GET.dict())


def search(request: DeskRequest) -> HttpResponse:
    """The same, asked in what is sent and not in the address (RFC 7644, 3.4.3)."""
    said = sent(request)
    if not isinstance(said, dict):
        raise scim.Wrong("invalidSyntax", "an object was expected")
    by_comma = (
        (name, ",".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in said.items()
    )
    return _found(request, dict(by_comma))


def _found(request: DeskRequest, asked: Mapping[str, str]) -> HttpResponse:
    first, many = scim.span(asked.get("startIndex", ""), asked.get("count", ""))
    found = provisioning.known_to(request.acting)
    if (wanted := scim.filtered(asked.get("filter", ""))) is not None:
        name, value = wanted
        by = {"userName": "login__iexact", "externalId": "staff_entry__external_id"}[name]
        found = found.filter(**{by: value})
    rows = found[first - 1 : first - 1 + many] if many else []
    return listed([_shown(asked, _resource(request, each)) for each in rows], found.count(), first)


def create(request: DeskRequest) -> HttpResponse:
    made = provisioning.save(None, scim.wanted(sent(request)), request.acting, now=request.now)
    if isinstance(made, Refusal):
        return refused(request, made)
    resource = _resource(request, made)
    return told(resource, 201, Location=resource["meta"]["location"])


def user(request: DeskRequest, number: str) -> HttpResponse:
    return told(_shown(request.GET, _resource(request, _one(request, number))))


def replace(request: DeskRequest, number: str) -> HttpResponse:
    return _saved(request, _one(request, number), sent(request))


def patch(request: DeskRequest, number: str) -> HttpResponse:
    officer = _one(request, number)
    return _saved(request, officer, scim.patched(_resource(request, officer), sent(request)))


def delete(request: DeskRequest, number: str) -> HttpResponse:
    """Close it: nothing of the record is deleted."""
    no = provisioning.give_up(_one(request, number), request.acting, now=request.now)
    return refused(request, no) if no else HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _saved(request: DeskRequest, officer: Officer, said: Any) -> HttpResponse:
    made = provisioning.save(officer, scim.wanted(said), request.acting, now=request.now)
    return refused(request, made) if isinstance(made, Refusal) else told(_resource(request, made))


def _shown(asked: Mapping[str, str], resource: dict[str, Any]) -> dict[str, Any]:
    return scim.shown(resource, asked.get("attributes", ""), asked.get("excludedAttributes", ""))


def _one(request: DeskRequest, number: str) -> Officer:
    """The account of that number. Raises Wrong with 404: somebody else's looks like none."""
    known = number.isascii() and number.isdecimal() and len(number) < 19
    found = provisioning.known_to(request.acting).filter(pk=int(number)).first() if known else None
    if found is None:
        raise scim.Wrong("", "there is no such account", 404)
    return found


def _resource(request: DeskRequest, officer: Officer) -> dict[str, Any]:
    entry = getattr(officer, "staff_entry", None)
    roles = sorted((role.body.code, role.role) for role in officer.roles.all())
    resource: dict[str, Any] = {
        "schemas": [scim.USER],
        "id": str(officer.pk),
        "userName": officer.login,
        "active": officer.is_active,
        "roles": [{"value": f"{role}@{body}"} for body, role in roles],
        "meta": {
            "resourceType": "User",
            "location": request.build_absolute_uri(reverse("desk:scim-user", args=[officer.pk])),
        },
    }
    if officer.name:
        resource |= {"displayName": officer.name, "name": {"formatted": officer.name}}
    if officer.title:
        resource["title"] = officer.title
    if officer.email:
        resource["emails"] = [{"value": officer.email}]
    if entry is not None and entry.external_id:
        resource["externalId"] = entry.external_id
    if known_as := provisioning.link_of(officer):
        resource["schemas"].append(scim.PROVIDER)
        resource[scim.PROVIDER] = {"subject": known_as}
    return resource
