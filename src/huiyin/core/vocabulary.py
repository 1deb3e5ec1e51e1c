"""The closed vocabulary that every rulebook is written in.

A rulebook is data; what its words can mean is fixed here. A verb, role, kind or
content type that is not in this file is refused when the rulebook is loaded, so the law never
says something that the house silently ignores. Guards and effects stand in
`conditions.py`, the marks of a case in `marks.py`.
"""

from __future__ import annotations

from typing import Literal, get_args

from huiyin.core.text import Text

# Verb (imperative, what a door asks for) -> event (past, what the ledger says).
VERBS: dict[str, str] = {
    "lodge": "lodged",
    "register": "registered",
    "split": "split",
    "classify": "classified",
    "treat-as-report": "treated-as-report",
    "take-simple": "simple-taken",
    "leave-simple": "simple-left",
    "warn-of-danger": "danger-warned",
    "report-urgent": "urgent-reported",
    "end-danger": "danger-ended",
    "transfer": "transferred",
    "assign": "assigned",
    "object": "objected",
    "return": "returned",
    "reject-objection": "objection-rejected",
    "acknowledge": "acknowledged",
    "acknowledge-hand-over": "hand-over-acknowledged",
    "accept": "accepted",
    "accept-duty": "accepted-as-duty",
    "issue-duty-answer": "duty-answer-issued",
    "set-out-requests": "requests-set-out",
    "add-request": "request-added",
    "decline": "declined",
    "no-longer-accept": "no-longer-accepted",
    "divert": "diverted",
    "take-up-again": "taken-up-again",
    "ask-upwards": "upwards-asked",
    "present-upwards": "upwards-presented",
    "challenge": "challenged",
    "order-acceptance": "acceptance-ordered",
    "uphold-refusal": "refusal-upheld",
    "extend": "extended",
    "open-hearing": "hearing-opened",
    "close-hearing": "hearing-closed",
    "ask-hearing": "hearing-requested",
    "refuse-hearing": "hearing-refused",
    "call-hearing": "hearing-announced",
    "call-off-hearing": "hearing-called-off",
    "adjourn-hearing": "hearing-adjourned",
    "end-sitting": "sitting-ended",
    "conclude-hearing": "hearing-concluded",
    "offer-mediation": "mediation-offered",
    "agree-mediation": "mediation-agreed",
    "decline-mediation": "mediation-declined",
    "record-mediation": "mediation-recorded",
    "end-mediation": "mediation-ended",
    "propose-settlement": "settlement-proposed",
    "agree-settlement": "settlement-agreed",
    "decline-settlement": "settlement-declined",
    "revoke-settlement": "settlement-revoked",
    "settle": "settled",
    "declare-recusal": "recusal-declared",
    "ask-recusal": "recusal-requested",
    "record-recusal": "recusal-recorded",
    "grant-recusal": "recusal-granted",
    "refuse-recusal": "recusal-refused",
    "pass-up-recusal": "recusal-passed-up",
    "close-recusal": "recusal-without-object",
    "hand-up": "handed-up",
    "ask-author": "author-asked",
    "answer-question": "question-answered",
    "commission-expert": "expert-commissioned",
    "record-expert": "expert-opinion-recorded",
    "submit-opinion": "opinion-submitted",
    "countersign": "opinion-countersigned",
    "send-back-opinion": "opinion-sent-back",
    "begin-test": "test-begun",
    "prolong-test": "test-prolonged",
    "run-on": "test-time-counted",
    "end-test": "test-ended",
    "interim-reply": "interim-replied",
    "issue-opinion": "opinion-issued",
    "import-opinion": "opinion-imported",
    "bring-in": "brought-in",
    "answer-suggestion": "suggestion-answered",
    "post-to-page": "posted",
    "serve": "served",
    "deliver-notice": "notice-delivered",
    "deem-served": "served",
    "report-back": "reported-back",
    "request-review": "review-requested",
    "issue-review-opinion": "review-opinion-issued",
    "order-redo": "redo-ordered",
    "request-rereview": "rereview-requested",
    "issue-rereview-opinion": "rereview-opinion-issued",
    "report-carried-out": "carrying-out-reported",
    "confirm-carried-out": "carrying-out-confirmed",
    "dispute-carried-out": "carrying-out-disputed",
    "add-information": "information-added",
    "remark": "remarked",
    "write-author": "author-written-to",
    "write-back": "author-wrote-back",
    "invite": "meeting-offered",
    "accept-invitation": "invitation-accepted",
    "decline-invitation": "invitation-declined",
    "record-meeting": "meeting-recorded",
    "leader-reads": "read-by-leader",
    "leader-instructs": "leader-instructed",
    "name-leader": "leader-named",
    "leader-met": "leader-met-author",
    "adopt-plan": "plan-adopted",
    "leader-reports": "leader-reported",
    "confer": "conference-decided",
    "rate": "rated",
    "request-withdrawal": "withdrawal-requested",
    "revoke-withdrawal": "withdrawal-revoked",
    "withdraw": "withdrawn",
    "lapse": "remedy-lapsed",
    "breach": "clock-missed",
    "recompute": "due-date-recomputed",
    "entrust": "entrusted",
    "unassign": "unassigned",
    "unseal": "seal-opened",
    "ask-opening": "opening-asked",
    "allow-opening": "opening-allowed",
    "refuse-opening": "opening-refused",
    "lapse-opening": "opening-lapsed",
    "record-demand": "identity-demanded",
    "record-kept-demand": "identity-demanded-kept",
    "agree-demand": "demand-agreed",
    "grant-demand": "demand-granted",
    "refuse-demand": "demand-refused",
    "lapse-demand": "demand-lapsed",
    "answer-demand": "opened-for-demand",
    "tell-demand": "demand-told",
    "tell-kept-demand": "kept-demand-told",
    "record-conflict": "conflict-recorded",
    "dispatch": "notice-sent",
    "ask-new-key": "new-key-asked",
    "send-new-key": "new-key-sent",
    "refuse-new-key": "new-key-refused",
    "object-new-key": "new-key-objected",
    "enforce-new-key": "new-key-in-force",
    "send-first-key": "first-key-sent",
    "end-first-key": "first-key-over",
    "tally-signatures": "signatures-tallied",
    "link-matter": "matter-linked",
    "unlink-matter": "matter-unlinked",
    "propose-publication": "publication-proposed",
    "approve-publication": "publication-approved",
    "refuse-publication": "publication-refused",
    "object-to-publication": "publication-objected",
    "publish-opinion": "opinion-published",
    "withdraw-publication": "publication-withdrawn",
    "succeed": "succeeded",
    "take-over": "taken-over",
    "raise-dispute": "dispute-raised",
    "settle-competence": "competence-settled",
    "call-in": "called-in",
    "contribute": "contributed",
    "go-on-without": "gone-on-without",
    "find-evasive": "evasion-found",
    "find-unanswered": "unanswered-found",
    "supervise": "supervised",
    "answer-supervision": "supervision-answered",
    "escalate-supervision": "supervision-escalated",
    "close-supervision": "supervision-closed",
    "confirm-crossing": "crossing-confirmed",
    "refuse-crossing": "crossing-refused",
    "call-back": "called-back",
    "recall": "crossing-recalled",
    "confirm-late": "crossing-confirmed-late",
    "settle-recall": "recall-settled",
    "close-anew": "seals-closed-anew",
    "hear-partner": "partner-heard",
    "hear-report": "partner-reported-back",
    "hear-objection": "partner-objected",
    "end-crossing": "crossing-ended",
}

