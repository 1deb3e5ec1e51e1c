"""What a check came to, told the same way whatever was checked: what is proved, what not, what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import click

from huiyin.core.findings import Finding
from huiyin.doors.cli.words import FALSE, Problem, both, say


@dataclass(slots=True)
class Verdict:
    """proved, unproved: sentences in the language of the shell. told: the same for machines."""

    kind: str  # receipt, proof, case, log
    proved: list[str] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)

    def wrong(self, found: Iterable[Finding]) -> None:
        self.findings += found

    def show(self, *, as_json: bool) -> None:
        """Print it, and end with exit code 1 where something is false."""
        if as_json:
            click.echo(json.dumps(self._as_json(), ensure_ascii=False, indent=1))
            if self.findings:
                raise SystemExit(FALSE)
            return
        if self.findings:
            raise Problem(
                "\n".join([both("不属实：", "it does not hold:"), *map(_line, self.findings)]), FALSE
            )
        click.echo("\n".join(self._lines()))

    def _lines(self) -> Iterable[str]:
        yield both("属实。它证明：", "It holds. It proves that:")
        yield from (f"  {line}" for line in self.proved)
        yield both("它没有证明：", "It does not prove:")
        yield from (f"  {line}" for line in self.unproved)

    def _as_json(self) -> dict[str, Any]:
        return {
            "format": "huiyin-verdict/1",
            "kind": self.kind,
            "holds": not self.findings,
            "proved": [] if self.findings else self.proved,
            "not_proved": self.unproved,
            "findings": [
                {"what": each.what, "where": each.where, "zh": each.text.zh, "en": each.text.en}
                for each in self.findings
            ],
            **self.told,
        }


def _line(finding: Finding) -> str:
    where = f"{finding.where}{both('：', ': ')}" if finding.where else ""
    return f"  {where}{say(finding.text)} [{finding.what}]"
