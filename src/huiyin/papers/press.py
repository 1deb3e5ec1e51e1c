"""Sets a paper as PDF: a template of ours, the words as data. No word becomes markup, nothing is put on disk.

Typst runs inside this process, a tenth of a second for a letter. A paper is made when somebody asks for it
and kept nowhere.
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

import typst

from huiyin.papers import fonts

log = logging.getLogger("huiyin.papers")

HERE = Path(__file__).parent
# PDF/A for the archive, PDF/UA for screen readers; 3a may also carry files.
Standard = Literal["1.7", "a-2a", "a-3a", "ua-1"]
LETTER: tuple[Standard, ...] = ("a-2a", "ua-1")
CASE_FILE: tuple[Standard, ...] = ("a-3a", "ua-1")
PLAIN: tuple[Standard, ...] = ("1.7",)
_turn = Lock()  # the compiler serves one at a time


class Unprintable(RuntimeError):
    """This could not be set; what could not is not said, for it may be somebody's words."""


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
) -> Printed:
    """Set a template with these data; `files`: the folder that its pictures and attachments are read from.

    Raises fonts.NoChineseFont and Unprintable.
    """
    given = json.dumps(clean({**data, "fonts": fonts.chosen().families}), ensure_ascii=False)
    source: Any = b"".join((HERE / name).read_bytes() for name in ("paper.typ", template))
    for wanted in (standards, PLAIN):
        try:
            with _turn:
                pdf = typst.compile(
                    source,
                    root=str(files if files and files.is_dir() else HERE),
                    sys_inputs={"data": given},
                    pdf_standards=list(wanted),
                )
        except typst.TypstError as error:
            if wanted is PLAIN:
                # Its message may quote what was to be set.
                log.error("a %s could not be set: %s", template, type(error).__name__)  # noqa: TRY400
                raise Unprintable from None
        else:
            return Printed(bytes(pdf), archival=wanted is not PLAIN)
    raise Unprintable


def clean(value: Any) -> Any:
    """Without the characters that no paper shows: controls, and halves of surrogate pairs."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Cn"})
    if isinstance(value, Mapping):
        return {str(name): clean(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(each) for each in value]
    return value
