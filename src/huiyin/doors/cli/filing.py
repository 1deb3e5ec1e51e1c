"""Files the messages of a list: as lodged now, or, in a data set of its own, at their historical times.

All that is written is written by `file` and `perform`. One message is one transaction: whatever interrupts a
load, each message is there whole or not at all, and the next run goes on from what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.doors.cli.messages import BadRow, Message
from huiyin.doors.cli.words import told
from huiyin.registry.access import IMPORTER
from huiyin.registry.bodies import Body, Competence
from huiyin.registry.file import Filed, Lodging, file
from huiyin.registry.models import Clock, DataSet, Officer, Petition
from huiyin.registry.perform import perform_past
from huiyin.vault.seal import Author

OFFICE, ORGAN, SUPERIOR = "import-office", "import-organ", "import-superior"
HANDLING = "handling"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one message."""

    id: str
    ref: str
    is_new: bool
    due: date | None = None  # of handling
    served: date | None = None
    in_time: bool | None = None  # None while unanswered
    days: int | None = None  # from lodging to service
    filed: Filed | None = None


Way = Callable[[Message], Loaded]


@dataclass(frozen=True, slots=True)
class Live:
    """Files each message as lodged now."""

    source: str
    body: str
    now: datetime

    def __call__(self, message: Message) -> Loaded:
        """File one message, unless it is here already. Raises BadRow."""
        lodging = lodging_of(message, self.source, self.body or competent_for(message.topic))
        filed = file(lodging, now=self.now, by=IMPORTER)
        if isinstance(filed, Refusal):
            petition = _found(filed, self.source, message)
            return Loaded(message.id, petition.ref, is_new=False)
        return Loaded(message.id, filed.ref, is_new=True, filed=filed)


@dataclass(frozen=True, slots=True)
class Replay:
    """Takes each message through the procedure at its own times."""

    source: str
    body: str
    now: datetime
    here: set[str] = field(default_factory=set)  # ids that earlier loads filed; asked once, not for each row

    def __post_init__(self) -> None:
        filed = Petition.objects.filter(source=self.source)
        self.here.update(filed.values_list("source_id", flat=True))

    def __call__(self, message: Message) -> Loaded:
        """File one message and take it as far as it got, in one transaction. Raises BadRow."""
        with transaction.atomic():
            petition, is_new = self._petition(message)
            petition = self._go_on(petition, message)
        self.here.add(message.id)
        return _loaded(message, petition, is_new=is_new)

    def _petition(self, message: Message) -> tuple[Petition, bool]:
        """The petition of this row, and whether it was filed just now."""
        if message.id in self.here and (petition := _here(self.source, message)):
            return petition, False
        lodging = lodging_of(message, self.source, self.body)
        filed = file(lodging, now=self.now, at=_lodged(message), by=IMPORTER)
        if isinstance(filed, Refusal):
            return _found(filed, self.source, message), False
        return filed.petition, True

    def _go_on(self, petition: Petition, message: Message) -> Petition:
        """Make the moves that are still missing: acceptance on the day of lodging, then the answer."""
        moves = _missing(petition, message)
        if not moves:
            return petition
        after = perform_past(petition.ref, moves, IMPORTER, self.now)
        if isinstance(after, Refusal):
            raise BadRow(told(after))
        return after


def _missing(petition: Petition, message: Message) -> list[tuple[Move, datetime]]:
    """What this message still has to go through, and when it did; nothing if somebody took it further."""
    way = [*_way_in(petition, _lodged(message)), *_way_out(message)]
    states = [state for state, _, _ in way]
    done = states.index(petition.state) if petition.state in states else len(way)
    return [(move, at) for _, move, at in way[done:]]


Stretch = list[tuple[str, Move, datetime]]  # from which state, by which move, at what time


def _way_in(petition: Petition, at: datetime) -> Stretch:
    """To acceptance, which in a replay falls on the day of lodging."""
    if petition.holder.kind == "office":
        transfer = Move("transfer", {"body": ORGAN})
        return [
            ("lodged", Move("register"), at),
            ("registered", transfer, at),
            ("transferred", Move("accept"), at),
        ]
    came = "transferred" if petition.state == "transferred" else "registered"
    return [("lodged", Move("register"), at), (came, Move("accept"), at)]


def _way_out(message: Message) -> Stretch:
    """The answer and its service, where there is one."""
    if message.replied is None or message.lodged is None:
        return []
    at = message.replied.not_before(message.lodged)
    served = {"served_on": message.replied.day.isoformat(), "way": "electronic"}
    return [
        ("accepted", Move("import-opinion", {"reply": message.reply}), at),
        ("opinion-issued", Move("serve", served), at),
    ]


def _lodged(message: Message) -> datetime:
    if message.lodged is None:
        raise ValueError("a message without its time of lodging cannot be replayed")
    return message.lodged.at


def _here(source: str, message: Message) -> Petition | None:
    return Petition.objects.select_related("holder").filter(source=source, source_id=message.id).first()


def _found(refused: Refusal, source: str, message: Message) -> Petition:
    """The petition that this row became in an earlier load. Raises BadRow when it was refused for itself."""
    petition = _here(source, message) if refused.code == "already-imported" else None
    if petition is None:
        raise BadRow(told(refused))
    return petition


def _loaded(message: Message, petition: Petition, *, is_new: bool) -> Loaded:
    clocks = Clock.objects.filter(petition=petition, name__in=(HANDLING, "review-request"))
    found: dict[str, Any] = {clock.name: clock for clock in clocks}
    handling, service = found.get(HANDLING), found.get("review-request")
    if handling is None or service is None or message.lodged is None:
        return Loaded(message.id, petition.ref, is_new, due=handling.due if handling else None)
    return Loaded(
        message.id,
        petition.ref,
        is_new,
        due=handling.due,
        served=handling.ended,
        in_time=handling.state == "met",
        days=(service.start - message.lodged.day).days,
    )


def lodging_of(message: Message, source: str, body: str) -> Lodging:
    return Lodging(
        subject=message.subject,
        text=message.text,
        body=body,
        author=Author(texts=False, **message.author),
        channel=message.channel,
        source=source,
        source_id=message.id,
    )


def competent_for(topic: str) -> str:
    """The one body that is competent for this subject; '' when none or several are."""
    if not topic:
        return ""
    named = Competence.objects.filter(subject=topic, body__active=True, body__external=False)
    codes = set(named.values_list("body__code", flat=True)[:2])
    return codes.pop() if len(codes) == 1 else ""


# ---- the data set


def kind_of_data() -> str:
    row = DataSet.objects.first()
    return row.kind if row else "live"


def is_untouched() -> bool:
    """Whether nobody has begun to use this registry."""
    return not any(model._default_manager.exists() for model in (DataSet, Petition, Body, Officer))


@transaction.atomic
def make_import(now: datetime) -> None:
    """Mark an untouched registry as an import, and give any back-dated one its receiving bodies."""
    marked, _ = DataSet.objects.get_or_create(id=1, defaults={"kind": "import", "marked_at": now})
    # In a demonstration the office must not take what visitors lodge.
    receives = marked.kind == "import"
    above = _body(SUPERIOR, "上级机关", "Superior body", kind="organ", level="province", external=True)
    _body(OFFICE, "来件接收处", "Receiving office", kind="office", superior=above, receives=receives)
    _body(ORGAN, "承办单位", "Handling body", kind="organ", superior=above)


def _body(code: str, zh: str, en: str, **fields: Any) -> Body:
    words = {"name_zh": zh, "name_en": en, "level": "prefecture"}
    return Body.objects.get_or_create(code=code, defaults=words | fields)[0]
