"""What a directory asks of staff accounts in the words of SCIM 2.0 (RFC 7643, RFC 7644): pure.

A resource is plain JSON. Of the protocol there is what keeps a directory in step: one filter (`userName` or
`externalId` equals), paging by number, and the three operations of PATCH. What is not known here is left
aside, as the standard lets a provider do, so that no address or telephone number of anybody comes in by it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PROVIDER = "urn:huiyin:params:scim:schemas:extension:provider:1.0:User"

MOST = 200  # resources in one answer
FILTERS = {"username": "userName", "externalid": "externalId"}
FILTER = re.compile(r'\s*(?:urn:[^\s"]+:User:)?(\w+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*', re.IGNORECASE)
# name, name.formatted, emails[type eq "work"].value
PATH = re.compile(
    r'(\w+)(?:\[\s*(\w+)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*\])?(?:\.(\w+))?', re.IGNORECASE
)
# By its lower-case name: the name as it is written, and whether it holds many.
ATTRIBUTES = {
    "username": ("userName", False),
    "externalid": ("externalId", False),
    "name": ("name", False),
    "displayname": ("displayName", False),
    "title": ("title", False),
    "emails": ("emails", True),
    "active": ("active", False),
    "roles": ("roles", True),
    PROVIDER.lower(): (PROVIDER, False),
}
NAMES = {"name": "displayName", "displayName": "name"}
WHETHER = {"true": True, "false": False}


class Wrong(ValueError):
    """What was sent cannot be done. `kind`: the word of the standard (RFC 7644, table 9), or none."""

    def __init__(self, kind: str, says: str, status: int = 400) -> None:
        super().__init__(says)
        self.kind, self.says, self.status = kind, says, status


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account as it shall be. `roles`: (code of a body, role); None: they stay as they are."""

    login: str
    name: str = ""
    title: str = ""
    email: str = ""
    active: bool = True
    external: str = ""
    known_as: str = ""  # at the identity provider
    roles: frozenset[tuple[str, str]] | None = field(default=None)


# ---- asking


def filtered(text: str) -> tuple[str, str] | None:
    """The attribute and the value of a filter, None where there is none. Raises Wrong."""
    if not text.strip():
        return None
    found = FILTER.fullmatch(text)
    name = FILTERS.get(found[1].lower()) if found else None
    if found is None or name is None:
        raise Wrong(
            "invalidFilter", 'this filter is not understood; there are userName eq "…" and externalId eq "…"'
        )
    return name, _unquoted(found[2], "invalidFilter")


def span(start: str, count: str) -> tuple[int, int]:
    """From which one on (the first is 1) and how many. Raises Wrong for what is no number."""
    first, many = (_whole(text, otherwise) for text, otherwise in ((start, 1), (count, 100)))
    return max(first, 1), min(max(many, 0), MOST)


