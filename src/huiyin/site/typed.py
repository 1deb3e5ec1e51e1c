"""JSON and values as msgspec's types, each type met by one thread first.

msgspec works out a type when it first meets it, and keeps what it has before it is done. A second thread that
comes in the meantime reads half a type, and the process dies of it: the first eight people to file at once
took the server down with them (0.22).
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_FIRST = threading.Lock()
_MET: set[Any] = set()


def decode(sent: bytes, type: type[T]) -> T:  # noqa: A002 - as msgspec calls it
    """JSON as that type. Raises as `msgspec.json.decode` does."""
    return msgspec.json.decode(sent, type=_met(type))  # noqa: TID251 - met


def convert(value: Any, type: type[T], *, strict: bool = True) -> T:  # noqa: A002 - as msgspec calls it
    """Built-in values as that type; words as numbers too if not strict. Raises as `msgspec.convert` does."""
    return msgspec.convert(value, _met(type), strict=strict)  # noqa: TID251 - met


def _met(type: type[T]) -> type[T]:  # noqa: A002
    if type not in _MET:
        with _FIRST:
            msgspec.json.Decoder(type)  # noqa: TID251 - works out this type and all that it is made of
            _MET.add(type)
    return type
