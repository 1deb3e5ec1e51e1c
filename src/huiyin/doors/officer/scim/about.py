"""What there is of SCIM here, as a directory's program asks before it begins (RFC 7643, 5 to 7)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from huiyin.core import scim
from huiyin.doors.officer.door import DeskRequest
from huiyin.doors.officer.scim.door import listed, told
from huiyin.registry import keeping
from huiyin.registry.bodies import ROLE_NAMES, Body

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
CONFIG, TYPE, SCHEMA = (f"{CORE}{name}" for name in ("ServiceProviderConfig", "ResourceType", "Schema"))

EXAMPLES = 20  # bodies


def _attribute(name: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": "string",
        "multiValued": False,
        "description": text,
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
        **more,
    }


def _complex(name: str, text: str, parts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return _attribute(name, text, **{"type": "complex", "subAttributes": parts, **more})


VALUE = _attribute("value", "the value")
USER_ATTRIBUTES = [
    _attribute("userName", "the sign-in name", required=True, uniqueness="server", mutability="immutable"),
    _complex("name", "of the officer", [_attribute("formatted", "the whole name")]),
    _attribute("displayName", "the name that is shown; goes before the other"),
    _attribute("title", "of the officer"),
    _attribute("active", "whether they may sign in", type="boolean"),
    _complex("emails", "one work address, for reminders", [VALUE], multiValued=True),
]
PROVIDER_ATTRIBUTES = [
    _attribute(
        "subject",
        "sub at the identity provider; taken while nothing else opens the account",
        caseExact=True,
        mutability="immutable",
    )
]


def config(request: DeskRequest) -> HttpResponse:
    no = {"supported": False}
    return told(
        {
            "schemas": [CONFIG],
            "patch": {"supported": True},
            "bulk": {**no, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": True, "maxResults": scim.MOST},
            "changePassword": no,
            "sort": no,
            "etag": no,
            "authenticationSchemes": [
                {
                    "type": "oauthbearertoken",
                    "name": "Bearer",
                    "description": "a token of an administrator, made at the desk, with the scope staff",
                    "primary": True,
                }
            ],
            "meta": _meta(request, "ServiceProviderConfig", "scim-config"),
        }
    )


def types(request: DeskRequest) -> HttpResponse:
    every = [_type(request)]
    return listed(every, len(every), 1)


def one_type(request: DeskRequest, number: str) -> HttpResponse:
    if number != "User":
        raise scim.Wrong("", "there is no such type", 404)
    return told(_type(request))


def _type(request: DeskRequest) -> dict[str, Any]:
    return {
        "schemas": [TYPE],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "description": "the account of an officer",
        "schema": scim.USER,
        "schemaExtensions": [{"schema": scim.PROVIDER, "required": False}],
        "meta": _meta(request, "ResourceType", "scim-type", "User"),
    }


def schemas(request: DeskRequest) -> HttpResponse:
    every = _schemas(request)
    return listed(every, len(every), 1)


def one_schema(request: DeskRequest, number: str) -> HttpResponse:
    for each in _schemas(request):
        if each["id"].lower() == number.lower():
            return told(each)
    raise scim.Wrong("", "there is no such schema", 404)


def _schemas(request: DeskRequest) -> list[dict[str, Any]]:
    values = _attribute("value", "role@body", canonicalValues=_places(request))
    roles = _complex("roles", "what they do at which body", [values], multiValued=True)
    found = (
        (scim.USER, "User", "the account of an officer", [*USER_ATTRIBUTES, roles]),
        (scim.PROVIDER, "Provider", "how the identity provider knows them", PROVIDER_ATTRIBUTES),
    )
    return [
        {
            "schemas": [SCHEMA],
            "id": name,
            "name": title,
            "description": text,
            "attributes": attributes,
            "meta": _meta(request, "Schema", "scim-schema", name),
        }
        for name, title, text, attributes in found
    ]


def _places(request: DeskRequest) -> list[str]:
    """Roles at bodies that go together with any other one, as examples of how they are written."""
    bodies = Body.objects.filter(keeping.bodies_kept_by(request.acting), external=False, active=True)
    codes = bodies.order_by("path").values_list("code", flat=True)[:EXAMPLES]
    apart = frozenset().union(*keeping.APART)
    return [f"{role}@{code}" for code in codes for role, _text in ROLE_NAMES if role not in apart]


def _meta(request: DeskRequest, kind: str, address: str, *number: str) -> dict[str, str]:
    where = request.build_absolute_uri(reverse(f"desk:{address}", args=number))
    return {"resourceType": kind, "location": where}
