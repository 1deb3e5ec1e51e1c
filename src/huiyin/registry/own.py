"""An author reads back what they lodged under seal, with their own key. Nobody else is helped by this.

Opened words are put on the petition in memory, for one answer; nothing of it is written.
"""

from __future__ import annotations

from collections.abc import Iterable

from huiyin.core.seal import SealBroken
from huiyin.registry import attachments, keys, sealing
from huiyin.registry.access import SPLIT
from huiyin.registry.models import Attachment, Petition
from huiyin.vault import own
from huiyin.vault.own import NotYours

__all__ = ["NotYours", "read", "reading_of", "show", "show_files"]


def reading_of(petition: Petition, key: str) -> bytes | None:
    """What opens the words of this petition, made from its author's key; None where nobody was given one."""
    if not petition.reading_key:
        return None
    return keys.reading_key(petition.keyed_under, keys.read_key(key))


def show(petition: Petition, reading: bytes | None) -> None:
    """Put what was said on the petition in memory, where it lies under seal and this opens it."""
    if not reading:
        return
    if petition.is_sealed or petition.part_of_id or petition.state == SPLIT:
        # Of a mixed petition one part tells who opened the seal that it has in common with the others.
        petition.opened = own.open_said(_family(petition), reading)  # type: ignore[misc]
    if petition.is_sealed:
        try:
            sealing.put(petition, own.open_words(petition.pk, reading))
        except (NotYours, SealBroken):
            return  # erased, or of another key: the cover stays


def _family(petition: Petition) -> list[int]:
    parts = Petition.objects.filter(part_of=petition.sealed_under).values_list("pk", flat=True)
    return [petition.sealed_under, *parts]


def show_files(files: Iterable[Attachment], reading: bytes | None) -> None:
    """Give sealed files in memory the name and the digest that they were lodged with."""
    for file in files:
        if file.data_key and reading:
            try:
                told, _ = own.open_file(file.data_key, bytes(file.locked or b""), b"", reading)
            except (NotYours, SealBroken):
                continue  # locked for a key that was lost: the new one opens what comes after it
            sealing.tell(file, told)


def read(file: Attachment, reading: bytes | None) -> bytes:
    """The bytes of a file as they were lodged. Raises FileNotFoundError, NotYours or SealBroken."""
    content = attachments.read(file)
    if file.data_key is None:
        return content
    if reading is None:
        raise NotYours("this file lies under seal")
    try:
        return own.open_file(file.data_key, bytes(file.locked or b""), content, reading)[1]
    except SealBroken:
        raise NotYours("this file was locked for another key") from None
