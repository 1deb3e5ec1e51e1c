"""openapi.json, printed from the shapes that the door really reads and writes."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

import huiyin
from huiyin.doors.api import idempotency, petitions, shapes
from huiyin.site import problem

SHAPES = (
    *(shapes.PetitionIn, shapes.SignatureIn, shapes.MoveIn, shapes.AnswersIn),
    *(shapes.FiledOut, shapes.SignedOut, shapes.PetitionOut, shapes.AnswersOut, problem.ProblemOut),
)
# What each status means here; the codes that a problem carries are in docs/reference/api.md.
MEANING: dict[int, str] = {
    200: "the whole petition",
    201: "filed: reference, key (shown this once), signed receipt, clocks",
    400: "no JSON, or an Idempotency-Key that will not do",
    404: "no such petition, or the key is wrong: one answer for both",
    409: "refused by the rules",
    411: "Content-Length is missing",
    413: "too large",
    415: "not application/json",
    422: "something is missing or wrong; `fields` says what",
    429: "too many at this moment: send the same again after the seconds in Retry-After",
    503: "the database did not answer in time: try again",
}
SENT = (400, 411, 413, 415, 422)


def show(_: HttpRequest) -> HttpResponse:
    """The description of this door, the same for everybody."""
    answer = problem.answered(_described())
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@cache
def _described() -> bytes:
    return msgspec.json.encode(document())


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document as plain values."""
    schemas, components = msgspec.json.schema_components(SHAPES, ref_template="#/components/schemas/{name}")
    of = {shape.__name__: schema for shape, schema in zip(SHAPES, schemas, strict=True)}
    file = _operation("file", "File a petition", of["FiledOut"], status=201, no=(*SENT, 409, 429, 503))
    file |= {"parameters": [_idempotency()], "requestBody": _json(of["PetitionIn"])}
    file["responses"]["201"]["headers"] = {"Location": {"schema": {"type": "string"}}}
    sign = _operation("sign", "Sign a joint petition", of["SignedOut"], status=201, no=(*SENT, 404, 429, 503))
    sign |= {"parameters": [_idempotency()], "requestBody": _json(of["SignatureIn"])}
    sign["responses"]["201"]["description"] = "signed: the signer's own key (shown this once) and receipt"
    show = _operation("follow", "Follow a petition", of["PetitionOut"], status=200, no=(404, 429, 503))
    move = _operation(
        "move",
        "Make a move of the author's own",
        of["PetitionOut"],
        status=200,
        no=(*SENT, 404, 409, 429, 503),
    )
    answers = _operation("answers", "Search published answers", of["AnswersOut"], status=200, no=(*SENT, 503))
    answers["responses"]["200"]["description"] = "a page of what was found, the newest first"
    answers["requestBody"] = _json(of["AnswersIn"])
    show["parameters"] = move["parameters"] = [_ref(), _key()]
    move["requestBody"] = _json(of["MoveIn"])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Huiyin", "version": huiyin.__version__, "license": {"name": "EUPL-1.2"}},
        "servers": [{"url": "/api/v1"}],
        "paths": {
            "/petitions": {"post": file},
            "/petitions/{ref}": {"get": show},
            "/signatures": {"post": sign},
            "/answers": {"post": answers},
            "/petitions/{ref}/moves": {"post": move},
        },
        "components": {"schemas": components},
    }


def _operation(
    name: str, summary: str, schema: dict[str, Any], *, status: int, no: tuple[int, ...]
) -> dict[str, Any]:
    answers: dict[str, Any] = {str(status): {"description": MEANING[status], "content": _content(schema)}}
    refused = {"$ref": "#/components/schemas/ProblemOut"}
    for code in sorted(no):
        answers[str(code)] = {
            "description": MEANING[code],
            "content": {problem.MEDIA_TYPE: {"schema": refused}},
        }
    return {"operationId": name, "summary": summary, "responses": answers}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": _content(schema)}


def _ref() -> dict[str, Any]:
    return {"name": "ref", "in": "path", "required": True, "schema": {"type": "string"}}


def _key() -> dict[str, Any]:
    return {"name": petitions.KEY_HEADER, "in": "header", "required": True, "schema": {"type": "string"}}


def _idempotency() -> dict[str, Any]:
    schema = {"type": "string", "minLength": idempotency.SHORTEST, "maxLength": idempotency.LONGEST}
    return {"name": idempotency.HEADER, "in": "header", "required": False, "schema": schema}
