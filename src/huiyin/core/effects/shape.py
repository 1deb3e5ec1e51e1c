"""The shape of an effect: the case before, what was said, and all that lies around, to the case after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from huiyin.core.case import Case, Situation

Said = Mapping[str, Any]
Effect = Callable[[Case, Said, Situation], Case]


def setting(**changes: Any) -> Effect:
    """The effect that sets these fields, whatever was said."""
    return lambda case, said, situation: replace(case, **changes)
