"""The closed vocabulary that every rulebook is written in.

A rulebook is data; what its words can mean is fixed here. A verb, role, guard, effect or
content type that is not in this file is refused when the rulebook is loaded, so the law never
says something that the house silently ignores.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in the languages of the house."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """Answer the sentence in Chinese for any `zh…` tag, else in English."""
        return self.zh if language.lower().startswith("zh") else self.en

    def __str__(self) -> str:
        return self.en

    def format(self, **values: object) -> Text:
        """Fill in values; a `Text` or a day is said in the language of the sentence around it."""
        said = {k: Text.of_day(v) if isinstance(v, date) else v for k, v in values.items()}
        zh = {k: v.zh if isinstance(v, Text) else v for k, v in said.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in said.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))

    @classmethod
    def of_day(cls, day: date) -> Text:
        """2026年12月7日, 7 December 2026: as letters write it, without the weekday."""
        return cls(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}")


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
    "answer-suggestion": "suggestion-answered",
    "post-to-page": "posted",
    "serve": "served",
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
    "tally-signatures": "signatures-tallied",
    "link-matter": "matter-linked",
    "unlink-matter": "matter-unlinked",
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
        "custodian",  # 保管人, second person for an opening
        "auditor",  # 审计人
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
PETITION_KINDS = ("suggestion", "report", "claim")
STAGES = ("handling", "review", "rereview")

GUARDS = frozenset(
    {
        "in-time",  # :clock — the author's or body's own term has not run out
        "is-due",  # :clock — the term has run out
        "not-running",  # :clock — no clock of that name runs
        "posting-day",
        "running",  # :clock — a clock of that name is running and not past due
        "named-clock-is-late",  # the clock named in the contents is past due and still running
        "named-clock-changes",
        "not-extended",
        "different-person",
        "next-higher-body",
        "not-the-accused",
        "inside",  # the target body is served by this installation
        "not-itself",
        "served-rereview",
        "comparison-complete",
        "prior-still-in-time",
        "service-day-possible",
        "term-ahead",
        "hearing-open",
        "no-hearing-open",
        "withdrawing",
        "not-withdrawing",
        "remedy-due",
        "remedy-reported",
        "remedy-unsettled",
        "tasks-ahead",
        "hearing-announced",
        "hearing-ahead",
        "seats-in-order",
        "somebody-in-charge",
        "not-oneself",
        "recusal-decided",
        "not-recused",
        "without-object",  # a request for recusal waits, and nobody is in charge whom it could be about
        "nobody-left",  # whoever could decide it at the holder has stepped back
        "no-giving-up",
        "another-hand",  # of those who ask, decide and open nobody does two
        "own-opening",
        "as-allowed",
        "custodian-there",
        "auditor-there",
        "kept-for-a-time",
        "somewhere-else",  # a body that the report does not touch can take it
        "purpose-serves",  # the words of an opening name no purpose of stability or holding back
        "mediation-kept-apart",
        "answer-ahead",
        "body-does-something",
        "others-agreed",  # those who are represented consent to what is settled
        "imported",
        "officer-of-holder",
        "above-addressee",
        "supervises",
        "above-supervisor",
        "requests-listed",
        "requests-unlisted",
        "all-requests-answered",
        "as-submitted",
        "not-the-drafter",
        "redo-ahead",
        "not-the-same-again",
        "alone",
        "is-successor",
        "has-arbiter",  # a body above both, or a joint conference
        "bounced",
        "above-both",
        "not-called-in",
        "owes-contribution",
        "contribution-late",
        "contributions-in",
        "counted",
        "meeting-ahead",
        "meeting-past",
        "no-home",
        "act-by-ahead",
        "hard-matter",
        "whole",  # it is no part of another, and was not imported
        "fits-simple",  # nothing that the case knows speaks against the simple track
        "prior-late",  # the body for whose sake it was declined is not in time any more
        "as-sorted",  # the move is of the class and route that the petition was sorted into
        "left-behind",  # another part of the same letter was answered, and nothing runs for this one
        "sorted-first",  # where its author was not sure which class it is, somebody has sorted it
        "report-kept",  # a report that is split keeps a part that is a report
        "requests-kept",  # of what was asked for nothing is lost by splitting
    }
)

# The guards that are asked about one clock of the rulebook, named after a colon.
CLOCK_GUARDS = frozenset({"in-time", "is-due", "running", "not-running"})

# The term after which what was posted on the petition's page counts as served, and how that is said.
POSTING, POSTED = "served-posting", "posted"

EFFECTS = frozenset(
    {
        "to-target",
        "to-superior",
        "back-to-sender",
        "back-to-receiver",
        "back-to-handler",
        "take-up",
        "promise",
        "make-tasks",
        "ask-recusal",
        "recuse-actor",
        "recuse-in-charge",
        "hand-up",
        "propose-tasks",
        "drop-promised",
        "mark-remedy-reported",
        "mark-remedy-confirmed",
        "mark-remedy-disputed",
        "start-withdrawal",
        "stop-withdrawal",
        "open-hearing",
        "close-hearing",
        "miss-named-clock",
        "recompute-named-clock",
        "entrust",
        "set-issued",
        "keep-prior",
        "show-superior",  # the registry lets the superior and the joint conference see it
        "to-successor",
        "to-arbiter",
        "settle-dispute",
        "call-in",
        "contribute",
        "go-on-without",
        "set-class",
        "make-report",
        "add-accused",
        "move-away",
        "set-out-requests",
        "add-request",
        "file-parts",  # the registry puts each part on record: core/parts.py
    }
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A small fact of law about one case: what is told when it is missing, and when it stands in the way."""

    missing: Text
    present: Text


