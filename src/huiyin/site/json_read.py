"""Read what was sent: the right kind of thing, of bearable size, and nothing that is not asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, UnreadablePostError

from huiyin.core.contents import is_keepable
from huiyin.core.refusal import FIELD_REASONS, REASONS, Refusal
from huiyin.core.text import Text
from huiyin.site import typed
from huiyin.site.problem import Answered, Asked

# The longest text, each character written as \uXXXX\uXXXX, and room for the rest.
MOST_BYTES = 256 * 1024
NO_NUL = FIELD_REASONS["text"]
WRONG_TYPE = Text("类型不对", "this is of the wrong type")
_PATH = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_NAMED = re.compile(r"(?P<what>unknown|missing required) field `(?P<name>[^`]*)`")

A = TypeVar("A", bound=Asked)


def read(request: HttpRequest, shape: type[A]) -> A:
    """The body as that shape. Raises Answered, which names each field that is wrong."""
    return parse(body_of(request), shape)


def query(request: HttpRequest, shape: type[A]) -> A:
    """What stands behind the ? as that shape. Raises Answered with 422, which names each that is wrong.

    One that is not known is refused: a misspelt filter would else look like one that lets everything through.
    """
    given = {name: values[-1] for name, values in request.GET.lists()}
    try:
        made = typed.convert(given, shape, strict=False)
    except msgspec.ValidationError:
        raise Answered(422, _wrong_fields(given, shape, strict=False)) from None
    if holding := {name: NO_NUL for name, said in given.items() if not is_keepable(said)}:
        raise Answered(422, Refusal("contents", REASONS["contents"], "", holding))
    return made


def body_of(request: HttpRequest) -> bytes:
    """The bytes that were sent. Raises Answered for a wrong type or size before they are read."""
    if request.content_type != "application/json":
        raise _no(
            415, "media-type", "请用 Content-Type: application/json", "send Content-Type: application/json"
        )
    length = request.META.get("CONTENT_LENGTH", "")
    if not length.isdecimal():
        raise _no(411, "length", "请写明 Content-Length", "say how long it is: Content-Length")
    if int(length) > MOST_BYTES:
        most = MOST_BYTES // 1024
        raise _no(413, "too-large", f"最多 {most} KiB", f"at most {most} KiB")
    try:
        return request.body
    except UnreadablePostError:
        raise _malformed("传输中断", "the connection broke while it was sent") from None


def parse(sent: bytes, shape: type[A]) -> A:
    """Bytes as that shape. Raises Answered: 400 for what is no JSON, 422 for what is no such shape."""
    try:
        made = typed.decode(sent, shape)
    except msgspec.ValidationError:
        raise Answered(422, _wrong_shape(sent, shape)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _where(error) from None
    if b"\\u0000" in sent and (holding := dict.fromkeys(_with_nul(msgspec.to_builtins(made)), NO_NUL)):
        raise Answered(422, Refusal("contents", REASONS["contents"], "", holding))
    return made


def _with_nul(value: Any, path: str = "") -> Iterator[str]:
    """Where a NUL is: JSON can carry it, a database cannot keep it."""
    if isinstance(value, str) and "\x00" in value:
        yield path
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield from _with_nul(name, f"{path}.{name}".strip("."))
        yield from _with_nul(inner, f"{path}.{name}".strip("."))
    for nth, inner in enumerate(value) if isinstance(value, list) else ():
        yield from _with_nul(inner, f"{path}[{nth}]")


def _where(error: Exception) -> Answered:
    match error:
        case UnicodeDecodeError():
            return _malformed("文字不是 UTF-8", "its text is not UTF-8")
        case RecursionError():
            return _malformed("嵌套过深", "it is nested too deeply")
    return _malformed(str(error), str(error))


def _wrong_shape(sent: bytes, shape: type[Asked]) -> Refusal:
    """Name every field that is wrong, where the decoder stops at the first."""
    try:
        given = typed.decode(sent, object)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _where(error) from None
    if not isinstance(given, dict):
        raise _malformed("最外层须为对象", "the outermost value must be an object")
    return _wrong_fields(given, shape, strict=True)


def _wrong_fields(given: Mapping[str, Any], shape: type[Asked], *, strict: bool) -> Refusal:
    known = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    wrong = {name: FIELD_REASONS["unknown"] for name in given if name not in known}
    for name, field in known.items():
        if name not in given:
            if field.required:
                wrong[name] = FIELD_REASONS["required"]
            continue
        try:
            typed.convert(given[name], field.type, strict=strict)
        except msgspec.ValidationError as error:
            where, why = _field(name, str(error))
            wrong[where] = why
    return Refusal("contents", REASONS["contents"], "", wrong)


def _field(name: str, said: str) -> tuple[str, Text]:
    """Where in a field it is wrong and why, from what the decoder said."""
    path = _PATH.search(said)
    where = name + (path["path"] if path else "")
    if named := _NAMED.search(said):
        reason = "unknown" if named["what"] == "unknown" else "required"
        return f"{where}.{named['name']}", FIELD_REASONS[reason]
    for hint, reason in (("length <=", "too-long"), ("length >=", "required"), ("enum value", "choice")):
        if hint in said:
            return where, FIELD_REASONS[reason]
    return where, WRONG_TYPE


def _no(status: int, code: str, zh: str, en: str) -> Answered:
    return Answered(status, Refusal(code, Text(zh, en)))


def _malformed(zh: str, en: str) -> Answered:
    return _no(400, "malformed", f"不是正确的 JSON：{zh}", f"this is not JSON: {en}")
