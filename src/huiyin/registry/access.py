"""Who may see and do what. Denies unless something here allows it.

Three kinds of actor: the author (who proved to hold the key of this one petition), an officer, and the house
itself (clerk, courier, importer). There is no anonymous actor and no switch that skips a check.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from huiyin.core import case, tasks
from huiyin.core.refusal import Refusal, refuse
from huiyin.registry import keys
from huiyin.registry.models import (
    Accused,
    Body,
    Entry,
    Export,
    Holding,
    Officer,
    Petition,
    Reading,
    Recusal,
    Role,
    SecondPerson,
    Signature,
    Task,
)

SPLIT = "split"
# The log of who looked at an identity, or wanted to: for its author and the auditor alone (charter 5).
OPENING_EVENTS = frozenset(
    {"seal-opened", "opening-asked", "opening-allowed", "opening-refused", "opening-lapsed"}
)
DEMAND_STEPS = frozenset(
    {
        *("identity-demanded", "identity-demanded-kept", "demand-agreed", "demand-granted", "demand-refused"),
        *("demand-lapsed", "opened-for-demand", "demand-told", "kept-demand-told"),
    }
)
READ_LOG = OPENING_EVENTS | DEMAND_STEPS
# What its author says of the handling: told in sums of five and more, and at no desk (decision 0077).
RATED = "rated"
HANDLING_ROLES = frozenset({"registrar", "handler", "head", "reviewer", "leader"})


@dataclass(frozen=True, slots=True)
class Author:
    """Whoever proved to hold a key of this petition, and of this one only."""

    ref: str
    signature: str = ""  # of a joint petition: whose key it is, among equals


@dataclass(frozen=True, slots=True)
class House:
    """The clerk, the courier or the importer: acts without a person, under its own name in the ledger."""

    role: str


CLERK = House("clerk")
COURIER = House("courier")
IMPORTER = House("importer")


class Acting:
    """An officer at work on a day, with the roles they hold: their own, and of those they stand in for."""

    def __init__(self, officer: Officer, day: date) -> None:
        self.officer = officer
        self.day = day

    @cached_property
    def roles(self) -> dict[str, frozenset[str]]:
        """Body code -> roles there. A registrar also records the letters of external bodies."""
        held: dict[str, set[str]] = defaultdict(set)
        for role in self._rows:
            held[role.body.code].add(role.role)
        recorded = Body.objects.filter(external=True, recorded_by__code__in=held)
        for external in recorded.select_related("recorded_by"):
            if external.recorded_by and "registrar" in held[external.recorded_by.code]:
                held[external.code].add("recorder")
        return {code: frozenset(roles) for code, roles in held.items()}

    @cached_property
    def _rows(self) -> list[Role]:
        if not self.officer.is_active:
            return []
        absent = [o.pk for o in self.officer.stands_in_for.filter(is_active=True) if o.is_away(self.day)]
        rows = Role.objects.filter(Q(officer=self.officer) | Q(officer__in=absent), body__active=True)
        # Keeping the house is nobody's to hand on: a stand-in handles petitions, and no more.
        return [
            r
            for r in rows.select_related("body")
            if r.officer_id == self.officer.pk or r.role in HANDLING_ROLES
        ]

    @cached_property
    def bodies(self) -> dict[str, Body]:
        return {row.body.code: row.body for row in self._rows}

    def codes(self, roles: Iterable[str]) -> set[str]:
        """Codes of the bodies where one of these roles is held."""
        wanted = set(roles)
        return {code for code, held in self.roles.items() if held & wanted}

    def has(self, role: str) -> bool:
        return any(role in held for held in self.roles.values())

    @cached_property
    def works_at(self) -> frozenset[int]:
        """Numbers of the bodies whose petitions this officer works on."""
        codes = self.codes(HANDLING_ROLES)
        mine = {self.bodies[code].pk for code in codes if code in self.bodies}
        if self.recorded:
            mine |= set(Body.objects.filter(code__in=self.recorded).values_list("pk", flat=True))
        return frozenset(mine)

    @property
    def recorded(self) -> set[str]:
        return self.codes({"recorder"})

    @cached_property
    def seen(self) -> QuerySet[Petition]:
        """What `visible_to` asks, put into words once: that takes longer than the answer."""
        return _seen_by(self)

    @cached_property
    def hidden(self) -> Q:
        """What this officer never sees: reports about their own bodies, and what they stepped back from."""
        return _hidden(self)


Actor = Author | Acting | House


def as_core(actor: Actor) -> case.Actor:
    """The actor as the core sees it."""
    if isinstance(actor, Author):
        return case.Actor("", frozenset({"author"}))
    if isinstance(actor, House):
        return case.Actor("", frozenset({actor.role}))
    bodies = {code: body.as_core() for code, body in actor.bodies.items()}
    return case.Actor(actor.officer.login, at=actor.roles, bodies=bodies)


def author_of(ref: str, key: str) -> tuple[Author, Petition] | Refusal:
    """The author of a petition, proved by its key. A wrong key and an unknown reference look the same."""
    ref, key = keys.read_ref(ref), keys.read_key(key)
    # Only the hash is read before the key fits: reading a whole petition takes longer than finding none.
    found = Petition.objects.filter(ref=ref)
    kept = found.values_list("key_hash", "part_of__ref", "key_ref", "part_of__key_ref").first()
    # A part of a mixed petition opens with the key of the whole, for its author was given one; and what was
    # taken over from another installation with the key that was given there.
    whole = (kept[3] or kept[2] or kept[1] or ref) if kept else ref
    author = Author(ref)
    if not keys.key_fits(whole, key, bytes(kept[0]) if kept else None):
        # A joint petition has no key of its own: each who signed has one.
        signed = Signature.objects.filter(petition__ref=whole, key_hash=keys.key_hash(whole, key)).first()
        if signed is None:
            return refuse("not-found")
        author = Author(ref, str(signed))
    return author, Petition.objects.select_related("holder").get(ref=ref)


def key_hash_of(author: Author, petition: Petition) -> bytes | None:
    """What is kept of the author's key; None for a signature that was taken back since."""
    if not author.signature:
        return bytes(petition.key_hash)
    kept = Signature.objects.filter(petition=petition.sealed_under, pk=author.signature)
    found = kept.values_list("key_hash", flat=True).first()
    return bytes(found) if found is not None else None