# What a case may be marked with, by name. Facts of the procedure alone: never one about a person (charter 1).
# A row asks for them with `when` and leaves them with the effects below.
MARKS: dict[str, Mark] = {
    "pressure": Mark(
        Text("不是关于因信访受到压力的举报", "it is no report of pressure for having petitioned"),
        Text("这是关于因信访受到压力的举报", "it is a report of pressure for having petitioned"),
    ),
    "unsure": Mark(
        Text("信访人没有说不确定是哪一类", "its author did not say that they are unsure"),
        Text("信访人不确定这是哪一类", "its author is not sure which class it is"),
    ),
    "recusal-asked": Mark(
        Text("没有待决定的回避申请", "no request for recusal waits for a decision"),
        Text("回避申请还在等待决定", "a request for recusal waits for its decision"),
    ),
    "recusal-refused": Mark(
        Text("没有被驳回的回避申请", "no request for recusal was refused"),
        Text(
            "回避申请已被驳回，可以向上一级机关再申请一次",
            "it was refused; the body above may be asked once",
        ),
    ),
    "recusal-upward": Mark(
        Text("没有由上一级机关决定的回避申请", "no request for recusal is with the body above"),
        Text("回避申请正由上一级机关决定", "the body above decides on the request for recusal"),
    ),
    "recusal-settled": Mark(
        Text("上一级机关没有作过回避决定", "the body above has not decided on a recusal"),
        Text(
            "上一级机关已经决定；换了经办人以后可以再申请",
            "the body above has decided; ask again about another officer",
        ),
    ),
    "stepped-back": Mark(
        Text("没有人回避", "nobody stepped back"), Text("已有人员回避", "somebody stepped back")
    ),
    # Opening the seal of a report, and another authority's demand: code of the body where the second person
    # serves, sign-in names of the officers who had a hand in it, and the purpose that was asked for.
    "opening-asked": Mark(
        Text("没有待决定的拆封申请", "no request to open waits for a decision"),
        Text("拆封申请还在等待保管员决定", "a request to open waits for the custodian"),
    ),
    "opening-allowed": Mark(
        Text(
            "拆封检举控告的身份信息须先经保管员同意",
            "the identity behind a report opens only once a custodian agrees",
        ),
        Text("拆封已经同意，还没有使用", "an opening is allowed and not used yet"),
    ),
    "purpose": Mark(
        Text("没有说明用途", "no purpose was named"), Text("已经说明用途", "a purpose was named")
    ),
    "hands": Mark(
        Text("没有人经手", "nobody had a hand in it"), Text("已有人经手", "somebody had a hand in it")
    ),
    "demanded": Mark(
        Text("没有待办的调取身份信息要求", "no demand for the identity is open"),
        Text("调取身份信息的要求还没有办结", "a demand for the identity is open"),
    ),
    "custodian-owes": Mark(
        Text("保管员已经决定", "the custodian has decided"),
        Text("还在等待保管员决定", "the custodian has not decided yet"),
    ),
    "demand-auditor": Mark(
        Text("没有等待审计员决定的要求", "no demand waits for the auditor"),
        Text("已定由审计员决定", "an auditor decides on a demand"),
    ),
    "auditor-owes": Mark(
        Text("没有等待审计员决定", "nothing waits for the auditor"),
        Text("还在等待审计员决定", "the auditor has not decided yet"),
    ),
    "demand-granted": Mark(
        Text("保管员和审计员没有都同意", "custodian and auditor have not both agreed"),
        Text("保管员和审计员都已同意", "custodian and auditor have both agreed"),
    ),
    "author-wrote": Mark(
        Text("没有待回复的留言", "no message of the petitioner waits for an answer"),
        Text("信访人的留言还没有回复", "a message of the petitioner waits for an answer"),
    ),
    "linked": Mark(
        Text("没有与其他信访件关联", "it is linked with no other petition"),
        Text("已经与同一事项的信访件关联", "it is linked with others on the same matter already"),
    ),
    "sent": Mark(
        Text("没有转送出去而对方未收下的", "nothing was sent on that is not taken"),
        Text("已经转送，对方尚未收下", "it was sent on and is not taken yet"),
    ),
    "mediation-offered": Mark(
        Text("没有待答复的调解提议", "no offer of mediation waits for an answer"),
        Text("调解提议还在等待信访人答复", "an offer of mediation waits for the petitioner's answer"),
    ),
    "mediating": Mark(
        Text("没有正在进行的调解", "no mediation is going on"), Text("调解还在进行", "mediation is going on")
    ),
    "mediated": Mark(
        Text("没有调解记录", "nothing was recorded of a mediation"),
        Text("有调解记录", "a record of a mediation is kept apart"),
    ),
    "settlement-proposed": Mark(
        Text("没有待信访人同意的协议", "no agreement waits for the petitioner's consent"),
        Text("协议还在等待信访人同意", "an agreement waits for the petitioner's consent"),
    ),
    "agreed-on": Mark(
        Text("还没有达成协议", "nothing is agreed"), Text("已经达成协议", "an agreement was made")
    ),
    "author-asked": Mark(
        Text("没有待补充的材料", "nothing was asked of the petitioner"),
        Text("已经请信访人补充", "the petitioner has been asked"),
    ),
    "expert-asked": Mark(
        Text("没有委托鉴定或者专家意见", "no expert opinion is commissioned"),
        Text("专家意见还没有作出", "an expert opinion is awaited"),
    ),
    "hearing-asked": Mark(
        Text("没有待答复的听证申请", "no request for a hearing waits for an answer"),
        Text("听证申请还在等待答复", "a request for a hearing waits for its answer"),
    ),
    "hearing-called": Mark(
        Text("没有已经公告的听证", "no hearing is announced"),
        Text("已经公告的听证还没有结束", "a hearing is announced and not over"),
    ),
    "hearing-held": Mark(
        Text("没有等待作出结论的听证", "no hearing waits for its conclusion"),
        Text("听证还没有作出结论", "the hearing has not been concluded"),
    ),
    "sat-on": Mark(
        Text("听证还没有开始", "no hearing has been opened"), Text("听证已经开始过", "a hearing was opened")
    ),
    "test-awaited": Mark(
        Text("没有逾期未出的检验鉴定结果", "no overdue test result is awaited"),
        Text("检验鉴定结果逾期未出", "an overdue test result is awaited"),
    ),
    "term": Mark(
        Text("没有定下检验鉴定的完成日期", "no day is set for a test"),
        Text("已定下检验鉴定的完成日期", "a day is set for the test"),
    ),
    "signatures": Mark(
        Text("不是联名信访事项", "it is not a joint petition"),
        Text("是联名信访事项", "it is a joint petition"),
    ),
    "invited": Mark(
        Text("没有待答复的见面邀请", "no invitation is waiting for an answer"),
        Text("已经约请见面，等信访人答复", "an invitation is waiting for the petitioner's answer"),
    ),
    "led": Mark(
        Text("还没有确定包案领导", "no responsible leader is named"),
        Text("已经确定包案领导", "a responsible leader is named already"),
    ),
    "leader-read": Mark(
        Text("领导还没有阅信", "no leader has read it"), Text("领导已经阅信", "a leader has read it already")
    ),
    "leader-met": Mark(
        Text("包案领导还没有与信访人见面", "the responsible leader has not met the petitioner"),
        Text("包案领导已经与信访人见面", "the responsible leader has met the petitioner"),
    ),
    "plan-adopted": Mark(
        Text("还没有化解方案", "no plan is adopted"), Text("已经有化解方案", "a plan is adopted already")
    ),
    "leader-reported": Mark(
        Text("包案领导还没有报告", "the responsible leader has not reported"),
        Text("包案领导已经报告", "the responsible leader has reported"),
    ),
    "conferred": Mark(
        Text("还没有会商", "no case conference has dealt with it"),
        Text("已经会商", "a case conference has dealt with it"),
    ),
    "rated": Mark(
        Text("还没有评价", "it has not been rated"), Text("已经评价过", "it has been rated already")
    ),
    "simple": Mark(
        Text("没有走简易办理", "it is not on the simple track"),
        Text("正在简易办理", "it is on the simple track"),
    ),
    "left-simple": Mark(
        Text("没有转为普通程序", "it was not put back on the ordinary track"),
        Text("已经转为普通程序", "it was put back on the ordinary track already"),
    ),
    "refused-for": Mark(
        Text("不是因为另一机关正在办理而没有受理", "it was not declined for another body's sake"),
        Text("因为另一机关正在办理而没有受理", "it was declined because another body handles it"),
    ),
    "asked-upwards": Mark(
        Text("信访人没有请求向上级反映", "the author has not asked to have it presented"),
        Text("已经请求向上级反映", "the author has asked already"),
    ),
    "danger": Mark(
        Text("没有人说明有紧急危险", "nobody has said that there is urgent danger"),
        Text("已经说明有紧急危险", "the danger is known already"),
    ),
    "danger-reported": Mark(
        Text("紧急情况还没有上报", "the danger was not reported up yet"),
        Text("紧急情况已经上报", "the danger was reported up already"),
    ),
    "returned": Mark(
        Text("没有被交还过", "it was never given back"), Text("已经被交还过", "it was given back before")
    ),
    # Supervision (art. 40): about bodies. The path of codes to the body that must answer, the code of the
    # body that wrote last and how many levels it stands above, and the day on which a body was found evasive.
    "supervised": Mark(
        Text("没有未了结的督办", "no letter of supervision is open"),
        Text("已有未了结的督办", "a letter of supervision is open already"),
    ),
    "supervising": Mark(
        Text("没有督办单位", "no body supervises it"), Text("已有督办单位", "a body supervises it already")
    ),
    "supervision-level": Mark(
        Text("没有督办层级", "no level supervises it"), Text("已有督办层级", "a level supervises it already")
    ),
    "evasive": Mark(
        Text("没有认定推诿、敷衍", "no body was found to evade it"),
        Text("已认定推诿、敷衍", "a body was found to evade it already"),
    ),
    "unanswered": Mark(
        Text("没有发现这一部分没有答复", "this part was not found to be left unanswered"),
        Text("已经发现这一部分没有答复", "this part was found to be left unanswered already"),
    ),
    "sorting": Mark(
        Text("还没有分类", "it has not been sorted"), Text("已经分类", "it has been sorted already")
    ),
    "submitted": Mark(
        Text("还没有提交审签的稿子", "no draft has been submitted for signature"),
        Text("已经提交审签", "a draft has been submitted for signature"),
    ),
    "countersigned": Mark(
        Text("还没有经负责人签发", "the head of the body has not countersigned it"),
        Text("负责人已经签发", "the head of the body has countersigned it"),
    ),
}

