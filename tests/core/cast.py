"""The cast of the core's tests, once: bodies of a small county, people with one role each, a story to walk.

Petra petitions. Rita registers at the petition office, Otto handles at the bureau and Hanna heads it; Vera
reviews at the county, Viktor at the city. The house itself is the clerk, the courier and the importer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from huiyin.core import calendar, procedure, rulebook
from huiyin.core.case import Actor, After, Body, Case, Clock, Move, Prior, Situation
from huiyin.core.clock import Reckoning
from huiyin.core.refusal import Refusal

CITY = Body("city", "organ")
COUNTY = Body("county", "organ", ("city",))
OFFICE = Body("office", "office", ("city",))
COUNTY_OFFICE = Body("county-office", "office", ("county", "city"))
BUREAU = Body("bureau", "organ", ("county", "city"))
STATION = Body("station", "organ", ("bureau", "county", "city"))
ROADS = Body("roads", "organ", ("county", "city"))
DISCIPLINE = Body("discipline", "discipline", ("city",))
COURT = Body("court", "judicial", (), external=True)
CONFERENCE = Body("conference", "conference", ("city",))
BODIES = {
    b.code: b
    for b in (CITY, COUNTY, OFFICE, COUNTY_OFFICE, BUREAU, STATION, ROADS, DISCIPLINE, COURT, CONFERENCE)
}
OF_KIND = {
    "office": OFFICE,
    "organ": BUREAU,
    "discipline": DISCIPLINE,
    "judicial": COURT,
    "conference": CONFERENCE,
}


def holds(name: str, *roles: str) -> Actor:
    """Somebody with these roles everywhere; '' is the author or the house itself."""
    return Actor(name, roles=frozenset(roles))


PETRA = holds("", "author")
RITA = holds("rita", "registrar")
OTTO = holds("otto", "handler")
HANNA = holds("hanna", "head")
LENA = holds("lena", "leader")
VERA = holds("vera", "reviewer")
VIKTOR = holds("viktor", "reviewer")
CLERK = holds("", "clerk")
IMPORTER = holds("", "importer")

LAWS = {book.id: book for book in rulebook.all_rulebooks()}
CN22, CN05, UK = LAWS["cn-2022"], LAWS["cn-2005"], LAWS["uk-housing-2024"]
# A local law is its base but for what it says: what holds for every row of the base is not asked of it again.
WHOLE = {name: book for name, book in LAWS.items() if book.jurisdiction not in {"cn-zj", "cn-bj"}}
INDIA, SAMR = LAWS["in-cpgrams-2024"], LAWS["cn-samr-2022"]
CALENDARS = {book.id: calendar.load(book.calendar) for book in LAWS.values()}

FINDINGS = {"request": "a refund", "facts": "it was paid twice", "view": "granted", "basis": "art. 5"}
CLAUSES = [{"side": "body", "task_kind": "remedy", "task_what": "pay it back", "task_due": "2027-01-01"}]
OPINION = {**FINDINGS, "outcome": "support", "answers": [{**FINDINGS, "outcome": "support"}]}
REVIEW = {**FINDINGS, "review_outcome": "uphold", "findings": [FINDINGS]}
SEATS = [{"seat": "chair", "function_held": "deputy head", "stood_apart": True}]
SAID: dict[str, dict[str, Any]] = {
    "object": {"reasons": "roads are not ours"},
    "return": {"reasons": "agreed"},
    "reject-objection": {"reasons": "they are"},
    "decline": {"ground": "not-competent", "reasons": "not ours", "redirect": "the court"},
    "no-longer-accept": {
        "prior": "R0",
        "comparison": [
            {"request": "refund", "same_facts": True, "same_reasons": True, "comparison_why": "word for word"}
        ],
        "reasons": "decided three times",
    },
    "divert": {"route": "court", "reasons": "a lawsuit is pending", "redirect": "the court"},
    "order-acceptance": {"reasons": "it is theirs"},
    "uphold-refusal": {"reasons": "rightly refused"},
    "answer-suggestion": {"adoption": "part", "reasons": "the first half"},
    "extend": {"days": "30", "reasons": "an expert is needed"},
    "refuse-hearing": {"reasons": "the facts are clear"},
    "call-hearing": {
        "hour": "9:00",
        "hearing_place": "room 2",
        "openness": "public",
        "reasons": "disputed facts",
        "seats": SEATS,
    },
    "call-off-hearing": {"reasons": "both sides agree"},
    "open-hearing": {"note": "in public"},
    "adjourn-hearing": {"reasons": "an expert is to come", "hour": "9:00", "hearing_place": "room 2"},
    "close-hearing": {"hearing_minutes": "both sides spoke", "author_side": "with-helper", "seats": SEATS},
    "declare-recusal": {"recusal_ground": "own-act"},
    "ask-recusal": {"recusal_ground": "own-interest"},
    "grant-recusal": {"reasons": "it is so"},
    "refuse-recusal": {"reasons": "it is not so"},
    "offer-mediation": {"mediator": "a mediator of the county", "note": "the sum is disputed"},
    "record-mediation": {"mediation_record": "they talked"},
    "end-mediation": {"reasons": "no agreement"},
    "propose-settlement": {"clauses": CLAUSES},
    "ask-author": {"needed": "the receipt", "answer_by": "2027-01-01"},
    "answer-question": {"information": "here it is"},
    "commission-expert": {"expert": "a surveyor", "question": "why?", "answer_by": "2027-01-01"},
    "record-expert": {"expert_result": "the cable"},
    "conclude-hearing": {"conclusion": "it was paid twice"},
    "accept": {"requests": [{"request": "a refund"}]},
    "set-out-requests": {"requests": [{"request": "a refund"}]},
    "add-request": {"request": "an apology"},
    "remark": {"remark": "the file came", "remark_later": "the file came"},
    "submit-opinion": OPINION,
    "send-back-opinion": {"reasons": "say which day"},
    "issue-opinion": OPINION,
    "import-opinion": {"reply": "as given"},
    "issue-review-opinion": REVIEW,
    "issue-rereview-opinion": REVIEW,
    "order-redo": {"findings": [FINDINGS], "reasons": "nobody looked", "redo_by": "2026-04-15"},
    "report-back": {"report": "done"},
    "report-carried-out": {"note": "refunded"},
    "dispute-carried-out": {"comment": "no money came"},
    "add-information": {"information": "a receipt"},
    "invite": {
        "meet_on": "2026-04-03",
        "meet_at": "9:30",
        "meet_place": "reception hall",
        "official": "Hanna, head",
    },
    "record-meeting": {"met_on": "2026-03-02", "present": "Hanna, head", "said": "the street is dark"},
    "leader-instructs": {"instruction": "have it mended"},
    "name-leader": {"leader": "Lena, deputy"},
    "leader-met": {"met_on": "2026-03-02", "present": "Lena, deputy", "said": "what is missing"},
    "adopt-plan": {
        "plan": "dig up the cable",
        "tasks": [{"task_kind": "remedy", "task_what": "a new cable", "task_due": "2026-04-10"}],
    },
    "leader-reports": {"progress": "half is done"},
    "confer": {
        "met_on": "2026-03-02",
        "present": "bureau, roads",
        "minutes": "what was said",
        "decision": "roads pays",
    },
    "send-new-key": {"key_way": "post"},
    "bring-in": {"old_system": "the older system", "old_number": "X-17"},
    "send-first-key": {"key_way": "post"},
    "refuse-new-key": {"reasons": "The address under seal is not theirs any more."},
    "rate": {"rating": "satisfied"},
    "request-withdrawal": {"pressed": "no"},
    "dispatch": {"channel": "e-mail"},
    "entrust": {"officer": "otto"},
    "split": {
        "parts": [
            {"part_kind": "claim", "part_subject": "the lamp", "part_text": "Mend the lamp."},
            {"part_kind": "report", "part_subject": "the official", "part_text": "He took money."},
        ],
        "reasons": "a claim and a report",
    },
    "take-simple": {"fits": "clear", "checked": "none", "reasons": "a lamp"},
    "leave-simple": {"reasons": "two bodies are needed"},
    "ask-upwards": {"point": "it was promised in May", "coming": "yes"},
    "present-upwards": {
        "presenter": "deputy head",
        "meet_on": "2026-04-01",
        "meet_at": "09:30",
        "meet_place": "county hall",
    },
    "warn-of-danger": {"danger": "life", "danger_place": "the wall"},
    "report-urgent": {
        "danger": "life",
        "danger_place": "the wall",
        "can_avert": "housing bureau",
        "measures": "fenced off",
    },
    "end-danger": {"measures": "rebuilt"},
    "link-matter": {"reasons": "the same road"},
    "raise-dispute": {"reasons": "roads are the road bureau's"},
    "settle-competence": {"reasons": "the list of duties, item 41"},
    "call-in": {"share": "the state of the road"},
    "contribute": {"contribution": "the road was measured"},
    "go-on-without": {"reasons": "no answer came"},
    "classify": {"sorting": "opinion", "aided": "followed", "reasons": "nothing else fits"},
    "treat-as-report": {"reasons": "an official took money"},
    "accept-duty": {"own_law": "building law, art. 64"},
    "issue-duty-answer": {
        "request": "pull it down",
        "facts": "no permit",
        "done": "an order was given",
        "basis": "building law, art. 64",
        "law_remedy": "reconsideration within 60 days",
    },
    "unseal": {"purpose": "serve", "words": "to post the opinion"},
    "find-evasive": {"evasion": "shirked", "reasons": "three bodies, no answer"},
    "supervise": {
        "addressee": "holder",
        "finding": "late",
        "required": "answer in writing",
        "term": "2026-04-01",
    },
    "answer-supervision": {"correction": "answered today"},
    "escalate-supervision": {"required": "answer in writing", "term": "2026-04-01"},
    "propose-publication": {"publication_text": "it was [hidden] twice"},
    "approve-publication": {"publication_text": "it was [hidden] twice"},
    "refuse-publication": {"reasons": "it tells who it is"},
    "withdraw-publication": {"reasons": "it tells who it is"},
    "close-supervision": {"supervision_result": "corrected", "reasons": "answered"},
}

UK_SAID: dict[str, dict[str, Any]] = {
    **SAID,
    "acknowledge": {"definition": "no heating for a week"},
    "extend": {"days": "10", "reasons": "an expert is needed", "ombudsman": "0300 111 3000"},
    "decline": {
        "ground": "legal-proceedings",
        "reasons": "a claim was filed in May",
        "redirect": "the county court",
        "ombudsman": "0300 111 3000",
    },
    "take-up-again": {"reasons": "the Ombudsman says so"},
    "issue-opinion": {
        "definition": "no heating for a week",
        "outcome": "support-part",
        "reasons": "the repair was late (repairs policy, 4.2)",
        "remedy": "fifty pounds",
        "actions": "a new boiler by June",
        "escalation": "write to us",
    },
}
UK_SAID["issue-review-opinion"] = {**UK_SAID["issue-opinion"], "ombudsman": "0300 111 3000"}
INDIA_SAID: dict[str, dict[str, Any]] = {
    **SAID,
    "register": {"problem": "pension stopped"},
    "transfer": {"reasons": "pensions are paid by the other body"},
    "decline": {"ground": "rti", "reasons": "a request for a file", "redirect": "the information officer"},
    "interim-reply": {"reasons": "the bank has not answered", "term": "2026-04-30"},
}
SAMR_SAID: dict[str, dict[str, Any]] = {
    **SAID,
    "extend": {"days": "15", "reasons": "a warehouse elsewhere"},
    "begin-test": {
        "laboratory": "the provincial laboratory",
        "test_terms": "half each",
        "term": "2026-04-30",
    },
    "prolong-test": {"reasons": "a second sample", "term": "2026-05-30"},
    "end-test": {"test_result": "it is not gold"},
    "ask-recusal": {"recusal_ground": "kin"},
    "record-recusal": {"recusal_ground": "kin", "note": "by telephone"},
    "declare-recusal": {"recusal_ground": "interest"},
    "issue-opinion": {"result": "agreement", "filing": "filed", "reasons": "both agreed"},
}
WORDS = {
    "cn": SAID,
    "cn-zj": SAID,
    "cn-bj": SAID,
    "uk-housing": UK_SAID,
    "in-cpgrams": INDIA_SAID,
    "cn-samr": SAMR_SAID,
}


def case(state: str = "registered", holder: Body = BUREAU, **changes: Any) -> Case:
    """A case as it may stand in some state."""
    made = Case("R1", "cn", "claim", state, holder, senders=(OFFICE,), handled_by="bureau")
    return replace(made, **changes)


def clock(name: str, due: date, **changes: Any) -> Clock:
    """A running clock that ends on a day."""
    made = Clock(
        seq=1,
        name=name,
        rulebook="cn-2022",
        article="34",
        unit="day",
        days=60,
        roll="next-workday",
        on_due="breach",
        kind="law",
        start=date(2026, 1, 1),
        reckoning=Reckoning(date(2026, 1, 1), due, due, (), False),
    )
    return replace(made, **changes)


def situation(law: str = "cn-2022", today: date = date(2026, 3, 2), **changes: Any) -> Situation:
    return Situation(rulebook=LAWS[law], calendar=CALENDARS[law], today=today, **changes)


def answers(*requests: str, outcome: str = "support") -> list[dict[str, str]]:
    """One answer for each request."""
    return [{**FINDINGS, "request": request, "outcome": outcome} for request in requests]


class Story:
    """One petition and its way, a move at a time; each move must be allowed unless `refused` asks."""

    def __init__(
        self,
        at: Body = OFFICE,
        day: date = date(2026, 3, 2),
        *,
        kind: str = "claim",
        law: str | None = None,
        jurisdiction: str = "cn",
        accused: frozenset[str] = frozenset(),
        imported: bool = False,
    ) -> None:
        self.day, self.law = day, law
        self.prior: Prior | None = None
        first = Case("R1", jurisdiction, kind, "", at, accused=accused, imported=imported)
        self.case = first
        made = procedure.lodge(first, PETRA, self.situation())
        assert isinstance(made, After), made
        self.case = made.case

    @property
    def book(self) -> rulebook.Rulebook:
        """The version that decides today, unless the story is told under one law."""
        return LAWS[self.law] if self.law else rulebook.in_force(self.case.jurisdiction, self.day)

    def situation(self, target: Body | None = None, actor: str = "") -> Situation:
        above = self.case.holder.chain
        return Situation(
            rulebook=self.book,
            calendar=CALENDARS[self.book.id],
            today=self.day,
            target=target,
            superiors=(BODIES[above[0]],) if above else (),
            prior=self.prior,
            officer_bodies=frozenset({self.case.holder.code}),
            actor=actor,
        )

    def on(self, month: int, day: int, year: int = 2026) -> Story:
        self.day = date(year, month, day)
        return self

    def _try(self, verb: str, actor: Actor, contents: Mapping[str, Any]) -> After | Refusal:
        target = BODIES.get(str(contents.get("body", "")))
        usual = WORDS[self.case.jurisdiction].get(verb, {})
        said = {**{name: usual[name] for name in self._asked(verb) if name in usual}, **contents}
        if verb in {"call-hearing", "adjourn-hearing"}:
            said = {"hearing_on": (self.day + timedelta(days=7)).isoformat(), **said}
        if verb == "serve":
            said = {"served_on": self.day.isoformat(), "way": "post", **contents}
        return procedure.apply(self.case, Move(verb, said), actor, self.situation(target, actor.id))

    def _asked(self, verb: str) -> set[str]:
        """What the rows of that verb ask for, in this state and class: one verb may ask differently there."""
        rows = [r for r in self.book.rows_of(verb) if self.book.covers(self.case.state, r)]
        kind = [r for r in rows if not r.kinds or self.case.kind in r.kinds]
        return {content.name for row in kind or rows for content in row.contents}

    def do(self, verb: str, actor: Actor, **contents: Any) -> Story:
        made = self._try(verb, actor, contents)
        assert isinstance(made, After), f"{verb}: {made}"
        self.case = made.case
        return self

    def refused(self, verb: str, actor: Actor, **contents: Any) -> str:
        """The code of the refusal; the case stays as it was."""
        made = self._try(verb, actor, contents)
        assert isinstance(made, Refusal), f"{verb} was allowed"
        return made.code

    def clock(self, name: str) -> Clock:
        found = self.case.latest(name)
        assert found is not None, f"no clock {name}"
        return found

    @property
    def way(self) -> list[str]:
        """The bodies it came through, and where it is."""
        return [body.code for body in (*self.case.senders, self.case.holder)]

    @property
    def live(self) -> set[str]:
        return {c.name for c in self.case.clocks if c.is_live}

    def hear(self, actor: Actor) -> Story:
        """Call a hearing and, a week later, open it."""
        self.do("call-hearing", actor)
        self.day += timedelta(days=7)
        return self.do("open-hearing", actor)

    # -- the way so far

    def accepted(self) -> Story:
        """Registered at the office, sent to the bureau and taken up there, all on one day."""
        return self.do("register", RITA).do("transfer", RITA, body="bureau").do("accept", OTTO)

    def served(self, **opinion: Any) -> Story:
        """Decided and served on one day."""
        return self.accepted().opinion(**opinion).do("serve", OTTO)

    def opinion(self, *, outcome: str = "support", by: Actor = OTTO, **more: Any) -> Story:
        """Drafted, signed and issued on one day, in the way the law of the day asks for."""
        if not self.book.rows_of("submit-opinion"):
            return self.do("issue-opinion", by, outcome=outcome, **more)
        if not self.case.requests:
            self.do("set-out-requests", by)
        said = {"answers": answers(*self.case.requests, outcome=outcome), **more}
        return self.do("submit-opinion", by, **said).do("countersign", HANNA).do("issue-opinion", by, **said)

    def reviewed(self) -> Story:
        self.served().do("request-review", PETRA)
        return self.do("issue-review-opinion", VERA).do("serve", VERA)
