"""The year before in the demonstration, finished: its petitions, and how bodies were assessed for it.

Each line of `last_year` is one claim that went the common way: accepted, answered, served, and what was
promised carried out or not. Dates are days of the year before; the assessments are of the January after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.core.refusal import Refusal
from huiyin.registry import assessment_steps, law
from huiyin.registry.access import Acting
from huiyin.registry.demonstration_days import Impossible
from huiyin.registry.models import Body, Officer

AT = time(15, 10)
WAYS = ("electronic", "in-person")


def petitions(told: Iterable[Mapping[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    """Each line as a petition of the demonstration, in full."""
    today = law.at(now)[1]
    for each in told:
        lodged = date(today.year - 1, *each["on"])
        yield {**each, "ago": (today - lodged).days, "steps": list(_steps(each))}


def _steps(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    by, request, answered = told["by"], told["request"], told["answered"]
    said = {"difficulty": told["difficulty"]} if "difficulty" in told else {}
    yield {"day": 1, "by": by, "do": "register", **said}
    if told.get("late_notice"):
        yield {"after": "notice", "by": "clerk", "do": "breach", "clock": "notice"}
    yield {"day": told["accepted"], "by": by, "do": "accept", "requests": [{"request": request}]}
    if told.get("late"):
        yield {"after": "handling", "by": "clerk", "do": "breach", "clock": "handling"}
    answer = {name: told[name] for name in ("facts", "basis", "view", "outcome")}
    tasks = [{"task_kind": "remedy", "task_what": told["remedy"], "task_due": told["within"]}]
    yield {
        "day": answered,
        "by": by,
        "do": "issue-opinion",
        "signed_by": told["head"],
        "answers": [{"request": request, **answer}],
        **({"tasks": tasks} if told["within"] else {}),
    }
    yield {"day": answered + 2, "by": by, "do": "serve", "way": WAYS[answered % len(WAYS)]}
    if "done" in told:
        yield {"day": told["done"], "by": by, "do": "report-carried-out", "note": told["note"]}
        if "disputed" in told:
            yield {
                "day": told["done"] + 3,
                "by": "author",
                "do": "dispute-carried-out",
                "comment": told["disputed"],
            }
    yield {"after": "review-request", "by": "clerk", "do": "lapse"}


def assess(told: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Issue, object to and decide on the assessments of the year before, as far as their days have come."""
    zone = ZoneInfo(law.at(now)[0].zone)
    year = law.at(now)[1].year - 1

    def moment(day: list[int]) -> datetime:
        return datetime.combine(date(year + 1, *day), AT, zone)

    for each in told:
        body = Body.objects.get(code=each["body"])
        at = moment(each["on"])
        if at > now:
            continue
        issued = _must(assessment_steps.issue(_acting(each["by"], at), body, year, now, at))
        said = each.get("objection")
        if not said or (at := moment(said["on"])) > now:
            continue
        objection = _must(
            assessment_steps.object_to(
                issued, said["item"], said["reasons"], acting=_acting(said["by"], at), now=now, at=at
            )
        )
        said = each["decision"]
        if (at := moment(said["on"])) <= now:
            acting = _acting(said["by"], at)
            _must(
                assessment_steps.decide(
                    objection, said["decided"], said["reasons"], acting=acting, now=now, at=at
                )
            )


def _acting(login: str, at: datetime) -> Acting:
    return Acting(Officer.objects.get(login=login), law.at(at)[1])


def _must(made: Any) -> Any:
    if isinstance(made, Refusal):
        raise Impossible(f"assessment: {made.code}: {made.reason.en} {dict(made.fields)}")
    return made
