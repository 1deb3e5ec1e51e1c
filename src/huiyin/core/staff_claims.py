"""What an identity provider says of somebody of the staff, read by a small file of the operator's: pure.

The file is TOML: which claims hold sign-in name, name, title and mail, which groups mean which role at which
body, and what the provider has to say for its sign-in to count as two factors. Names of groups may be those
of a directory (LDAP): case and the spaces around commas and equals signs do not matter. A value may be one
or a list, as directories hand them out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from huiyin.core.text import Text

FIELDS = ("login", "name", "title", "email")
# As the standard calls them (OpenID Connect Core, 5.1); most providers in front of a directory know these.
USUAL = {"login": "preferred_username", "name": "name", "title": "", "email": "email", "groups": "groups"}
TOP = frozenset({"called", "scopes", "opens_accounts", "acr", "amr", "claims", "groups"})
OF_A_GROUP = frozenset({"group", "body", "role"})
SPACED = re.compile(r"\s*([,=])\s*")


class BrokenClaims(ValueError):
    """The file cannot be used: where in it, and what is wrong there."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}" if where else what)


NOBODY = Text("", "")


@dataclass(frozen=True, slots=True)
class Claims:
    """How to read what a provider says. `groups`: name of a group, as `plain` -> (code of a body, role)."""

    called: Text = NOBODY
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    opens_accounts: bool = False
    acr: frozenset[str] = frozenset()
    amr: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=lambda: dict(USUAL))
    groups: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def governed(self) -> frozenset[tuple[str, str]]:
        """The roles at bodies that groups decide on: given with a group, and taken away without it."""
        return frozenset(place for places in self.groups.values() for place in places)


@dataclass(frozen=True, slots=True)
class Said:
    """Who somebody is by the words of a provider. `roles`: (code of a body, role)."""

    login: str = ""
    name: str = ""
    title: str = ""
    email: str = ""
    roles: frozenset[tuple[str, str]] = frozenset()
    two_factors: bool = False


# ---- the file


def read(text: str, roles: Collection[str]) -> Claims:
    """The file of the operator. Raises BrokenClaims. `roles`: codes of all roles that there are."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenClaims("", f"this is no TOML: {error}") from error
    _known(said, TOP, "")
    names = _names(said.get("claims", {}))
    groups = _groups(said.get("groups", []), roles)
    if groups and not names["groups"]:
        raise BrokenClaims("claims.groups", "say which claim holds the groups")
    opens = said.get("opens_accounts", False)
    if not isinstance(opens, bool):
        raise BrokenClaims("opens_accounts", "write true or false, without quotes")
    if opens and not groups:
        raise BrokenClaims("opens_accounts", "needs groups: an account without a role opens nothing")
    scopes = _words(said, "scopes") or Claims().scopes
    if "openid" not in scopes:
        raise BrokenClaims("scopes", '"openid" must be among them')
    return Claims(
        called=_called(said.get("called", "")),
        scopes=scopes,
        opens_accounts=opens,
        acr=frozenset(_words(said, "acr")),
        amr=frozenset(_words(said, "amr")),
        names=names,
        groups=groups,
    )


def _known(said: Mapping[str, Any], known: Collection[str], where: str) -> None:
    for key in said:
        if key not in known:
            raise BrokenClaims(f"{where}{key}", f"is not known here; there are {', '.join(sorted(known))}")


def _called(said: Any) -> Text:
    if isinstance(said, str):
        return Text(said, said)
    if (
        isinstance(said, Mapping)
        and set(said) == {"zh", "en"}
        and all(isinstance(v, str) for v in said.values())
    ):
        return Text(said["zh"], said["en"])
    raise BrokenClaims("called", 'write one name, or {zh = "…", en = "…"}')


def _words(said: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = said.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise BrokenClaims(key, 'write a list of words, as ["mfa", "otp"]')
    return tuple(value)


def _names(said: Any) -> dict[str, str]:
    if not isinstance(said, Mapping):
        raise BrokenClaims("claims", "write it as a table: [claims]")
    _known(said, USUAL, "claims.")
    for key, value in said.items():
        if not isinstance(value, str):
            raise BrokenClaims(f"claims.{key}", "write the name of one claim, in quotes")
    return USUAL | dict(said)


def _groups(said: Any, roles: Collection[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    if not isinstance(said, list):
        raise BrokenClaims("groups", "write each as a table: [[groups]]")
    read: dict[str, tuple[tuple[str, str], ...]] = {}
    for number, each in enumerate(said, start=1):
        where = f"groups, number {number}"
        if not isinstance(each, Mapping):
            raise BrokenClaims(where, "write each as a table: [[groups]]")
        _known(each, OF_A_GROUP, f"{where}: ")
        for key in sorted(OF_A_GROUP):
            if not isinstance(each.get(key), str) or not each[key].strip():
                raise BrokenClaims(where, f"{key} is missing, or is no text in quotes")
        if each["role"] not in roles:
            raise BrokenClaims(
                where, f"there is no role {each['role']!r}; there are {', '.join(sorted(roles))}"
            )
        place = (each["body"].lower(), each["role"])
        before = read.get(plain(each["group"]), ())
        if place in before:
            raise BrokenClaims(where, "an earlier one says the same")
        read[plain(each["group"])] = (*before, place)
    return read


# ---- what a provider says


def said_of(claims: Claims, token: Mapping[str, Any], more: Mapping[str, Any]) -> Said:
    """What the signed token and, where that is silent, the further answer of the provider say.

    Whether two factors were used, the token alone tells: `more` is not signed.
    """
    told = {name: _first(_value(claims.names[name], token, more)) for name in FIELDS}
    held = {plain(each) for each in _every(_value(claims.names["groups"], token, more))}
    places = frozenset(place for group in held for place in claims.groups.get(group, ()))
    return Said(**told, roles=places, two_factors=_two_factors(claims, token))


def lacks(claims: Claims, token: Mapping[str, Any]) -> bool:
    """Whether the token leaves out something that is read here, so that the provider has to be asked."""
    wanted = [name for name in (*FIELDS, *(["groups"] if claims.groups else [])) if claims.names[name]]
    return any(_find(claims.names[name], token) is None for name in wanted)


def groups_elsewhere(claims: Claims, token: Mapping[str, Any], more: Mapping[str, Any]) -> bool:
    """Whether the provider says that the groups are too many to tell and lie somewhere else (5.6.2)."""
    if not claims.groups or _value(claims.names["groups"], token, more) is not None:
        return False
    names = [said.get("_claim_names") for said in (token, more)]
    return any(isinstance(each, Mapping) and claims.names["groups"] in each for each in names)


def _two_factors(claims: Claims, token: Mapping[str, Any]) -> bool:
    by_class = token.get("acr") in claims.acr if isinstance(token.get("acr"), str) else False
    return by_class or not claims.amr.isdisjoint(_every(token.get("amr")))


def plain(group: str) -> str:
    """The name of a group without what does not tell groups apart in a directory."""
    return SPACED.sub(r"\1", group.strip()).casefold()


def _value(name: str, token: Mapping[str, Any], more: Mapping[str, Any]) -> Any:
    found = _find(name, token)
    return _find(name, more) if found is None else found


def _find(name: str, said: Mapping[str, Any]) -> Any:
    """A claim by its name, or by a way into it: `realm_access.roles`. None where there is none."""
    if not name:
        return None
    if name in said:
        return said[name]
    found: Any = said
    for step in name.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    return found


def _every(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and each.strip():
            yield each.strip()


def _first(value: Any) -> str:
    return next(_every(value), "")
