"""What the public JSON door offers, each thing once: addresses and openapi.json are made from this list."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from huiyin.doors.api import answers, idempotency, petitions, public, rulebooks, shapes
from huiyin.doors.api import public_shapes as told
from huiyin.site import operations, sending
from huiyin.site.operations import Header, Operation

KEY = Header(petitions.KEY_HEADER, "the petition's key, in a header so that it stands in no address", True)  # noqa: FBT003
ONCE = Header(
    idempotency.HEADER,
    "drawn at random: the same key and body get the very same answer",
    schema={
        "type": "string",
        "minLength": idempotency.SHORTEST,
        "maxLength": idempotency.LONGEST,
        "pattern": "^[ -~]*$",
    },
)
IF_MATCH = Header("If-Match", "the ETag that the petition came with: 412 if it has moved on since")
FILE_NAME = Header(sending.NAME, sending.NAME_TEXT, True, sending.NAME_SCHEMA)  # noqa: FBT003
OWN = (404, 429)  # of what is opened by a key

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="petitions",
        url="petitions",
        name="file",
        summary="File a petition",
        view=petitions.lodge,
        asks=shapes.PetitionIn,
        tells=shapes.FiledOut,
        status=201,
        headers=(ONCE,),
        no=(409, 429),
        bears=("Location",),
        meaning="filed: reference, key (shown this once), signed receipt, clocks",
    ),
    Operation(
        method="POST",
        path="signatures",
        url="signatures",
        name="sign",
        summary="Sign a joint petition",
        view=petitions.sign,
        asks=shapes.SignatureIn,
        tells=shapes.SignedOut,
        status=201,
        headers=(ONCE,),
        no=(404, 409, 429),
        meaning="signed: the signer's own key (shown this once) and receipt",
    ),
    Operation(
        method="POST",
        path="attachments",
        url="send-file",
        name="send_file",
        summary="Send a file that a petition or a move will name",
        view=petitions.send_file,
        sends="application/octet-stream",
        tells=sending.FileSentOut,
        status=201,
        headers=(FILE_NAME,),
        no=(400, 411, 413, 422, 429),
        meaning="kept for twelve hours, enciphered under what `file` holds",
    ),
    Operation(
        method="GET",
        path="petitions/{ref}/attachments/{number}",
        url="attachment",
        name="attachment",
        summary="A file that stands with a petition",
        view=petitions.attachment,
        media=sending.MEDIA,
        headers=(KEY,),
        no=OWN,
        meaning="its bytes, under the media type that was found in them",
    ),
    Operation(
        method="POST",
        path="petitions/{ref}/moves",
        url="moves",
        name="move",
        summary="Make a move of the author's own",
        view=petitions.move,
        asks=shapes.MoveIn,
        tells=shapes.PetitionOut,
        headers=(KEY, IF_MATCH),
        no=(*OWN, 409, 412),
        meaning="made: the petition afterwards",
    ),
    Operation(
        method="GET",
        path="petitions/{ref}",
        url="petition",
        name="follow",
        summary="Follow a petition",
        view=petitions.show,
        tells=shapes.PetitionOut,
        headers=(KEY,),
        no=(*OWN, 409),
        meaning="the whole petition",
    ),
    Operation(
        method="POST",
        path="answers",
        url="answers",
        name="answers",
        summary="Search published answers",
        view=answers.find,
        asks=shapes.AnswersIn,
        tells=shapes.AnswersOut,
        meaning="a page of what was found, the newest first",
    ),
    Operation(
        method="GET",
        path="bodies",
        url="bodies",
        name="bodies",
        summary="Bodies, by what it is about and where",
        view=public.bodies,
        query=told.BodiesIn,
        tells=told.BodiesOut,
    ),
    Operation(
        method="GET",
        path="bodies/{code}",
        url="body",
        name="body",
        summary="One body",
        view=public.body,
        tells=told.DirectoryOut,
        no=(404,),
    ),
    Operation(
        method="GET",
        path="rulebooks",
        url="rulebooks",
        name="rulebooks",
        summary="The laws, the one in force here first",
        view=rulebooks.listed,
        tells=told.RulebooksOut,
    ),
    Operation(
        method="GET",
        path="rulebooks/{book}",
        url="rulebook",
        name="rulebook",
        summary="One law: terms, states, moves, articles",
        view=rulebooks.one,
        tells=told.RulebookOut,
        no=(404,),
    ),
    Operation(
        method="GET",
        path="problems",
        url="problems",
        name="problems",
        summary="Problems that bodies have taken up",
        view=public.problems,
        query=told.ProblemsIn,
        tells=told.ProblemsOut,
    ),
    Operation(
        method="GET",
        path="problems/{number}",
        url="problem",
        name="problem",
        summary="One problem",
        view=public.problem,
        tells=told.ProblemTold,
        no=(404,),
    ),
    Operation(
        method="GET",
        path="opinions",
        url="opinions",
        name="opinions",
        summary="Published re-review opinions, masked",
        view=public.opinions,
        query=told.OpinionsIn,
        tells=told.OpinionsOut,
    ),
    Operation(
        method="GET",
        path="opinions/{number}",
        url="opinion",
        name="opinion",
        summary="One published opinion",
        view=public.opinion,
        tells=told.OpinionOut,
        no=(404, 410),
    ),
    Operation(
        method="GET",
        path="receptions",
        url="receptions",
        name="receptions",
        summary="Reception days ahead",
        view=public.receptions,
        query=told.ReceptionsIn,
        tells=told.ReceptionsOut,
    ),
    Operation(
        method="GET",
        path="receptions/{number}",
        url="reception",
        name="reception",
        summary="One reception day",
        view=public.reception,
        tells=told.ReceptionOut,
        no=(404,),
    ),
    Operation(
        method="GET",
        path="figures",
        url="figures",
        name="figures",
        summary="How the terms of the law were kept, from the public log",
        view=public.figures,
        query=told.FiguresIn,
        tells=told.FiguresOut,
        no=(404,),
    ),
    Operation(
        method="GET",
        path="log",
        url="log",
        name="log",
        summary="Where the public log lies, and its head",
        view=public.log,
        tells=told.LogOut,
    ),
)


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document as plain values."""
    return operations.document(OPERATIONS, server="/api/v1", title="Huiyin")


@cache
def _printed() -> bytes:
    return msgspec.json.encode(document())


show = operations.show(_printed)