ROLES = frozenset(
    {
        "author",  # 信访人, who holds the key
        "registrar",  # 登记人, takes in and registers, sorts at a petition office
        "handler",  # 经办人
        "head",  # 负责人, approves an extension (art. 34)
        "reviewer",  # 复查、复核人员
        "leader",  # 领导: reads letters, answers for a hard matter (arts. 18.2, 40)
        "supervisor",  # 督办
        "custodian",  # 保管员, second person for an opening
        "auditor",  # 审计员
        "administrator",  # keeps bodies, officers and roles
        "recorder",  # enters what an external body answered by letter
        "clerk",  # the house itself: lapses, breaches, reckoning anew
        "courier",  # the house itself: sends notices
        "importer",  # the replay of an imported data set
    }
)

# The two roles that nobody is given: they are what the house does without a person.
AUTOMATIC_ROLES = frozenset({"clerk", "courier", "importer"})

# The roles of people who serve at a body.
OFFICERS = ROLES - AUTOMATIC_ROLES - {"author", "recorder"}

BODY_KINDS = ("office", "organ", "discipline", "judicial", "conference")
# Whatever its kind, a body that another installation keeps: a target of its own.
PARTNER = "partner"
PETITION_KINDS = ("suggestion", "report", "claim")
STAGES = ("handling", "review", "rereview")

# What a task may be about (charter 4): each is bound to a remedy, a notice, a hearing, a site check or a
# reception place. There is no kind that has a person as its object.
TASK_KINDS = ("remedy", "notice", "hearing", "site-check", "reception-place")

ContentType = Literal[
    "text",
    "choice",
    "body",
    "bodies",
    "officer",
    "date",
    "days",
    "rows",
    "ref",
    "flag",
    "clock",
    "number",
    "task",
    "letter",
]
CONTENT_TYPES: tuple[str, ...] = get_args(ContentType)

# How well the source was read (procedure facts): in full, in part, or from memory only.
EVIDENCE = ("full", "partial", "memory")
# Law: counts as legal lateness. Order: a term that an authority set in one case. House: the operator's own
# promise, never counted as legal lateness.
CLOCK_KINDS = ("law", "order", "house")
CLOCK_KIND_WORDS: dict[str, Text] = {
    "law": Text("法定期限", "a term of the law"),
    "order": Text("交办、督办确定的期限", "a date set by order"),
    "house": Text("本系统自己的期限，不算法定逾期", "the house's own term, never counted as late by law"),
}
# How carrying out stands (art. 32).
REMEDIES = ("promised", "due", "reported", "disputed", "confirmed")
# What passing the due date means: a body's breach, the end of one remedy, or a waited-for effect.
ON_DUE = ("breach", "lapse", "effect")
# The moves that stop a clock, and the ground on which that time is not counted.
PAUSES = {"open-hearing": "hearing", "begin-test": "test"}
# Where a rule stands: in the law of the whole country, or in one of a part of it.
BASES = ("national", "local")
# What a new version does to petitions lodged before it: they keep the older one, or go on under the new one.
PENDING = ("keep", "pass-over")
# What a clause of the law can be carried out by, each named after a colon.
CARRIED_BY = ("move", "clock", "guard", "effect", "state", "page", "command", "doc", "test")
# Why one is left out: software cannot do it, the charter forbids it, or it is not built.
LEFT_OUT = ("outside", "charter", "not-yet")
