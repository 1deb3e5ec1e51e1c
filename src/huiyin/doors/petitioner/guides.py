"""What each move means for the author, in plain words, said before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.core.rulebook import Row


@dataclass(frozen=True, slots=True)
class Guide:
    """The words of one move's page: what it does, and what its button says (None: what the law calls it)."""

    words: tuple[Any, ...]
    button: Any
    tone: str = "primary"


def guide_of(row: Row) -> Guide | None:
    """What the move of this row means: a review may be by the next higher body, or by other people here."""
    if row.verb == "request-review" and "to-superior" not in row.effects:
        return SAME_BODY
    return GUIDES.get(row.verb)


SAME_BODY = Guide(
    (
        _("The same body looks at it again, by other people: whoever answered you takes no part."),
        _("You need not give reasons. Saying which point is wrong, and why, helps."),
        _("What the first answer promised you must be carried out in the meantime."),
    ),
    None,
)
GUIDES: dict[str, Guide] = {
    "add-information": Guide(
        (
            _("What you add goes to the body that has your petition. No deadline of theirs starts anew."),
            _("Please put no names of other people in the text if it can be said without them."),
        ),
        _("Add it"),
    ),
    "record-conflict": Guide(
        (
            _("Say which other body your report is about, or where the person you mean has their post."),
            _("From then on it does not exist for them, nor for anybody who answers to them."),
            _("If they have it now, it goes to another body at once; no deadline changes."),
        ),
        _("Keep it from them"),
    ),
    "write-back": Guide(
        (
            _("Whoever handles your petition reads it. You need not give a name, a number or an address."),
            _("No deadline of theirs starts anew, and nothing records when you read what they wrote."),
        ),
        _("Send it"),
    ),
    "add-request": Guide(
        (
            _("What you ask for was listed one by one, and each request gets an answer of its own."),
            _("Add what is missing from the list. It can be added until the opinion is issued."),
        ),
        _("Add this request"),
    ),
    "rate": Guide(
        (
            _("Your rating is about the handling, and you can give it once."),
            _(
                "No officer sees it, nor that you gave one: ratings are told in sums, five more at a time. "
                "To say "
                "something to the body, write to it."
            ),
            _("It changes nothing for you: your rights stay the same whatever you choose."),
        ),
        _("Send my rating"),
    ),
    "agree-mediation": Guide(
        (
            _("Mediation is free and your choice: you may end it at any time. The deadline runs on."),
            _("What is said there cannot be used against you in the answer."),
        ),
        _("I agree to mediation"),
    ),
    "agree-settlement": Guide(
        (
            _("Read each clause. What the body promises becomes a task; you are asked whether it was done."),
            _("No clause may ask you to give up petitioning or review; no such word binds you."),
            _("You can take your consent back for 7 days, without a reason."),
        ),
        _("I agree to the settlement"),
    ),
    "revoke-settlement": Guide(
        (_("Handling goes on as if you had never agreed. Its term has been running all along."),),
        _("Take my consent back"),
    ),
    "answer-question": Guide(
        (_("You may also answer that you do not have it. Not answering closes nothing and costs no right."),),
        _("Send my answer"),
    ),
    "ask-recusal": Guide(
        (
            _("You ask it of whoever is in charge now, by that function; you need not know who it is."),
            _("Somebody else decides, with reasons: the head of the body, and on the head the body above."),
        ),
        _("Ask for it"),
    ),
    "ask-hearing": Guide(
        (
            _("At a hearing both sides put their case in the open, before people who did not handle it."),
            _("The body holds it or tells you in writing why not. Asking counts against nobody."),
        ),
        _("Ask for a hearing"),
    ),
    "request-review": Guide(
        (
            _("The next higher body looks at your petition again. Those who handled it take no part."),
            _("You need not give reasons. Saying which point is wrong, and why, helps the reviewers."),
            _("What the first opinion promised you must be carried out in the meantime."),
        ),
        None,
    ),
    "request-rereview": Guide(
        (
            _("The body above the reviewing one looks again, by other people. It is the last stage."),
            _("It may hold a hearing; the time of the hearing is not counted."),
            _("Afterwards the same facts and reasons are not taken up again; new facts always are."),
        ),
        None,
    ),
    "object-to-publication": Guide(
        (
            _("The opinion is then not published, now or later. You need not say why."),
            _("It changes nothing else: the opinion itself and all your rights stay as they are."),
        ),
        _("Do not publish it"),
    ),
    "take-up-again": Guide(
        (
            _("It was declined because another body handled the same matter in time. That is no longer so."),
            _("It is registered here again, and the body must notify you within its term."),
        ),
        _("Have it taken up"),
    ),
    "ask-upwards": Guide(
        (
            _("You need not travel: the body sends your file up, and somebody presents it there."),
            _("Date and place stand here as soon as they are set. You may come, or stay away."),
            _("You may still go there yourself at any time; this costs you no right."),
        ),
        _("Ask for it"),
    ),
    "warn-of-danger": Guide(
        (
            _("Only for danger in the matter itself: to life, health, property or the environment."),
            _("In an emergency call 110, 119 or 120 first."),
            _("The body must report it up at once, and you see here when it did."),
        ),
        _("Say so"),
    ),
    "challenge": Guide(
        (
            _("The next higher body looks at the decision not to take your petition up, by other people."),
            _("It upholds the decision with reasons, or orders that the petition be taken up."),
        ),
        _("Ask for that look"),
    ),
    "accept-invitation": Guide(
        (
            _("The body reads that you will come. You may still stay away; nothing changes by that either."),
            _("What is said at the meeting is put on your petition, where you can read it."),
        ),
        _("I will come"),
    ),
    "decline-invitation": Guide(
        (
            _("You need not say why. No term, no right and no answer changes by it."),
            _("You can speak with an official on any reception day that you choose yourself."),
        ),
        _("I will not come"),
    ),
    "confirm-carried-out": Guide(
        (
            _("Confirm only what has really been done. Nobody may ask you to confirm beforehand."),
            _("You can still say later that something is missing."),
        ),
        _("Yes, it was carried out"),
    ),
    "dispute-carried-out": Guide(
        (_("Say what has not been done. The body stays obliged, and those who supervise it see this."),),
        _("Say that it was not, or not fully, carried out"),
    ),
    "object-new-key": Guide(
        (
            _("Somebody said that the key is lost. You hold it, so you can end this with one press."),
            _("A new key that was sent never works then; yours stays as it is. You need not say why."),
        ),
        _("Keep my key"),
    ),
    "request-withdrawal": Guide(
        (
            _("Only you can withdraw, with your key. No officer can do it for you or may ask it of you."),
            _("It takes effect after 7 days. Until then you can take it back with one press on your page."),
            _("Then the handling ends, with its terms for answer and review. You may lodge again any time."),
            _("You never have to withdraw to get what was promised to you."),
        ),
        _("Ask to withdraw"),
        "danger",
    ),
    "revoke-withdrawal": Guide(
        (_("Your petition goes on as if you had never asked. Its terms have been running all along."),),
        _("Do not withdraw; go on"),
    ),
}
