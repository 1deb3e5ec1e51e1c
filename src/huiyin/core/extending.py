"""Classes of the operator's own, named by a setting as `package.module:Class`: found, looked at and made.

There are few places for one, each with a small protocol and the built-in one as its example
(docs/operate/extending.md). Nothing is looked for that no setting names.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from importlib import import_module
from typing import Any

NAMED = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", re.ASCII)


class NoSuchClass(ValueError):
    """A setting names a class that cannot be used; the argument says which setting and why."""


def is_named(value: str) -> bool:
    """Whether this is the name of a class, as package.module:Class."""
    return NAMED.fullmatch(value) is not None


def made(setting: str, named: str, does: Collection[str]) -> Any:
    """One of that class, made without arguments. Raises NoSuchClass, which names the setting.

    `does`: the methods that it must have.
    """
    if not is_named(named):
        raise NoSuchClass(f"{setting}={named!r}: write a class as package.module:Class")
    module, _, name = named.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise NoSuchClass(f"{setting}={named!r} cannot be loaded: {error}") from error
    try:
        one = found()
    except TypeError as error:
        raise NoSuchClass(f"{setting}={named!r} cannot be made without arguments: {error}") from error
    lacking = [each for each in does if not callable(getattr(one, each, None))]
    if lacking:
        raise NoSuchClass(f"{setting}={named!r} has no {', '.join(lacking)}")
    return one
