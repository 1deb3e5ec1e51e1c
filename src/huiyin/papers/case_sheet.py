"""The case file on paper: cover with index, the petition's words, steps, terms, letters, files, proofs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import override

from huiyin.core import ledger
from huiyin.core.text import Text, on_paper
from huiyin.papers import fonts, press
from huiyin.papers.case_file import CaseFile, as_json
from huiyin.papers.letter import Letter, channel_of, length
from huiyin.papers.press import Printed, Unprintable
from huiyin.papers.sheet import COLON, sheet, stamp
from huiyin.registry import law, stores
from huiyin.registry.clocks import ToldClock
from huiyin.registry.facts import Fact
from huiyin.registry.models import Attachment
from huiyin.registry.story import Told
from huiyin.site import articles
from huiyin.site.templatetags.huiyin_words import moment, word

NAME = "case.pdf"
FORM = "case.typ"
PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
MOST_EMBEDDED = (
    40 * 1024 * 1024
)  # more than this is named with its digest, and lies beside the PDF in the ZIP
WORDS: dict[str, Text] = {
    "title": Text("信访事项案卷", "Case file"),
    "index": Text("目录", "Contents"),
    "petition": Text("信访事项", "The petition"),
    "steps": Text("办理过程", "What happened"),
    "terms": Text("期限", "Terms"),
    "letters": Text("文书", "Letters"),
    "files": Text("附件", "Attachments"),
    "openings": Text("身份信息的查看记录", "Who looked at the identity"),
    "proofs": Text("证明", "Proofs"),
    "none": Text("没有。", "None."),
    "proof_note": Text(
        "每一步的公开字节的 SHA-256。打开这些字节的内容在随附的 case.json 中；签名的清单（MANIFEST.txt）"
        "随 ZIP 案卷提供，可以用 huiyin verify 离线检验。",
        "SHA-256 of the public bytes of each step. What opens them stands in case.json, attached; the signed "
        "list (MANIFEST.txt) comes with the case file as ZIP and can be checked offline with huiyin verify.",
    ),
    "sealed_note": Text(
        "姓名、联系方式等身份信息处于密封状态，不在本案卷中。",
        "Name and contacts lie under seal and are not in this file.",
    ),
    "lost": Text("（文件已遗失，仅存记录）", "(the file is lost, only its record is left)"),
}


def case_pdf(case: CaseFile, language: str, attached: bytes) -> Printed:
    """The case file as PDF/A-3. `attached`: case.json, which lies inside it with the attachments.

    A picture that cannot be drawn is named and left out. Raises fonts.NoChineseFont and press.Unprintable.
    """
    language = on_paper(language)
    data = case_data(case, language) | {"json": attached.decode()}
    plain = [file.sha256 for file in case.files if file.data_key is None]
    with override(language), stores.laid_out(plain) as place:
        try:
            return _pressed(data, place)
        except Unprintable:
            return _pressed(data | {"pictures": [], "attached": []}, place)


def if_printable(case: CaseFile, language: str) -> dict[str, bytes]:
    """The PDF by its name, or nothing where it cannot be set here."""
    attached = json.dumps(as_json(case), ensure_ascii=False, indent=2).encode()
    try:
        return {NAME: case_pdf(case, language, attached).pdf}
    except (fonts.NoChineseFont, Unprintable):
        return {}


def _pressed(data: dict[str, Any], place: Path) -> Printed:
    return press.press(FORM, data, press.CASE_FILE, files=place)


def case_data(case: CaseFile, language: str) -> dict[str, Any]:
    """What the template is given."""
    language = on_paper(language)

    def say(text: Text) -> str:
        return text.say(language)

    with override(language):
        petition, here = case.petition, law.at(case.made_at, case.petition.jurisdiction)[1]
        present = [file for file in case.files if stores.store().has(file.sha256)]
        # The compiler reads files from the store by their path: those under seal are in the ZIP alone.
        plain = [file for file in present if file.data_key is None]
        told = {step.seq for step in case.story.timeline}
        return {
            "lang": "zh" if language.lower().startswith("zh") else "en",
            "words": {name: say(text) for name, text in WORDS.items()},
            "title": f"{say(WORDS['title'])} {petition.ref}",
            "organ": say(petition.holder.name),
            "date": [here.year, here.month, here.day],
            "colon": say(COLON),
            "stamp": stamp(language),
            "cover": list(_cover(case, language)),
            "subject": petition.subject,
            "text": petition.text,
            "steps": [_step(step, language) for step in case.story.timeline],
            "terms": [_term(told, language) for told in case.story.clocks],
            "letters": [_letter(letter, language) for letter in case.letters.values()],
            "files": [_file(file, language, lost=file not in present) for file in case.files],
            "pictures": [_picture(file) for file in plain if file.media_type in PICTURES],
            "attached": [_attached(file) for file in _embedded(plain)],
            "log": case.for_author,
            "openings": [
                [moment(o.at), say(o.body), say(o.role), say(o.title), say(o.purpose), say(o.words)]
                for o in case.story.openings
            ],
            "proofs": [
                [str(entry.seq), ledger.second(entry.recorded_at), ledger.digest(bytes(entry.public))]
                for entry in petition.entries.all()
                if entry.seq in told
            ],
        }


def _cover(case: CaseFile, language: str) -> Iterator[list[str]]:
    petition = case.petition
    rows = (
        (Text("编号", "Reference"), petition.ref),
        (Text("标题", "Subject"), petition.subject),
        (Text("类别", "Class"), str(petition.get_kind_display())),
        (Text("提出", "Lodged"), f"{moment(petition.lodged_at)} · {channel_of(petition).say(language)}"),
        (Text("承办单位", "With"), petition.holder.name.say(language)),
        (Text("状态", "State"), case.story.state.text.say(language)),
        (Text("制作时间", "Made"), moment(case.made_at)),
    )
    return ([label.say(language), value] for label, value in rows)


def _step(step: Told, language: str) -> dict[str, Any]:
    return {
        "at": moment(step.at),
        "title": step.title.say(language),
        "by": " · ".join(filter(None, (step.body.say(language), step.by.say(language)))),
        "article": articles.cite(step.article, step.rulebook).say(language),
        # What a letter says stands among the letters.
        "said": [] if step.document else [_said(fact, language) for fact in step.facts],
        "document": step.document.say(language) if step.document else "",
        "files": [file.name for file in step.attachments],
    }


def _said(fact: Fact, language: str) -> list[str]:
    value = fact.value.say(language) if isinstance(fact.value, Text) else fact.value
    return [fact.label.say(language), value]


def _term(told: ToldClock, language: str) -> dict[str, Any]:
    clock = told.clock
    reach = length(clock.days, clock.unit).say(language) if clock.unit in {"day", "workday"} else ""
    state = str(word(clock.state))
    return {
        "name": told.rule.text.say(language),
        "article": articles.cite(clock.article, clock.rulebook).say(language),
        "law": told.article_text.say(language),
        "length": reach,
        "start": Text.of_day(clock.start).say(language),
        "due": Text.of_day(clock.due).say(language),
        "state": state + (f" · {Text.of_day(clock.ended).say(language)}" if clock.ended else ""),
        "skipped": [f"{skip.date.isoformat()} {word(skip.why)}" for skip in clock.reckoning.skipped],
    }


def _letter(letter: Letter, language: str) -> dict[str, Any]:
    drawn = sheet(letter, language)
    names = ("title", "number", "organ", "to", "before", "parts", "closing", "day", "summary")
    return {name: drawn[name] for name in names}


def _file(file: Attachment, language: str, *, lost: bool) -> list[str]:
    name = f"{file.name} {WORDS['lost'].say(language)}" if lost else file.name
    return [name, file.media_type, f"{file.size:,}", file.digest]


def _stored(file: Attachment) -> str:
    """Where Typst finds the bytes, seen from the attachment store."""
    return f"/{file.sha256[:2]}/{file.sha256}"


def _picture(file: Attachment) -> dict[str, str]:
    return {"path": _stored(file), "format": PICTURES[file.media_type], "name": file.name}


def _attached(file: Attachment) -> dict[str, str]:
    return {"path": _stored(file), "name": f"{file.pk}-{file.name}", "type": file.media_type}


def _embedded(files: list[Attachment]) -> Iterator[Attachment]:
    room = MOST_EMBEDDED
    for file in files:
        room -= file.size
        if room >= 0:
            yield file
