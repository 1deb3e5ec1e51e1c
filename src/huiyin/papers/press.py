"""Sets a paper as PDF: a template of ours, the words as data. No word becomes markup, nothing is put on disk.

It takes a tenth of a second or two (`typesetting.py`). A paper is made when somebody asks for it and kept
nowhere.
"""

from __future__ import annotations

import json
import logging
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from huiyin.papers import fonts, typesetting
from huiyin.papers.typesetting import Unprintable

__all__ = ["CASE_FILE", "LETTER", "PLAIN", "Printed", "Unprintable", "clean", "press"]

log = logging.getLogger("huiyin.papers")

HERE = Path(__file__).parent
# PDF/A for the archive, PDF/UA for screen readers; 3a may also carry files.
Standard = Literal["1.7", "a-2a", "a-3a", "ua-1"]
LETTER: tuple[Standard, ...] = ("a-2a", "ua-1")
CASE_FILE: tuple[Standard, ...] = ("a-3a", "ua-1")
PLAIN: tuple[Standard, ...] = ("1.7",)
_turn = Lock()  # one at a time: what many ask for at once must not take the machine's memory


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that was set."""

    pdf: bytes
    archival: bool  # False: a character that no font here has; readable, and not fit for the archive


def press(
    template: str,
    data: Mapping[str, Any],
    standards: tuple[Standard, ...] = LETTER,
    *,
    files: Path | None = None,
    parts: tuple[str, ...] = (),
) -> Printed:
    """Set a template with these data; `files`: the folder that its pictures and attachments are read from.

    `parts`: templates that it is made of. Raises fonts.NoChineseFont and Unprintable.
    """
    source, given = _given(template, data, parts)
    root = files if files and files.is_dir() else HERE
    try:
        with _turn:
            which, pdf = typesetting.compile_first(source, given, root=root, standards=(standards, PLAIN))
    except Unprintable:
        log.error("a %s could not be set", template)  # noqa: TRY400 no words of what was to be set
        raise
    return Printed(pdf, archival=which == 0 and standards is not PLAIN)


def picture(template: str, data: Mapping[str, Any], *, parts: tuple[str, ...] = ()) -> bytes:
    """The first page of a template as PNG, to be put into a file of another kind. Raises as `press` does."""
    source, given = _given(template, data, parts)
    with _turn:
        return typesetting.compile_first(source, given, root=HERE, standards=((typesetting.PICTURE,),))[1]


def _given(template: str, data: Mapping[str, Any], parts: tuple[str, ...]) -> tuple[bytes, str]:
    given = json.dumps(clean({**data, "fonts": fonts.chosen().families}), ensure_ascii=False)
    return b"\n".join((HERE / name).read_bytes() for name in ("paper.typ", *parts, template)), given


def clean(value: Any) -> Any:
    """Without the characters that no paper shows: controls, and halves of surrogate pairs."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Cn"})
    if isinstance(value, Mapping):
        return {str(name): clean(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(each) for each in value]
    return value
