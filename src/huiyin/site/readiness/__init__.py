"""The state of the house: one list, looked at anew each time, for the desk's guide and `huiyin state`.

Each line is worked out from the installation as it stands: nothing is ticked by hand where the house can see
it for itself. It changes nothing, reaches no other machine, and names no petition and no petitioner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from huiyin.core.text import Text
from huiyin.site.context import is_demonstration
from huiyin.site.readiness import bodies, face, keys, law, log, mail, people, running
from huiyin.site.readiness.known import look_around
from huiyin.site.readiness.line import BAD, GOOD, LEFT, WARN, Line, Step

__all__ = ["BAD", "GOOD", "LEFT", "WARN", "Line", "Step", "is_ready", "look", "to_do"]

# What made-up data do without, and why; everything else is looked at in a demonstration too.
LEFT_OUT: dict[str, Text] = {
    "second-factor": Text(
        "演示不要求第二重验证：密码对谁都一样", "a demonstration asks for none: its password is everybody's"
    ),
    "signed-in": Text("演示的账号不是真人", "accounts of a demonstration are nobody's"),
    "mail": Text("演示不发邮件，只打印出来", "a demonstration prints its messages and sends none"),
    "mail-tested": Text("演示不发邮件", "a demonstration sends none"),
    "text-tested": Text("演示不发短信", "a demonstration sends none"),
    "address": Text("演示只在本机打开", "a demonstration is reached from this machine alone"),
    "origin": Text("演示的回执不作数", "receipts of a demonstration bind nobody"),
    "face": Text("演示没有主管单位", "nobody runs a demonstration"),
    "backup": Text("虚构的数据不必备份", "made-up data need no copy"),
    "key-backup": Text("虚构的数据不必备份密钥", "made-up data need no copy of the keys"),
    "restore-tried": Text("虚构的数据不必演练恢复", "nothing is to be restored"),
    "key-printed": Text("演示的公钥没有人核对", "nobody checks the key of a demonstration"),
    "witnesses": Text("演示没有外部见证人", "a demonstration has no witnesses outside"),
    "custodians": Text("演示没有那么多人", "a demonstration has fewer people"),
    "handlers": Text("演示没有那么多人", "a demonstration has fewer people"),
    "heads": Text("演示没有那么多人", "a demonstration has fewer people"),
    "administrators": Text("演示有一名就够用", "one is enough for a demonstration"),
}


def look(now: datetime) -> tuple[Step, ...]:
    """All steps, in the order in which a new operator takes them."""
    known = look_around(now)
    steps = (
        law.step(known),
        bodies.step(known),
        people.step(known),
        keys.step(known),
        mail.step(known),
        face.step(known),
        log.step(known),
        running.step(known),
    )
    return tuple(_as_demonstration(step) for step in steps) if is_demonstration() else steps


def _as_demonstration(step: Step) -> Step:
    lines = tuple(
        replace(line, state=LEFT, todo=LEFT_OUT[line.code], place="")
        if line.state != GOOD and line.code in LEFT_OUT
        else line
        for line in step.lines
    )
    return replace(step, lines=lines)


def to_do(steps: Sequence[Step]) -> list[Line]:
    """What is to be done, what cannot wait first."""
    lines = [line for step in steps for line in step.lines if line.state in {BAD, WARN}]
    return sorted(lines, key=lambda line: line.state != BAD)


def is_ready(steps: Sequence[Step]) -> bool:
    """Whether nothing is left that petitioners would suffer from."""
    return all(step.state != BAD for step in steps)
