"""What the desk offers to programs, each thing once: addresses and openapi.json are made from this list."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path

from huiyin.doors.officer import search_json
from huiyin.doors.officer.api import door, lists, petitions, shapes
from huiyin.doors.officer.door import AT_WORK
from huiyin.registry.programs import BOARD, MOVE, READ, SCOPES, SEARCH
from huiyin.site import operations, problem, sending
from huiyin.site.operations import ANY, Header, Operation

SUPERVISOR = "supervisor"
SEARCHING = (*sorted(AT_WORK), SUPERVISOR)
IF_MATCH = Header("If-Match", "the ETag that the petition came with; * for any version", True)  # noqa: FBT003
FILE_NAME = Header(sending.NAME, sending.NAME_TEXT, True, sending.NAME_SCHEMA)  # noqa: FBT003
PREFIX = "api/v1/"
WHO = (401, 403, 429)
ONE = (*WHO, 404)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET", path="account", url="api-account", name="account", scope=ANY, no=WHO,
        summary="For whom this token acts, and what it may be used for",
        view=lists.account, tells=shapes.AccountOut,
    ),
    Operation(
        method="GET", path="petitions", url="api-inbox", name="inbox", scope=READ, no=ONE,
        summary="What waits at my bodies, through the filters of the inbox",
        view=lists.inbox, query=shapes.InboxIn, tells=shapes.InboxOut, roles=tuple(sorted(AT_WORK)),
    ),
    Operation(
        method="POST", path="petitions/{ref}/moves", url="api-moves", name="move", scope=MOVE,
        no=(*ONE, 409, 412, 428), headers=(IF_MATCH,), bears=("ETag",),
        summary="Make a move on the version that you looked at",
        view=petitions.move, asks=shapes.DeskMoveIn, tells=shapes.MadeOut, meaning="made",
    ),
    Operation(
        method="GET", path="petitions/{ref}/letters/{seq}", url="api-letter", name="letter", scope=READ,
        no=(*ONE, 409), summary="A letter that a step left, as PDF; taking it is put on record",
        view=petitions.letter, media=("application/pdf",),
    ),
    Operation(
        method="GET", path="petitions/{ref}/attachments/{number}", url="api-attachment", name="attachment",
        scope=READ, no=(*ONE, 410),
        summary="A file, for the petition's handlers; taking it is put on record",
        view=petitions.attachment, media=sending.MEDIA,
        meaning="its bytes, under the media type that was found in them",
    ),
    Operation(
        method="GET", path="petitions/{ref}", url="api-petition", name="petition", scope=READ, no=ONE,
        summary="One petition, with what may be done now; masked for who does not handle it",
        view=petitions.show, tells=shapes.DeskPetitionOut,
    ),
    Operation(
        method="POST", path="attachments", url="api-send-file", name="send_file", scope=MOVE,
        no=(*WHO, 400, 411, 413, 422), headers=(FILE_NAME,), status=201,
        summary="Send a file that a move will name",
        view=petitions.send_file, sends="application/octet-stream", tells=sending.FileSentOut,
        meaning="kept for twelve hours, enciphered under what `file` holds",
    ),
    Operation(
        method="POST", path="search", url="search-json", name="search", scope=SEARCH, no=ONE,
        summary="Search for matters, never for persons; a signed-in browser may ask too",
        view=search_json.find, asks=search_json.SearchIn, tells=search_json.FoundOut,
        roles=SEARCHING, session=True,
    ),
    Operation(
        method="GET", path="board", url="api-board", name="board", scope=BOARD, no=ONE,
        summary="What bodies owe here and below, and why they are late",
        view=lists.board, tells=shapes.BoardOut, roles=(SUPERVISOR,),
    ),
    Operation(
        method="GET", path="board/petitions", url="api-board-petitions", name="board_petitions", scope=BOARD,
        no=ONE, summary="The petitions behind a number of the board, the longest late first",
        view=lists.board_petitions, query=shapes.BoardPetitionsIn, tells=shapes.InboxOut,
        roles=(SUPERVISOR,),
    ),
)  # fmt: skip


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document as plain values."""
    scopes = {code: text.en for code, text in SCOPES.items()}
    return operations.document(OPERATIONS, server="/desk/api/v1", title="Huiyin, the desk", scopes=scopes)


@cache
def _printed() -> bytes:
    return msgspec.json.encode(document())


def _no_such_address(request: HttpRequest) -> HttpResponseBase:
    return problem.no_such_address(request)


# Neither says anything of a petition; yet nothing of the desk opens to nobody.
_SHAPES = Operation(
    method="GET", path="openapi.json", url="api-openapi", name="shapes", scope=ANY, session=True,
    summary="", view=operations.show(_printed),
)  # fmt: skip
_ELSE = tuple(
    Operation(
        method=method, path="", url="api-none", name="none", scope=ANY, session=True, summary="",
        view=_no_such_address,
    )
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
)  # fmt: skip


def _patterns() -> list[URLPattern]:
    found = operations.patterns((*OPERATIONS, _SHAPES), door.guard, prefix=PREFIX)
    nowhere = operations.marked(problem.address(**{each.method: door.guard(each) for each in _ELSE}), _ELSE)
    return [*found, re_path(rf"^{PREFIX}", nowhere, name="api-none")]


urlpatterns = _patterns()
