"""The steps of a yearly assessment in the public log, as one file that is checked offline.

Each step is an entry of the log (`ledger.py`) like any other: to outsiders it says when something was put on
record and nothing of what. Its opening tells the step in full; the body assessed and its supervisors have it.
An assessment that was issued is reckoned again from the counts and the formula in its own opening.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.core import assessment, ledger, merkle
from huiyin.core.formula import Formula
from huiyin.core.measures import Record, Table
from huiyin.core.merkle import BadProof
from huiyin.core.notes import BadNote
from huiyin.core.policy import NotTrusted, Policy
from huiyin.core.proof import Proof, hashes_of
from huiyin.core.text import Text

FORMAT = "huiyin-assessment/1"
OPENING = b"huiyin-assessment-opening/1\n"
ISSUED, OBJECTED, DECIDED = "issued", "objected", "decided"
STEPS = (ISSUED, OBJECTED, DECIDED)  # in the order in which they are made

UNLIKE = Text(
    "第 {n} 步与日志的记录不符：被改动过", "step {n} is not what its entry commits to: it was changed"
)
MISREAD = Text("格式不对：{error}", "it is of no known form: {error}")
DISORDER = Text(
    "各步不是同一单位同一年考核的发出、异议、决定",
    "the steps are not the issuing, objection and decision of one assessment, in this order",
)
MISRECKONED = Text(
    "按所附公式和统计得 {points} 分，写的是 {said} 分",
    "its formula and counts come to {points} points, and it says {said}",
)
NOT_IN_LOG = Text("第 {n} 步不在日志中：{error}", "step {n} does not stand in the log: {error}")


def commit(opening: Mapping[str, Any], salt: bytes) -> str:
    """The commitment of a step's entry to its opening."""
    return ledger.commit(opening, salt, tag=OPENING)


def points(formula: Formula, record: Mapping[str, Mapping[str, int]]) -> str | None:
    """What kept counts come to under a kept formula, to the hundredth; None where nothing was owed."""
    made = Record({name: Table(table) for name, table in record.items()})
    value = assessment.assess(formula, made).value
    return None if value is None else f"{round(100 * value) / 100:.2f}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. entry: its public bytes. number: its place in the log; None while it waits for its head."""

    opening: Mapping[str, Any]
    salt: bytes
    entry: bytes
    number: int | None = None
    hashes: tuple[bytes, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the entry commits to just this opening."""
        try:
            return ledger.read_entry(self.entry).commitment == commit(self.opening, self.salt)
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class AssessmentProof:
    """The steps of one assessment, and the signed head that those with a number stand under."""

    origin: str
    steps: tuple[Step, ...]
    head: str

    def __str__(self) -> str:
        told = {
            "format": FORMAT,
            "origin": self.origin,
            "steps": [
                {
                    "opening": dict(step.opening),
                    "salt": _base64(step.salt),
                    "entry": step.entry.decode("ascii"),
                    "number": step.number,
                    "proof": [_base64(each) for each in step.hashes],
                }
                for step in self.steps
            ],
            "head": self.head,
        }
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"

    def wrongs(self, policy: Policy) -> Iterator[Text]:
        """What does not hold: of each step, of their order, of the points, and of their place in the log."""
        if not _in_order([step.opening for step in self.steps]):
            yield DISORDER
        for n, step in enumerate(self.steps, 1):
            if not step.holds:
                yield UNLIKE.format(n=n)
            if step.number is not None:
                yield from self._not_there(n, step, policy)
        yield from _misreckoned(self.steps[0].opening)

    def _not_there(self, n: int, step: Step, policy: Policy) -> Iterator[Text]:
        way = Proof(step.number or 0, step.hashes, self.head)
        try:
            head = way.check(merkle.leaf_hash(step.entry), policy).head
            if head.origin != self.origin:
                raise BadProof(f"the head is of the log {head.origin}")
        except (BadProof, BadNote, NotTrusted) as error:
            yield NOT_IN_LOG.format(n=n, error=error)


def is_proof(text: str) -> bool:
    """Whether it is such a file, by its first lines; `read` tells whether it can be read."""
    return text.lstrip().startswith("{") and f'"{FORMAT}"' in text[:200]


def read(text: str) -> AssessmentProof:
    """Read such a file, checking its form alone. Raises ValueError."""
    try:
        told = json.loads(text)
        steps = tuple(_step(each) for each in told["steps"])
        if told["format"] != FORMAT or not steps:
            raise ValueError(f"its format is not {FORMAT}, or it holds no step")
        return AssessmentProof(str(told["origin"]), steps, str(told["head"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _step(told: Mapping[str, Any]) -> Step:
    number = told["number"]
    if number is not None and (not isinstance(number, int) or number < 0):
        raise ValueError("a number of a leaf is a whole number from 0")
    salt = base64.b64decode(told["salt"], validate=True)
    return Step(dict(told["opening"]), salt, told["entry"].encode(), number, hashes_of(told["proof"]))


def _in_order(openings: Sequence[Mapping[str, Any]]) -> bool:
    steps = tuple(opening.get("step") for opening in openings)
    of = {(opening.get("body"), opening.get("year")) for opening in openings}
    items = {opening.get("item") for opening in openings[1:]}
    return steps == STEPS[: len(steps)] and len(of) == 1 and len(items) <= 1


def _misreckoned(issued: Mapping[str, Any]) -> Iterator[Text]:
    try:
        came = points(Formula.from_json(issued["formula"]), issued["record"])
        said = issued["points"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        yield MISREAD.format(error=error)
        return
    if came != said:
        yield MISRECKONED.format(points=came, said=said)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