def _whole(text: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        raise Wrong("invalidValue", "startIndex and count are whole numbers")
    return int(text)


def _unquoted(text: str, kind: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        raise Wrong(kind, "a value stands in quotes, as JSON has it") from None


def shown(resource: Mapping[str, Any], only: str, without: str) -> dict[str, Any]:
    """What of a resource was asked for (RFC 7644, 3.9); `id` and `schemas` always are."""
    wanted, left = _firsts(only), _firsts(without, whole=True)
    kept = {"id", "schemas"}
    return {
        name: value
        for name, value in resource.items()
        if name in kept or (name.lower() not in left and (not wanted or name.lower() in wanted))
    }


def _firsts(names: str, *, whole: bool = False) -> set[str]:
    """The attributes that paths begin with, by comma; `whole`: those alone that name all of it."""
    places = [_read(each) for each in names.split(",") if each.strip()]
    return {place.name for place in places if not (whole and place.part)}


# ---- one account


def wanted(said: Any) -> Wanted:
    """A resource that was sent. Raises Wrong, which names the attribute."""
    if not isinstance(said, Mapping):
        raise Wrong("invalidSyntax", "an object was expected")
    user = known(said)
    schemas = said.get("schemas")
    if not isinstance(schemas, list) or USER not in schemas:
        raise Wrong("invalidValue", f"schemas must hold {USER}")
    login = _word(user, "userName")
    if not login:
        raise Wrong("invalidValue", "userName is missing")
    more = user.get(PROVIDER) or {}
    if not isinstance(more, Mapping):
        raise Wrong("invalidValue", f"{PROVIDER}: an object was expected")
    return Wanted(
        login=login,
        name=_name(user),
        title=_word(user, "title"),
        email=_mail(user),
        active=_whether(True if user.get("active") is None else user["active"]),
        external=_word(user, "externalId"),
        known_as=_word(more, "subject"),
        roles=_roles(user["roles"]) if user.get("roles") is not None else None,
    )


def known(said: Mapping[Any, Any]) -> dict[str, Any]:
    """The attributes that there are here, under their own names; names are read without regard to case."""
    found = ((ATTRIBUTES.get(str(name).lower()), value) for name, value in said.items())
    return {attribute[0]: value for attribute, value in found if attribute is not None}


def _word(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value:
        raise Wrong("invalidValue", f"{name}: a text was expected")
    return value.strip()


def _name(user: Mapping[str, Any]) -> str:
    """The name as it is shown; else its parts, in the order of whose writing they are in."""
    if shown := _word(user, "displayName"):
        return shown
    name = user.get("name") or {}
    if not isinstance(name, Mapping):
        raise Wrong("invalidValue", "name: an object was expected")
    whole, family, given = (_word(name, part) for part in ("formatted", "familyName", "givenName"))
    if whole:
        return whole
    return f"{family}{given}" if not family.isascii() else f"{given} {family}".strip()


def _mail(user: Mapping[str, Any]) -> str:
    """The address marked as the first one, or the first."""
    every = list(_values(user, "emails"))
    first = [each for each in every if each.get("primary") is True]
    return _word((first or every or [{}])[0], "value")


def _roles(said: Any) -> frozenset[tuple[str, str]]:
    """`role@body` each. Raises Wrong."""
    places = set()
    for each in _values({"roles": said}, "roles"):
        role, at, body = _word(each, "value").partition("@")
        if not (role and at and body):
            raise Wrong("invalidValue", 'roles: each value is a role and a body, as "handler@zj"')
        places.add((body.lower(), role))
    return frozenset(places)


def _values(user: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    every = user.get(name) or []
    for each in every if isinstance(every, list) else [every]:
        if isinstance(each, str):  # the short way of writing {"value": …}
            yield {"value": each}
        elif isinstance(each, Mapping):
            yield each
        else:
            raise Wrong("invalidValue", f"{name}: a list of objects was expected")


def _whether(value: Any) -> bool:
    if isinstance(value, str) and value.lower() in WHETHER:  # as one large directory sends it
        return WHETHER[value.lower()]
    if not isinstance(value, bool):
        raise Wrong("invalidValue", "active: true or false was expected")
    return value


# ---- PATCH (RFC 7644, 3.5.2)


def patched(user: Mapping[str, Any], said: Any) -> dict[str, Any]:
    """The resource after the operations that were sent, all of them or none. Raises Wrong."""
    if not isinstance(said, Mapping):
        raise Wrong("invalidSyntax", "an object was expected")
    by_name = {str(name).lower(): value for name, value in said.items()}
    schemas, operations = by_name.get("schemas"), by_name.get("operations")
    if not isinstance(schemas, list) or PATCH not in schemas:
        raise Wrong("invalidValue", f"schemas must hold {PATCH}")
    if not isinstance(operations, list) or not operations:
        raise Wrong("invalidValue", "Operations: a list was expected")
    made = deepcopy(dict(user))
    for each in operations:
        _operate(made, each)
    return made


def _operate(user: dict[str, Any], said: Any) -> None:
    if not isinstance(said, Mapping):
        raise Wrong("invalidSyntax", "Operations: objects were expected")
    by_name = {str(name).lower(): value for name, value in said.items()}
    verb, path = str(by_name.get("op", "")).lower(), by_name.get("path")
    if verb not in {"add", "replace", "remove"}:
        raise Wrong("invalidSyntax", "op: add, replace or remove was expected")
    if verb != "remove" and "value" not in by_name:
        raise Wrong("invalidValue", f"{verb}: value is missing")
    if path is None:
        if verb == "remove":
            raise Wrong("noTarget", "remove: path is missing")
        if not isinstance(by_name["value"], Mapping):
            raise Wrong("invalidValue", "without a path, value is an object")
        for name, value in by_name["value"].items():
            _at(user, verb, str(name), value)
        return
    if not isinstance(path, str):
        raise Wrong("invalidPath", "path: a text was expected")
    _at(user, verb, path, by_name.get("value"))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a resource: an attribute, what its value has to be, and a part of it."""

    name: str  # in lower case
    test: tuple[str, Any] | None = None
    part: str = ""


def _at(user: dict[str, Any], verb: str, path: str, value: Any) -> None:
    place = _read(path)
    if place.name not in ATTRIBUTES:
        return  # an attribute that is not kept here
    attribute, many = ATTRIBUTES[place.name]
    if attribute == "userName" and verb == "remove":
        raise Wrong("mutability", "userName cannot be removed")
    if many:
        _many(user, attribute, verb, place, value)
        return
    if attribute in NAMES:  # the one that is set counts, and the other showed the same before
        user.pop(NAMES[attribute], None)
    if not place.part:
        user[attribute] = None if verb == "remove" else value
        return
    before = user.get(attribute)
    held = dict(before) if isinstance(before, Mapping) else {}
    if attribute == "name" and place.part != "formatted":
        held.pop("formatted", None)
    user[attribute] = {**held, place.part: None if verb == "remove" else value}


def _read(path: str) -> _Place:
    rest = path.strip()
    if rest.lower().startswith(PROVIDER.lower()):
        return _Place(PROVIDER.lower(), part=rest[len(PROVIDER) :].lstrip(":"))
    rest = rest[len(USER) + 1 :] if rest.lower().startswith(f"{USER.lower()}:") else rest
    if rest.lower().startswith("urn:"):
        return _Place(rest.lower())
    found = PATH.fullmatch(rest)
    if found is None:
        raise Wrong("invalidPath", f"this path is not understood: {path[:100]}")
    test = (found[2], _literal(found[3])) if found[2] else None
    return _Place(found[1].lower(), test, found[4] or "")


def _literal(text: str) -> Any:
    return _unquoted(text, "invalidPath") if text.startswith('"') else WHETHER[text.lower()]


def _many(user: dict[str, Any], name: str, verb: str, place: _Place, value: Any) -> None:
    held = [dict(each) for each in _values(user, name)]
    if place.test is None and not place.part:
        user[name] = _all_of(held, verb, [dict(each) for each in _values({name: value}, name)])
        return
    # What a value does not say of itself does not tell it apart: one address is kept, of whatever type.
    fits = [each for each in held if place.test is None or each.get(*place.test) == place.test[1]]
    if verb == "remove":
        user[name] = _without(held, fits, place.part)
        return
    if not fits:
        if verb == "replace" and not place.part:
            raise Wrong("noTarget", f"{name}: nothing fits the path")
        fits = [{place.test[0]: place.test[1]} if place.test else {}]
        held = [*held, *fits]
    given = {place.part: value} if place.part else next(iter(_values({name: value}, name)), {})
    for each in fits:
        each.update(given)
    user[name] = held


def _all_of(held: list[dict[str, Any]], verb: str, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What becomes of a whole list. Some directories remove with the values that shall go."""
    if verb == "replace":
        return given
    if verb == "remove":
        gone = [each.get("value") for each in given]
        return [each for each in held if gone and each.get("value") not in gone]
    known = [each.get("value") for each in held]
    return [*held, *(each for each in given if each.get("value") not in known)]


def _without(held: list[dict[str, Any]], fits: list[dict[str, Any]], part: str) -> list[dict[str, Any]]:
    if not part:
        return [each for each in held if each not in fits]
    for each in fits:
        each.pop(part, None)
    return held
