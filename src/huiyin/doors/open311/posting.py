"""A request that is posted: filed like any petition, through the same `file`, with a receipt and a key.

Coordinates, devices and accounts are not kept: a telephone sends where its holder stands, often unasked
(charter 4). Where the matter is, is said in words.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDictKeyError

from huiyin.core import explain
from huiyin.core.contents import is_keepable
from huiyin.core.refusal import FIELD_REASONS, REASONS, Refusal
from huiyin.core.text import Text
from huiyin.doors.open311 import services
from huiyin.doors.open311.formats import Said
from huiyin.registry import directory, following, record
from huiyin.registry.file import SUBJECT_LENGTH, Filed, Lodging, file
from huiyin.site import turnstile
from huiyin.site.forms import uploads_of
from huiyin.site.problem import Answered, language_of, let_through
from huiyin.vault.seal import Author as Person

LONGEST = {"email": 254, "phone": 40, "first_name": 60, "last_name": 60, "address_string": 300}
LONGEST |= {"media_url": 500, "attribute[subject]": SUBJECT_LENGTH}
PLACE = Text("地点：{said}", "Where: {said}")
MEDIA = Text("附件网址：{said}", "Picture at: {said}")
ABOUT = Text("事项类别：{said}", "Subject: {said}")
SHOWN = ("clock", "article", "start", "due")
NO_KEY = Refusal(
    "api-key", Text("api_key 不对或者没有写", "api_key is missing or not one that was given out here")
)
NOTICE = Text(
    "已登记。请保存 extended_attributes 中的 ref、key 和 receipt：只在这里给出一次。"
    "坐标、设备号和账号没有保留。",
    "On record. Keep ref, key and receipt in extended_attributes: they are given this once. Coordinates, "
    "device and account are not kept.",
)


def post(request: HttpRequest) -> Said:
    """201 with the name to ask by, and in its extended attributes what every author leaves with."""
    services.check_jurisdiction(request)
    check_key(request)
    said = _said(request)
    lodging = _lodging(request, said)
    let_through(turnstile.filing(request))
    with transaction.atomic():
        made = file(lodging, now=datetime.now(UTC))
        if isinstance(made, Refusal):
            raise Answered(_status(made), made)
        named = following.give(made.petition)
    return Said("service_requests", [_told(request, made, named)], 201)


def _status(refusal: Refusal) -> int:
    """GeoReport v2 knows 400 for whatever is wrong with what was sent."""
    return 400 if refusal.fields else 409


def check_key(request: HttpRequest) -> None:
    """Raises Answered with 403 where keys are asked for and this is none of them."""
    if not settings.GEOREPORT_KEYS:
        return
    sent = request.POST.get("api_key") or request.GET.get("api_key", "")
    made = hashlib.sha256(sent.encode("utf-8", "replace")).hexdigest()
    if made not in settings.GEOREPORT_KEYS:  # of what was sent by chance, so looking it up tells nothing
        raise Answered(403, NO_KEY)


def _said(request: HttpRequest) -> dict[str, str]:
    try:
        return {name: request.POST[name].strip() for name in request.POST}
    except MultiValueDictKeyError:  # a field of no value
        return {}


def _lodging(request: HttpRequest, said: dict[str, str]) -> Lodging:
    subject = services.subject_of(said.get("service_code", ""))
    wrong = {
        name: FIELD_REASONS["too-long"] for name, most in LONGEST.items() if len(said.get(name, "")) > most
    }
    wrong |= {name: FIELD_REASONS["text"] for name, words in said.items() if not is_keepable(words)}
    if not said.get("description"):
        wrong["description"] = FIELD_REASONS["required"]
    if wrong:
        raise Answered(400, Refusal("contents", REASONS["contents"], "", wrong))
    language = language_of(request)
    codes, words = directory.named([said.get("attribute[against]", "")])
    body = said.get("attribute[body]", "")
    return Lodging(
        subject=said.get("attribute[subject]") or _first_line(said["description"]),
        text=_text(said, subject, language),
        kind=said.get("attribute[kind]") or "claim",
        body=body or _only(subject),
        against=codes,
        against_words=words,
        author=_person(said),
        channel="api",
        language={"zh": "zh-hans"}.get(language, language),
        uploads=uploads_of(request.FILES.getlist("media")),
    )


def _only(subject: str) -> str:
    """The body that is competent for a subject, where it is one alone; the house finds the others."""
    bodies = services.competent(subject) if subject else []
    return bodies[0].code if len(bodies) == 1 else ""


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0].strip()
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"


def _text(said: dict[str, str], subject: str, language: str) -> str:
    """The words that were sent, with those that stood beside them."""
    beside = ((ABOUT, subject), (PLACE, said.get("address_string", "")), (MEDIA, said.get("media_url", "")))
    lines = [words.format(said=value).say(language) for words, value in beside if value]
    return "\n".join([said["description"], *lines])


def _person(said: dict[str, str]) -> Person:
    first, last = said.get("first_name", ""), said.get("last_name", "")
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in first + last)
    name = f"{last}{first}" if chinese else f"{first} {last}".strip()
    return Person(name, said.get("phone", ""), said.get("email", ""), "")


def _told(request: HttpRequest, made: Filed, named: str) -> dict[str, Any]:
    clocks = [explain.as_json(record.clock_of(row)) for row in made.clocks]
    return {
        "service_request_id": named,
        "token": named,
        "service_notice": NOTICE.say(language_of(request)),
        "account_id": None,
        "extended_attributes": {
            "ref": made.ref,
            "key": made.key,
            "receipt": made.receipt,
            "clocks": [{name: clock[name] for name in SHOWN} for clock in clocks],
        },
    }
