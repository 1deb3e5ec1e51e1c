"""Short advice beside a form: what a good answer looks like. The law's own hints stand in the rulebook."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.core.rulebook import Row

_OPINION = (
    _("Answer each request by itself. What is missing from the list can still be added."),
    _("Facts: what you looked at, whom you heard, what you found. Say also what could not be established."),
    _("Legal basis: the name of the law, the article, and why it applies here."),
    _("Write to the petitioner, in short sentences. Explain every word that only officials use."),
)
_REFUSAL = (
    _("Say what was asked, why it cannot be taken up here, and where it can be."),
    _("Name the body with its address or telephone, so that nobody is sent round in circles."),
)
_REVIEW = (
    _("Look at the facts afresh; do not repeat the opinion under review."),
    _("Answer each point that the petitioner does not agree with."),
)
_SENDING = (_("The receiving body is told at once; it has its own term from its receipt."),)

GUIDES: dict[str, tuple[Any, ...]] = {
    "accept": (
        _("List what is asked for, one thing at a time: the petitioner sees the list and may add to it."),
    ),
    "set-out-requests": (
        _("One thing in each row, in the petitioner's own order. What nobody asked for is not listed."),
        _("The petitioner sees the list and may add what is missing; nothing can be taken off it."),
    ),
    "submit-opinion": (
        *_OPINION,
        _("The head signs this text. What is issued must be the same, to the letter."),
    ),
    "countersign": (
        _("You sign the text as it stands here. If something must change, send it back with your reasons."),
        _("The petitioner sees that the head signed, and reads your note once the opinion is served."),
    ),
    "send-back-opinion": (_("The petitioner reads your reasons once the opinion is served."),),
    "issue-opinion": (_("This is the text that was signed. If you change it, it must be signed again."),),
    "answer-suggestion": (_("Say what was studied, what is adopted and by when, and what is not and why."),),
    "issue-review-opinion": (*_REVIEW, *_OPINION[1:]),
    "order-redo": (
        *_REVIEW,
        _("Say what must be looked into or decided anew; the new opinion may not just repeat the old one."),
    ),
    "issue-rereview-opinion": (*_REVIEW, *_OPINION[1:]),
    "recall": (
        _("It is at home again at once; its terms ran on all the while. The petitioner reads your reasons."),
        _("As soon as the other installation can be reached, it is told to take nothing any more."),
        _("If it had taken it before: while nothing was done here, it goes on there; else it ends there."),
    ),
    "decline": _REFUSAL,
    "divert": _REFUSAL,
    "no-longer-accept": (
        _("Compare request by request: only the same facts and the same reasons are covered."),
        _("One new fact or reason, and the petition must be taken up."),
    ),
    "propose-publication": (
        _("Read it through: rules mask names and numbers, and a name that nothing marks as one stays."),
        _("Hide also what would tell who it is: a rare job, an illness, a place, a date of birth."),
        _("The head approves, the petitioner is told and may object. Nothing is public before."),
    ),
    "approve-publication": (
        _("You may hide more; nothing that is hidden can be shown again."),
        _("The petitioner reads this very text and has time to object, without a reason."),
    ),
    "withdraw-publication": (
        _("The text is gone from the public page at once; what stays is that it was taken down."),
    ),
    "object": (
        _("Give the rule on competence, and which body is competent. “Not ours” is no reason."),
        _("The petition stays with the sender until it has checked your reasons."),
    ),
    "extend": (
        _("Only a complex case can be extended, once, and the petitioner is told the reason."),
        _("Say what is still to be done and why it could not be done in the first term."),
    ),
    "transfer": _SENDING,
    "assign": (*_SENDING, _("It must report the result back to you by the day you set.")),
    "post-to-page": (
        _("For those who can be reached in no other way: no address, no e-mail, or the letter came back."),
        _("It counts as served when the term ends; Huiyin records that by itself. Mind your own due date."),
        _("The petitioner can read it at once, and ask for review without waiting. Reading is not logged."),
    ),
    "serve": (
        _("Enter the day on which the petitioner received it, not the day it was sent."),
        _("Electronically: only where the petitioner chose that, and word of it reached their mailbox."),
        _("Keep the signed receipt or the return slip; you can attach a scan."),
    ),
    "classify": (
        _("The petitioner is told the class, the route and your reasons."),
        _("Who may handle it follows from this; it can be sorted anew as long as nobody has taken it up."),
    ),
    "treat-as-report": (
        _("From now on it is hidden from the bodies it is about and from all that answer to them."),
        _("A report does not become a claim again. If it is both, split it instead."),
    ),
    "accept-duty": (
        _("For a request to look into an illegality or to do a duty to protect (art. 31.5)."),
        _("Count the term that the duty's own law sets; only where it sets none, sixty days."),
    ),
    "issue-duty-answer": (
        _("This is no opinion on a petition: there is no review. Name the court or the reconsidering body."),
    ),
    "take-simple": (
        _("First petitions only, clear and easy to solve. The terms of the regulation run beside."),
        _("If it turns out otherwise, the head puts it back; its terms count from the original dates."),
    ),
    "report-urgent": (
        _("Write about the danger and its place only. No persons, numbers or where anybody goes."),
        _("A possible social effect alone is no ground. The petitioner reads what you write."),
    ),
    "present-upwards": (
        _("The superior's officers see the file from now on. Say where and when, for who comes."),
    ),
    "split": (
        _(
            "Write into each part only what belongs to it: whoever handles it sees nothing else of the "
            "petition."
        ),
        _("A report among them is kept from those it is about; name their bodies so that this works."),
        _(
            "The terms run on: splitting wins no time. What stays here in the same class goes on where it "
            "stood; the rest is counted from the day of lodging."
        ),
    ),
    "declare-recusal": (
        _("From then on you no longer see this petition, and nobody can put you in charge of it."),
        _("If nobody else here could decide it, the body above handles it at once; every term runs on."),
    ),
    "call-hearing": (
        _("Name everybody by function or side. The chair must have had no part in handling the matter."),
        _("Closed doors need a reason that is about the matter: a private life, a secret of trade or state."),
    ),
    "refuse-hearing": (_("Say why the facts can be established without one. The petitioner may ask again."),),
    "close-hearing": (
        _("Minutes say what each side put forward and showed, so that it can be relied on later."),
    ),
    "conclude-hearing": (_("Say which disputed points are settled now, and on what evidence."),),
    "report-carried-out": (_("Say what was done, when and where, so that the petitioner can check it."),),
    "entrust": (_("The petitioner sees that somebody is in charge, not who it is."),),
    "unassign": (
        _("It stands under “nobody's yet” in the inbox until somebody takes it; every term runs on."),
    ),
}


def guides_of(row: Row) -> tuple[Any, ...]:
    """The advice for one move: none that speaks of a list or a signature where the law knows none."""
    asked = {content.name for content in row.contents}
    if row.verb == "accept" and "requests" not in asked:
        return ()
    if row.verb == "transfer" and not row.starts:  # one term runs on, whoever holds it
        return ()
    if row.verb == "issue-opinion" and "as-submitted" not in row.guards:
        return _OPINION[1:] if "facts" in asked else _OPINION[3:]
    return GUIDES.get(row.verb, ())
