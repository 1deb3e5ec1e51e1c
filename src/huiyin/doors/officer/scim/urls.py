"""Addresses of the staff directory, below /desk/scim/v2/."""

from __future__ import annotations

from django.urls import URLPattern, path

from huiyin.core.scim import Wrong
from huiyin.doors.officer.door import DeskRequest
from huiyin.doors.officer.scim import about, users
from huiyin.doors.officer.scim.door import address

PREFIX = "scim/v2/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _nowhere(_request: DeskRequest, **_words: str) -> None:
    raise Wrong("", "there is nothing at this address; /ResourceTypes lists what there is", 404)


nowhere = address(**dict.fromkeys(METHODS, _nowhere))  # type: ignore[arg-type]
ONE = {"GET": users.user, "PUT": users.replace, "PATCH": users.patch, "DELETE": users.delete}
urlpatterns: list[URLPattern] = [
    path(f"{PREFIX}ServiceProviderConfig", address(GET=about.config), name="scim-config"),
    path(f"{PREFIX}ResourceTypes", address(GET=about.types), name="scim-types"),
    path(f"{PREFIX}ResourceTypes/<str:number>", address(GET=about.one_type), name="scim-type"),
    path(f"{PREFIX}Schemas", address(GET=about.schemas), name="scim-schemas"),
    path(f"{PREFIX}Schemas/<str:number>", address(GET=about.one_schema), name="scim-schema"),
    path(f"{PREFIX}Users", address(GET=users.users, POST=users.create), name="scim-users"),
    path(f"{PREFIX}Users/.search", address(POST=users.search), name="scim-search"),
    path(f"{PREFIX}.search", address(POST=users.search), name="scim-search-all"),
    path(f"{PREFIX}Users/<str:number>", address(**ONE), name="scim-user"),
    path(f"{PREFIX}<path:number>", nowhere, name="scim-none"),
]
