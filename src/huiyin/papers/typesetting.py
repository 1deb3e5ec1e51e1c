"""Typst, in a process of its own that ends: `python -m huiyin.papers.typesetting`.

A paper with a Chinese font takes 60 MB to set, more with pictures, and an allocator gives little of that
back: a web worker that set papers itself grew to 400 MB. Started and ended, it costs a few hundredths of a
second more. What is set can be anybody's words, so it goes through pipes, and the process has limits of its
own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

MEMORY = 2 * 1024**3  # bytes of data that one paper may take
SECONDS = 60.0
PICTURE = "png"  # in place of a standard: the page as a picture
SHARP = 200.0  # dots an inch of a picture
UNPRINTABLE = 3  # exit status: Typst refused under every standard asked for


class Unprintable(RuntimeError):
    """This could not be set; what could not is not said, for it may be somebody's words."""


def compile_first(
    source: bytes, data: str, *, root: Path, standards: Sequence[Sequence[str]]
) -> tuple[int, bytes]:
    """Set `source` under the first of `standards` that allows it: which one it was, and the PDF.

    `data` is what the template finds at `sys.inputs.data`; `root` the only folder that it may read.
    Raises Unprintable.
    """
    asked = json.dumps([len(source), data, str(root), [list(each) for each in standards]]).encode()
    which, _, pdf = _ask(asked + b"\n" + source).partition(b"\n")
    return int(which), pdf


def families() -> frozenset[str]:
    """The names of the font families of this system. Raises Unprintable."""
    return frozenset(json.loads(_ask(b"\n")))


def _ask(given: bytes) -> bytes:
    command = [sys.executable, "-m", "huiyin.papers.typesetting"]
    # Where fonts are looked for, and nothing else that this process knows.
    known = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "PYTHONPATH", "HOME") or name.startswith("XDG_")
    }
    try:
        done = subprocess.run(  # noqa: S603 - a command of our own, no shell
            command,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # its messages may quote what was to be set
            env=known,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unprintable from None
    if done.returncode:
        raise Unprintable
    return done.stdout


# ---- the process


def main() -> int:
    """Answer what stands on standard input: a paper to set, or an empty line for the fonts."""
    import typst

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nothing of a paper in a dump
    asked = sys.stdin.buffer.readline().strip()
    if not asked:
        sys.stdout.write(json.dumps(sorted(typst.Fonts().families())))
        return 0
    size, data, root, standards = json.loads(asked)
    source = sys.stdin.buffer.read(size)
    for number, wanted in enumerate(standards):
        try:
            given = {"root": root, "sys_inputs": {"data": data}}
            pdf = (
                typst.compile(source, format="png", ppi=SHARP, **given)
                if wanted == [PICTURE]
                else typst.compile(source, pdf_standards=wanted, **given)
            )
        except typst.TypstError:
            continue
        sys.stdout.buffer.write(b"%d\n" % number + bytes(pdf))
        return 0
    return UNPRINTABLE


if __name__ == "__main__":
    raise SystemExit(main())