def family_of(petition: Petition) -> QuerySet[Petition]:
    """The parts of the mixed petition that this one is or belongs to, in order: for their author."""
    return Petition.objects.filter(part_of=petition.sealed_under).select_related("holder").order_by("id")


def visible_to(acting: Acting) -> QuerySet[Petition]:
    """The petitions that this officer may see: held now or once by a body where they handle petitions, or,
    as a supervisor, by a body below. A report is invisible to whom it is about and to all who answer to them.
    """
    return acting.seen.all()  # asked anew each time


def _seen_by(acting: Acting) -> QuerySet[Petition]:
    mine = [acting.bodies[c].pk for c in acting.codes(HANDLING_ROLES) if c in acting.bodies]
    mine += list(Body.objects.filter(code__in=acting.recorded).values_list("pk", flat=True))
    passed = Exists(Holding.objects.filter(petition=OuterRef("pk"), body__in=mine))
    seen = Q(holder__in=mine) | Q(passed)
    if auditing := acting.codes({"auditor"}):
        seen |= Q(for_auditor_at__in=auditing)
    if acting.has("supervisor"):
        watched = Body.objects.filter(supervised_by(acting))
        seen |= Q(holder__in=watched) | Q(_owed_below(acting, watched), to_supervise=True)
    return Petition.objects.filter(seen).exclude(acting.hidden)


def inbox_of(acting: Acting) -> QuerySet[Petition]:
    """The petitions that wait at a body where this officer handles petitions."""
    return Petition.objects.filter(holder__in=acting.works_at).exclude(acting.hidden)


def at_or_below(acting: Acting) -> QuerySet[Petition]:
    """The petitions at the bodies where this officer works, and of a supervisor those at all below theirs."""
    mine = Body.objects.filter(code__in=acting.codes(HANDLING_ROLES) | acting.recorded)
    holders = mine | Body.objects.filter(supervised_by(acting))
    return Petition.objects.filter(holder__in=holders).exclude(acting.hidden)


