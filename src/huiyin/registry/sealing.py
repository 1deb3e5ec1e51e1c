"""What lies under seal of a report against persons: its subject, its text, whom it is about, and its files.

The rows of the registry hold a cover in their place. The writer is `file`, and `perform` where a petition
becomes a report; nobody here can open what they close.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.core.text import Text
from huiyin.registry import attachments
from huiyin.registry.models import Attachment, Petition
from huiyin.vault.models import WordsSeal
from huiyin.vault.seal import words_seal

REPORT = "report"
COVER = Text("检举控告（内容已封存）", "Report against persons (under seal)")
HIDDEN = ("subject", "text", "accused_words")


def close(petition: Petition, now: datetime) -> WordsSeal:
    """Put a cover over a petition's words; answers the row that holds them, to be inserted with it."""
    said = {name: getattr(petition, name) for name in HIDDEN}
    seal = words_seal(said, reading_key=_reader(petition), now=now)
    seal.petition = petition
    put(petition, cover(petition))
    petition.masked = {}  # where names stand in the words would tell of them
    return seal


def cover(petition: Petition) -> dict[str, str]:
    return {"subject": COVER.say(petition.language), "text": "", "accused_words": ""}


def put(petition: Petition, said: Mapping[str, str]) -> None:
    """Show these words on a petition that is in memory: opened ones, or the cover. Writes nothing."""
    for name in HIDDEN:
        setattr(petition, name, said.get(name, ""))


def tell(file: Attachment, told: Mapping[str, str]) -> None:
    """Give a sealed file in memory the name and the digest that it was lodged with."""
    file.name, file.opened = told["name"], told["sha256"]  # type: ignore[misc]


def close_report(petition: Petition, now: datetime) -> None:
    """Seal a petition that has just become a report; nothing for any other."""
    if petition.kind == REPORT:
        close_kept(petition, now)


def close_kept(petition: Petition, now: datetime) -> None:
    """Seal a petition that lay open until now, files included: in the transaction that makes it a report."""
    if petition.is_sealed:
        return
    close(petition, now).save(force_insert=True)
    changes = {name: getattr(petition, name) for name in (*HIDDEN, "masked")}
    Petition.objects.filter(pk=petition.pk).update(**changes)
    close_files(petition)


def without_reports(contents: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says of a split, with a cover over the words of each part that is a report: these lie
    under seal with the part, whose own first entry commits to them.
    """
    if "parts" not in contents:
        return dict(contents)
    hidden = {"part_subject": COVER.zh, "part_text": COVER.zh}
    rows = [row | hidden if row["part_kind"] == REPORT else row for row in contents["parts"]]
    return {**contents, "parts": rows}


def close_files(petition: Petition) -> None:
    """Seal the files of a petition that lie open; the open bytes go, unless another has the same file."""
    for row in petition.attachments.filter(data_key=None):
        plain = row.sha256
        attachments.close(row, attachments.read(row), _reader(petition))
        row.save()
        attachments.drop_unused(plain)


def _reader(petition: Petition) -> bytes | None:
    return bytes(petition.reading_key) if petition.reading_key else None