# The marks of a request for recusal that nobody has decided on.
WAITING = ("recusal-asked", "recusal-upward")

# What a task may be about (charter 4): each is bound to a remedy, a notice, a hearing, a site check or a
# reception place. There is no kind that has a person as its object.
TASK_KINDS = ("remedy", "notice", "hearing", "site-check", "reception-place")
# The clock of a dated task, in a law that has one, and the effects that set it going.
CARRY_OUT = "carry-out"
TASK_EFFECTS = frozenset({"promise", "make-tasks"})

# The effects that leave or take away one mark, named after a colon: true, gone, today's date, one more,
# what the content of the same name says, or the digest of everything that was said; who had a hand in it, and
# where its custodian and its auditor serve; the body that is
# addressed, the body that acts, and its level above.
MARK_EFFECTS = frozenset(
    {
        "hand",
        "custodian",
        "auditing",
        "mark",
        "unmark",
        "date",
        "count",
        "keep",
        "digest",
        "addressee",
        "by",
        "level",
    }
)

# What a guard or effect reads of the contents: a row that names it must ask for that content.
READS: dict[str, str] = {
    "named-clock-is-late": "clock",
    "named-clock-changes": "clock",
    "served-rereview": "prior",
    "comparison-complete": "comparison",
    "prior-still-in-time": "ground",
    "service-day-possible": "served_on",
    "posting-day": "served_on",
    "term-ahead": "term",
    "officer-of-holder": "officer",
    "counted": "signatures",
    "others-agreed": "result",
    "meeting-ahead": "meet_on",
    "meeting-past": "met_on",
    "no-home": "meet_place",
    "purpose-serves": "words",
    "as-allowed": "purpose",
    "kept-for-a-time": "kept_until",
    "add-accused": "reported",
    "report-kept": "parts",
    "set-class": "sorting",
    "keep-prior": "ground",
    "make-report": "body",
    "file-parts": "parts",
    "miss-named-clock": "clock",
    "recompute-named-clock": "clock",
    "entrust": "officer",
    "above-addressee": "addressee",
    "add-request": "request",
    "redo-ahead": "redo_by",
    "mark-remedy-reported": "note",
    "hearing-announced": "hearing_on",
    "hearing-ahead": "hearing_on",
    "seats-in-order": "seats",
    "not-recused": "officer",
    "answer-ahead": "answer_by",
    "body-does-something": "clauses",
    "propose-tasks": "clauses",
}

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
]
CONTENT_TYPES: tuple[str, ...] = (
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
)

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