def held_at(acting: Acting, where: Q) -> QuerySet[Petition]:
    """The petitions at these bodies that are not hidden from this officer."""
    return Petition.objects.filter(where).exclude(acting.hidden)


def below(acting: Acting) -> QuerySet[Petition]:
    """The petitions at a supervisor's own bodies and at all below them."""
    watched = Body.objects.filter(supervised_by(acting))
    return Petition.objects.filter(holder__in=watched).exclude(acting.hidden)


def to_supervise(acting: Acting) -> QuerySet[Petition]:
    """Those that a supervisor must look at: held at or below their bodies, or still owed by one of these."""
    watched = Body.objects.filter(supervised_by(acting))
    owed = Q(holder__in=watched) | _owed_below(acting, watched)
    return Petition.objects.filter(owed, to_supervise=True).exclude(acting.hidden)


def _owed_below(acting: Acting, watched: QuerySet[Body]) -> Q:
    """What a watched body owes wherever the petition is by now: a promise, or the answer to a letter."""
    late = Q(state=tasks.DUE, due__lt=acting.day) | Q(state__in=(tasks.DISPUTED, tasks.PARTLY))
    undone = Task.objects.filter(late, body__in=watched.values("code"))
    owed = Q(pk__in=undone.values("petition"))
    for code in acting.codes({"supervisor"}):
        top, itself = _top(acting.bodies[code])
        owed |= Q(marks__supervised__startswith=f"{top}/")
        if itself:
            owed |= Q(marks__supervised=top)
    return owed


def was_supervised_below(acting: Acting, path: str) -> bool:
    """Whether a letter of supervision went to a body below this supervisor's, by the path on record."""
    for code in acting.codes({"supervisor"}):
        top, itself = _top(acting.bodies[code])
        if path.startswith(f"{top}/") or (itself and path == top):
            return True
    return False


def _top(body: Body) -> tuple[str, bool]:
    """The path of codes below which a supervisor of that body watches, and whether its end is watched too."""
    if body.kind in {"office", "conference"} and body.superior_id:
        return body.path.removesuffix(f"/{body.code}/").lstrip("/"), False
    return body.path.strip("/"), True


def supervised_by(acting: Acting) -> Q:
    """The bodies that a supervisor watches: their own and all below.

    At a petition office or a joint conference: all below the government that it belongs to (arts. 13, 14 and
    40), and not that government, which it answers to.
    """
    watched = Q(pk__in=[])
    for code in acting.codes({"supervisor"}):
        top, itself = _top(acting.bodies[code])
        below = Q(path__startswith=f"/{top}/")
        watched |= below if itself else below & ~Q(path=f"/{top}/")
    return watched


def _hidden(acting: Acting) -> Q:
    recused = Recusal.objects.filter(petition=OuterRef("pk"), officer=acting.officer)
    gone = Q(erased_on__isnull=False)
    return _about(acting) | Q(Exists(recused)) | _for_an_auditor(acting) | gone


def is_kept_from(acting: Acting, accused: Iterable[str], auditor: str, *, waiting: bool) -> bool:
    """The same of a number of petitions: about these bodies, or given to that auditor (and still there).

    What an officer stepped back from, and what was erased, is told petition by petition.
    """
    auditing = acting.codes({"auditor"})
    theirs = auditor in acting.roles.keys() - auditing or (waiting and auditor not in auditing)
    return theirs or not _touched(acting).isdisjoint(accused)


def _for_an_auditor(acting: Acting) -> Q:
    """Reports of pressure whose author chose an auditor: no colleague of that auditor sees them, nor anybody
    else before the auditor has passed them on.
    """
    auditing = acting.codes({"auditor"})
    colleagues = acting.roles.keys() - auditing
    waiting = Q(holder__code=F("for_auditor_at")) & ~Q(for_auditor_at__in=auditing)
    return Q(for_auditor_at__in=colleagues) | waiting


def pressure_for(acting: Acting) -> QuerySet[Petition]:
    """Reports of pressure at an auditor's own bodies and below, whoever was told; never one about them."""
    return Petition.objects.filter(
        Q(holder__in=audited(acting)) | Q(for_auditor_at__in=acting.codes({"auditor"})),
        marks__pressure__isnull=False,
    ).exclude(acting.hidden)


