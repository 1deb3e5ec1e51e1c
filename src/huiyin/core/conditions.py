"""What a row of a rulebook may ask before a move (guards) and have done after it (effects): the names.

Each guard is a function in `guards`, each effect one in `effects`; one that is not named here is refused when
the rulebook is loaded.
"""

from __future__ import annotations

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
        "letter-there",  # the letter that is named was written, and not after the day it was handed over
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
        "one-author",  # to another installation: nobody signs it beside its author
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
        "publishes",  # this law turns publication on: none does unless it says so
        "hides-enough",
        "not-the-proposer",
        "not-left",  # what goes to another installation has not been on the line yet
        "left-unanswered",  # it has been with the other installation for days, which has said nothing
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
        "unassign",
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
        "set-out",  # towards a body that another installation keeps, which has yet to take it
        "arrive",
        "stay",
        "file-parts",  # the registry puts each part on record: core/parts.py
    }
)

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
    "letter-there": "letter",
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
    "hides-enough": "publication_text",
}
