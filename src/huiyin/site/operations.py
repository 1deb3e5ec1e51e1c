"""Addresses for machines, each described once: URL and openapi.json come from the same lines.

A door lists its operations; what it reads and writes are the shapes named there, so that the description
cannot say something else than the door does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

import huiyin
from huiyin.site import conditional, problem
from huiyin.site.problem import Asked, ProblemOut, Told

View = Callable[..., HttpResponseBase]
Guard = Callable[["Operation"], View]

# What each status means; the codes that a problem carries are in docs/reference/api.md.
MEANING: dict[int, str] = {
    200: "what was asked for",
    201: "made",
    304: "nothing has changed since the ETag that was sent",
    400: "no JSON, or a header that will not do",
    401: "no token, or one that opens nothing any more",
    403: "the token has no such scope, or its officer has to finish signing in first",
    404: "nothing there, or not for you: one answer for both",
    409: "refused by the rules",
    410: "it was there, and is gone",
    411: "Content-Length is missing",
    412: "it moved on since the version in If-Match",
    413: "too large",
    415: "another media type is wanted",
    422: "something is missing or wrong; `fields` says what",
    428: "If-Match is missing: say which version you looked at",
    429: "too many at this moment: send the same again after the seconds in Retry-After",
    503: "unavailable for the moment: try again after the seconds in Retry-After",
}
ANY = "*"  # a token, whatever it may be used for
SENT = (400, 411, 413, 415, 422)  # what may be wrong with any JSON that is sent
_PLACE = re.compile(r"{(\w+)}")
BYTES: dict[str, Any] = {"type": "string", "format": "binary"}
WHOLE = {"type": "integer", "minimum": 1}


@dataclass(frozen=True, slots=True)
class Header:
    """A header that an operation reads."""

    name: str
    text: str
    required: bool = False
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})

    @property
    def described(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "in": "header",
            "required": self.required,
            "description": self.text,
            "schema": dict(self.schema),
        }


IF_NONE_MATCH = Header("If-None-Match", "an ETag from before: 304 while nothing has changed since")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that can be asked of an address."""

    method: str
    path: str  # such as petitions/{ref}
    url: str  # the name of its address
    name: str  # of the operation, for clients that are generated
    summary: str
    view: View
    tells: type[Told] | None = None
    media: tuple[str, ...] = ("application/json",)  # of what comes back
    asks: type[Asked] | None = None
    sends: str = ""  # the media type of bytes that are sent, where it is no JSON
    query: type[Asked] | None = None
    headers: tuple[Header, ...] = ()
    status: int = 200
    no: tuple[int, ...] = ()
    scope: str = ""  # of a token, or ANY; "" where none is asked for
    roles: tuple[str, ...] = ()  # of the officer; none: each sees what is theirs
    session: bool = False  # whether a signed-in browser may ask too: of what only reads
    bears: tuple[str, ...] = ()  # headers of the answer
    meaning: str = ""  # of the answer, where "what was asked for" says too little

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every problem that may come back."""
        more = SENT if self.asks else ()
        return tuple(sorted({*self.no, *more, *((422,) if self.query else ()), 503}))

    @property
    def is_read(self) -> bool:
        return self.method == "GET"


# ---- addresses


def patterns(operations: Iterable[Operation], guard: Guard, prefix: str = "") -> list[URLPattern]:
    """An address for each path, in the order of the list, with all its methods."""
    of: dict[str, list[Operation]] = {}
    for operation in operations:
        of.setdefault(operation.path, []).append(operation)
    return [
        path(
            prefix + _route(where),
            marked(problem.address(**{o.method: guard(o) for o in here}), here),
            name=here[0].url,
        )
        for where, here in of.items()
    ]


def marked(view: View, operations: Iterable[Operation]) -> View:
    """The view with the roles that it is for, which the tests read that walk all addresses."""
    view.roles = tuple(sorted({role for each in operations for role in each.roles}))  # type: ignore[attr-defined]
    return view


def plain(operation: Operation) -> View:
    """An operation that asks nobody who they are."""
    return conditional.told(operation.view, reads=operation.is_read)


def _route(where: str) -> str:
    # `path` takes slashes too: whatever stands where a reference belongs gets one and the same answer.
    return _PLACE.sub(lambda found: f"<{_KINDS.get(found[1], 'path')}:{found[1]}>", where)


_KINDS = {"number": "int", "seq": "int"}


# ---- the description


def document(
    operations: Sequence[Operation], *, server: str, title: str, scopes: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """OpenAPI 3.1 as plain values. `scopes`: of the tokens that it takes, in words."""
    shapes = list(_shapes(operations))
    schemas, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    of = dict(zip(shapes, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(f"/{operation.path}", {})[operation.method.lower()] = _described(operation, of)
    made: dict[str, Any] = {"schemas": {name: components[name] for name in sorted(components)}}
    if scopes:
        said = "; ".join(f"`{scope}`: {text}" for scope, text in scopes.items())
        made["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": f"a token of an officer. {said}"}
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": huiyin.__version__, "license": {"name": "EUPL-1.2"}},
        "servers": [{"url": server}],
        "paths": paths,
        "components": made,
    }


def _shapes(operations: Iterable[Operation]) -> Iterator[type[Any]]:
    yield ProblemOut
    seen: set[type[Any]] = set()
    for operation in operations:
        for shape in (operation.asks, operation.tells):
            if shape is not None and shape not in seen:
                seen.add(shape)
                yield shape


def _described(operation: Operation, of: Mapping[type[Any], dict[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": _answers(operation, of),
    }
    if parameters := [*_places(operation), *_queries(operation), *_headers(operation)]:
        told["parameters"] = parameters
    if operation.asks:
        told["requestBody"] = {"required": True, "content": _content("application/json", of[operation.asks])}
    if operation.sends:
        told["requestBody"] = {"required": True, "content": _content(operation.sends, BYTES)}
    if operation.scope:
        told["security"] = [{"token": []}]
        needs = "any scope will do" if operation.scope == ANY else f"its scope `{operation.scope}`"
        told["description"] = f"Needs a token: {needs}."
    return told


def _answers(operation: Operation, of: Mapping[type[Any], dict[str, Any]]) -> dict[str, Any]:
    schema = of[operation.tells] if operation.tells else BYTES
    bears = (*(("ETag",) if operation.is_read else ()), *operation.bears)
    good: dict[str, Any] = {
        "description": operation.meaning or MEANING[operation.status],
        "content": {media: {"schema": schema} for media in operation.media},
    }
    if bears:
        good["headers"] = {name: {"schema": {"type": "string"}} for name in bears}
    answers: dict[str, Any] = {str(operation.status): good}
    if operation.is_read:
        answers["304"] = {"description": MEANING[304]}
    for code in operation.statuses:
        answers[str(code)] = {
            "description": MEANING[code],
            "content": _content(problem.MEDIA_TYPE, of[ProblemOut]),
        }
    return answers


def _content(media: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {media: {"schema": schema}}


def _places(operation: Operation) -> Iterator[dict[str, Any]]:
    for name in _PLACE.findall(operation.path):
        schema: dict[str, Any] = WHOLE if name in _KINDS else {"type": "string"}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _queries(operation: Operation) -> Iterator[dict[str, Any]]:
    if operation.query is None:
        return
    _, made = msgspec.json.schema_components([operation.query])
    for name, schema in made[operation.query.__name__]["properties"].items():
        kept = {key: value for key, value in schema.items() if key not in {"default", "description"}}
        described = {"description": schema["description"]} if "description" in schema else {}
        yield {"name": name, "in": "query", "required": False, "schema": kept, **described}


def _headers(operation: Operation) -> Iterator[dict[str, Any]]:
    yield from (header.described for header in operation.headers)
    if operation.is_read:
        yield IF_NONE_MATCH.described


def show(made: Callable[[], bytes]) -> View:
    """The view of a description, the same for everybody."""

    def shown(_: HttpRequest) -> HttpResponseBase:
        answer = problem.answered(made())
        answer["Cache-Control"] = "public, max-age=3600"
        return answer

    return shown