def audited(acting: Acting) -> QuerySet[Body]:
    """The bodies that an auditor looks at: their own and all below."""
    watched = Q(pk__in=[])
    for code in acting.codes({"auditor"}):
        watched |= Q(path__startswith=acting.bodies[code].path)
    return Body.objects.filter(watched)


def _about(acting: Acting) -> Q:
    """Reports about a body that this officer serves, or that one of their bodies answers to; and mixed
    petitions that such a report was split off from, for they hold its words; and what may turn out to be one,
    as long as nobody has sorted it.
    """
    about = Accused.objects.filter(petition=OuterRef("pk"), body__code__in=_touched(acting))
    return Q(Exists(about), Q(kind="report") | Q(state=SPLIT) | Q(marks__has_key="unsure"))


def _touched(acting: Acting) -> set[str]:
    """The bodies that this officer serves, and all that these answer to."""
    return {code for body in acting.bodies.values() for code in (body.code, *body.answers_to)}


def handles(acting: Acting, petition: Petition) -> bool:
    """Whether this officer is one of the petition's handlers, who read its words as they are (charter 5).

    Handlers are the officers of the body that has it now, in a role that works on petitions, whoever records
    the letters of an outside body that has it, and who stands in for one of these. Nobody else who may see a
    petition is one: not who supervises or audits, not a body that had it before, was called in or still has
    to carry out what it promised, and not who sits in a conference on it.
    """
    if petition.for_auditor_at and petition.for_auditor_at in acting.codes({"auditor"}):
        return True  # its author gave it to them
    return petition.holder_id in acting.works_at


def refusal(actor: Actor, petition: Petition) -> Refusal | None:
    """Whether this actor may act on this petition at all; which moves they may make, the core says."""
    if petition.erased_on is not None:
        return refuse("erased", day=petition.erased_on)
    if isinstance(actor, House):
        return None
    if isinstance(actor, Author):
        return None if actor.ref == petition.ref else refuse("not-found")
    seen = visible_to(actor).filter(pk=petition.pk).exists()
    seen = seen or waits_for(actor).filter(petition=petition).exists()
    # That a petition exists must not leak to whom it is hidden from.
    return None if seen else refuse("not-found")


def waits_for(acting: Acting) -> QuerySet[SecondPerson]:
    """What waits for this officer as custodian or auditor: they see the request, and not the petition."""
    if not acting.codes({"custodian", "auditor"}):
        return SecondPerson.objects.none()
    asked = Q(role="custodian", body__code__in=acting.codes({"custodian"}))
    asked |= Q(role="auditor", body__code__in=acting.codes({"auditor"}))
    return SecondPerson.objects.filter(asked).exclude(petition__in=Petition.objects.filter(acting.hidden))


def readings_for(acting: Acting) -> QuerySet[Reading]:
    """The readings of reports at an auditor's own bodies and below; never of a report about them."""
    seen = Reading.objects.filter(body__in=audited(acting))
    return seen.exclude(petition__in=Petition.objects.filter(acting.hidden))


def openings_for(acting: Acting) -> QuerySet[Entry]:
    """The openings of identity seals at an auditor's own bodies and below; never of a report about them."""
    codes = audited(acting).values("code")
    hidden = Petition.objects.filter(acting.hidden)
    return Entry.objects.filter(event__in=OPENING_EVENTS, body__in=codes).exclude(petition__in=hidden)


def demands_for(acting: Acting) -> QuerySet[Entry]:
    """What became of demands for an identity at an auditor's own bodies and below."""
    codes = audited(acting).values("code")
    hidden = Petition.objects.filter(acting.hidden)
    return Entry.objects.filter(event__in=DEMAND_STEPS, body__in=codes).exclude(petition__in=hidden)


def exports_for(acting: Acting) -> QuerySet[Export]:
    """The files that were taken at an auditor's own bodies and below, or of what these have; never of a
    report about them."""
    hidden = Petition.objects.filter(acting.hidden)
    of_petitions = Q(petition__isnull=True) | ~Q(petition__in=hidden)
    codes = audited(acting).values("code")
    return Export.objects.filter(of_petitions, Q(body__in=codes) | Q(petition__holder__code__in=codes))
