"""Open the words of a report for an officer who handles it: first the row that its author sees, then they.

Handling is reading, so there is no move and no form for it; and no page shows them without leaving its row.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from huiyin.core.seal import SealBroken
from huiyin.doors.officer.door import DeskRequest
from huiyin.registry import readings, sealing
from huiyin.registry.models import Attachment, Petition
from huiyin.vault.keys import KeyRefused
from huiyin.vault.unseal import NothingSealed, open_file, open_words


def words(request: DeskRequest, petition: Petition) -> None:
    """Put the opened words on a report in memory. Whoever calls has asked whether this officer may."""
    if not petition.is_sealed:
        return
    _note(request, petition)
    try:
        sealing.put(petition, open_words(petition.pk))
    except (NothingSealed, SealBroken, KeyRefused):
        petition.text = gettext("The seal cannot be opened here. Tell whoever runs this installation.")


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
