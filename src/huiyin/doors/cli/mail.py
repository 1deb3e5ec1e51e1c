"""`huiyin mail`: the mailbox as a door."""

from __future__ import annotations

import click

from huiyin.core.text import Text
from huiyin.doors.cli import clerk, house
from huiyin.doors.cli.words import USAGE, Problem, both, say

EVERY = 60.0  # seconds between two looks into the mailbox


@click.command(
    help=say(
        Text(
            "信箱：把 HUIYIN_IMAP 信箱里的来信登记为信访件或者补充，寄回回执，然后从信箱删除。",
            "The mailbox of HUIYIN_IMAP: each message becomes a petition or adds to one, the receipt goes "
            "back, and the mailbox lets go of it.",
        )
    )
)
@click.option("--once", is_flag=True, help=clerk.ONCE)
def mail(*, once: bool) -> None:
    """Look into the mailbox until told to stop."""
    clerk.ready("public")  # no private key of any seal is needed, so none is at hand
    from django.conf import settings

    if settings.IMAP is None:
        raise Problem(
            both(
                "没有设信箱：请设 HUIYIN_IMAP 和 HUIYIN_IMAP_ADDRESS",
                "there is no mailbox: set HUIYIN_IMAP and HUIYIN_IMAP_ADDRESS",
            ),
            USAGE,
        )
    with house.speaking_of_the_database():
        house.refuse_if_behind()
        from huiyin.clerk import pace
        from huiyin.doors.mail import door

        pace.keep("mail", door.look, every=EVERY, once=once)
