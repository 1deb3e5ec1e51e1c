"""`huiyin verify` of a yearly assessment: issued, objected to, decided on, each step an entry of the log."""

from __future__ import annotations

from huiyin.core import assessment_proof, checkpoint
from huiyin.core.assessment_proof import AssessmentProof, Step
from huiyin.core.findings import Finding
from huiyin.core.policy import Policy
from huiyin.core.text import Text
from huiyin.doors.cli.verdict import Verdict
from huiyin.doors.cli.words import both, say

MADE = {
    assessment_proof.ISSUED: Text("发出", "issued"),
    assessment_proof.OBJECTED: Text("提出异议", "objected to"),
    assessment_proof.DECIDED: Text("对异议作出决定", "decided on"),
}


def check(text: str, policy: Policy) -> Verdict:
    """What the file proves, or what is wrong with it."""
    verdict = Verdict("assessment")
    try:
        read = assessment_proof.read(text)
    except ValueError as error:
        verdict.wrong([Finding("assessment", "", assessment_proof.MISREAD.format(error=error))])
        return verdict
    verdict.wrong(Finding("assessment", "", wrong) for wrong in read.wrongs(policy))
    if not verdict.findings:
        _tell(read, verdict)
    return verdict


def _tell(read: AssessmentProof, verdict: Verdict) -> None:
    issued = read.steps[0].opening
    body, year, points = issued["body"], issued["year"], issued["points"]
    verdict.proved.append(
        both(
            f"单位 {body} {year} 年考核得 {points} 分，与所附公式和统计相符。",
            f"The assessment of the body {body} for {year} is {points} points, which is what "
            "its formula and counts come to.",
        )
    )
    verdict.proved += [_standing(step, read) for step in read.steps if step.number is not None]
    verdict.unproved += [_waiting(step) for step in read.steps if step.number is None]
    verdict.unproved.append(
        both(
            "统计与各信访件相符：考核页逐项列出它们；",
            "that the counts are true of the petitions: the page of the assessment leads to each;",
        )
    )
    verdict.told["assessment"] = {
        "origin": read.origin,
        "steps": [{**step.opening, "number": step.number} for step in read.steps],
    }


def _standing(step: Step, read: AssessmentProof) -> str:
    made, at, size = MADE[step.opening["step"]], step.opening["at"], checkpoint.read(read.head)[0].size
    return both(
        f"{at}（UTC）{say(made)}：在 {read.origin} 的公开日志中，编号 {step.number}；日志头共 {size} 条。",
        f"It was {say(made)} at {at} (UTC): that stands in the log {read.origin} as number {step.number}, "
        f"under a head over {size} leaves.",
    )


def _waiting(step: Step) -> str:
    made = say(MADE[step.opening["step"]])
    return both(
        f"{made}已收入公开日志：交出文件时还没有；",
        f"that it was {made} stands in the public log: it did not yet when the file was made;",
    )
