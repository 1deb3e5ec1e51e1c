"""A lost key: ask for a new one without being told whether the petition exists, draw it, put it in force.

Whoever asks proves nothing and learns nothing: the new key goes to the contact or the address that the author
left under seal, and works after seven days in which whoever holds the old key may object. The moves of it are
rows of the rulebook; here is what they leave beside the petition.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Q

from huiyin.core.refusal import Refusal, refuse
from huiyin.core.seal import public_of
from huiyin.registry import keys
from huiyin.registry.models import LostKey, NewKey, Petition
from huiyin.vault.models import ContactSeal, IdentitySeal

ASK, SEND, OBJECT, IN_FORCE = "ask-new-key", "send-new-key", "object-new-key", "enforce-new-key"
REFUSE = "refuse-new-key"
SEND_FIRST, END_FIRST = "send-first-key", "end-first-key"
SENT = ("new-key-sent", "first-key-sent")
NOTICE = "new-key"  # of the notice that takes a new key along, and of the clock to object to it
MAIL, POST = "contact", "post"
COMING, ASKED = "key-coming", "key-asked"
KEYLESS = "keyless"  # of what was taken over from an older system: nobody holds a key yet


def ask(typed: str) -> None:
    """Put the question on record for the clerk: the same whether the reference exists or not."""
    LostKey(ref=keys.read_ref(typed)).save(force_insert=True)


def ask_by_number(typed: str) -> None:
    """The same by the number that it had in an older system, which its author has on paper."""
    found = Petition.objects.filter(source_id=typed.strip()).exclude(brought_in_at=None)[:2]
    LostKey(ref=found[0].ref if len(found) == 1 else "").save(force_insert=True)


def can_be_sent(petition: Petition) -> bool:
    """Whether its author left anything that a new key could go to, and it is one author's alone."""
    named = IdentitySeal.objects.filter(petition=petition.sealed_under).exists()
    return named and not petition.marks.get("signatures")


def refusal(petition: Petition, verb: str, way: str) -> Refusal | None:
    """No key can be sent to an address that was not left; nor is the first one sent before it was drawn."""
    if verb == END_FIRST and not NewKey.objects.filter(petition=petition).exists():
        return refuse("no-key-drawn", "house")
    if verb not in {SEND, SEND_FIRST} or way != MAIL:
        return None
    if settings.MAILS and ContactSeal.objects.filter(petition=petition.sealed_under).exists():
        return None
    return refuse("contents", "house", fields={"key_way": "no-contact"})


def may_print(petition: Petition) -> bool:
    """Whether a letter with a new key may be printed now: an officer chose the post, and time is not over."""
    if not petition.marks.get(COMING):
        return False
    sent = petition.entries.filter(event__in=SENT).order_by("-seq").first()
    return sent is not None and sent.contents.get("key_way") == POST


def is_first(petition: Petition) -> bool:
    """Whether the key that is drawn now is the first of all (`takeovers.py`): there is none to take away."""
    return bool(petition.marks.get(KEYLESS))


def objection_ends(petition: Petition) -> date:
    """The last day on which whoever holds the old key may object to the new one."""
    return petition.clocks.filter(name=NOTICE).order_by("-seq")[0].due


def draw(petition: Petition) -> str:
    """A new key, in place of one that was drawn before and does not work yet. It is kept by nobody here.

    The first of all works at once.
    """
    whole = petition.part_of or petition  # one key opens all parts
    key = keys.new_key(whole.ref)
    made = {
        "key_hash": keys.key_hash(whole.ref, key),
        "reading_key": public_of(keys.reading_key(whole.ref, key)),
    }
    NewKey.objects.update_or_create(petition=petition, defaults=made)
    if is_first(petition):
        from huiyin.registry import record  # which asks here what a new key is

        record.change_key(petition, keep=True)
    return key


def drop(petition: Petition) -> None:
    """Forget a new key that was objected to."""
    NewKey.objects.filter(petition=petition).delete()


def family(petition: Petition) -> Q:
    """The petition, or the whole and all of its parts."""
    return Q(pk=petition.sealed_under) | Q(part_of=petition.sealed_under)
