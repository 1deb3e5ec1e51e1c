"""Open the words of a report for an officer who handles it: first the row that its author sees, then they.

Handling is reading, so there is no move and no form for it; and no page shows them without leaving its row.
Whoever does not handle it and has to decide on it opens what was said for them, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from huiyin.core.seal import SealBroken
from huiyin.core.vocabulary import VERBS
from huiyin.doors.officer.door import DeskRequest
from huiyin.registry import readings, sealing
from huiyin.registry.masking import Reader
from huiyin.registry.models import Attachment, Entry, Petition
from huiyin.vault.keys import KeyRefused
from huiyin.vault.unseal import NothingSealed, give_to_author, open_file, open_said, open_words

# What bodies say to one another about a petition that one of them handles: a supervisor's letter, a danger
# that is reported upward, a recusal that the body above decides on.
BEYOND = frozenset(
    VERBS[verb]
    for verb in (
        *("supervise", "answer-supervision", "escalate-supervision", "close-supervision", "find-evasive"),
        *("report-back", "report-urgent", "warn-of-danger", "end-danger", "present-upwards"),
        *("ask-recusal", "grant-recusal", "refuse-recusal"),
    )
)


def as_far_as(request: DeskRequest, petition: Petition, reader: Reader) -> None:
    """Open what this reader may read of it."""
    if reader.hides:
        addressed(petition)
    else:
        words(request, petition)


def words(request: DeskRequest, petition: Petition) -> None:
    """Put the opened words on a report in memory. Whoever calls has asked whether this officer may."""
    if not petition.is_sealed:
        return
    steps(request, petition)
    try:
        sealing.put(petition, open_words(petition.pk))
    except (NothingSealed, SealBroken, KeyRefused):
        petition.text = gettext("The seal cannot be opened here. Tell whoever runs this installation.")


def steps(request: DeskRequest, petition: Petition) -> None:
    """Open what was said on a report in its steps, and not what its author lodged: for letters, which are
    printed and lie about.
    """
    if not petition.is_sealed:
        return
    _note(request, petition)
    _open(petition, petition.entries.values_list("pk", flat=True))
    _give_to_author(petition)


def addressed(petition: Petition) -> None:
    """Open what was said for whoever supervises it, decides on it or is warned, and does not handle it."""
    if petition.is_sealed:
        _open(petition, petition.entries.filter(event__in=BEYOND).values_list("pk", flat=True))


def of_log(entries: Iterable[Entry]) -> list[Entry]:
    """Entries of the log of openings and demands with their words, for custodian and auditor."""
    told = list(entries)
    sealed = [entry.pk for entry in told if sealing.is_closed(entry)]
    try:
        opened = open_said(sealed) if sealed else {}
    except KeyRefused:
        opened = {}
    for entry in told:
        entry.contents = opened.get(entry.pk, entry.contents)
    return told


def _open(petition: Petition, entries: Iterable[int]) -> None:
    try:
        petition.opened = open_said(entries)  # type: ignore[misc]
    except KeyRefused:
        return  # the covers stay


def _give_to_author(petition: Petition) -> None:
    """Where its author got a new key, close for that one what was closed for the lost one."""
    if petition.reading_key:
        kept = petition.attachments.values_list("data_key", flat=True)
        files = [data_key for data_key in kept if data_key]
        try:
            give_to_author(petition.pk, files, bytes(petition.reading_key))
        except (SealBroken, KeyRefused):
            return  # a handler where the key lies does it


def names(files: Iterable[Attachment]) -> None:
    """Give sealed files in memory their names; the words beside them were opened, and noted, before."""
    for file in files:
        if file.data_key:
            try:
                sealing.tell(file, open_file(file.data_key, bytes(file.locked or b""), b"")[0])
            except (NothingSealed, SealBroken, KeyRefused):
                continue  # the cover stays


def content(request: DeskRequest, file: Attachment, kept: bytes) -> bytes:
    """The bytes of a file, opened at need. Raises NothingSealed, SealBroken or KeyRefused."""
    if file.data_key is None:
        return kept
    _note(request, file.petition)
    return opened(file, kept)


def opened(file: Attachment, kept: bytes) -> bytes:
    """The same for a case file, whose words were opened, and noted, before."""
    return open_file(file.data_key, bytes(file.locked or b""), kept)[1] if file.data_key else kept


def _note(request: DeskRequest, petition: Petition) -> None:
    readings.note(petition, request.officer, petition.holder, request.now)
