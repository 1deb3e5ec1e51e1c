"""What the screens say, collected for translation: English in the code, each other language in one file.

A language is a folder beside zh_Hans (docs/languages.md). 繁體 is never written by hand: its messages, and
the table for the texts of the law, are printed from 简体.

    tools/messages.py               collects msgids into each django.po and compiles django.mo
    tools/messages.py --take FILE   also takes the Chinese translations found in another .po file
    tools/messages.py --tidy        also drops translations that nothing asks for any more
    tools/messages.py --check       changes nothing; 1 if anything is stale, untranslated, fuzzy or malformed

Needs no gettext programs. The output holds no dates and no line numbers: what did not change stays as it was.
"""

import argparse
import fcntl
import io
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))  # run as a program, it stands in its own folder

from tools import traditional  # noqa: E402

SOURCE = HOUSE / "src" / "huiyin"
LOCALE = SOURCE / "site" / "locale"
MAIN, PRINTED = "zh_Hans", "zh_Hant"

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

Found = tuple[str, str | tuple[str, ...], str | None, list[str]]  # where, msgid, context, comments


class Timeless(Catalog):
    """A catalogue whose header says nothing that changes by itself."""

    def __init__(self, language: str = MAIN) -> None:
        super().__init__(locale=language, fuzzy=False)
        self.language = language

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # Babel's own fills in the time
        return [
            ("Project-Id-Version", "huiyin"),
            ("Language", self.language),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    @property
    def header_comment(self) -> str:  # Babel's own fills in the year
        if self.language == PRINTED:
            return f"# Huiyin in {PRINTED}. Printed from {MAIN} by `make messages`; change that."
        return f"# Huiyin in {self.language}. Written by `make messages`; fill in the empty msgstr."


def sources() -> list[Path]:
    """Every file that can say something on a screen."""
    python = (path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    templates = (
        path for path in SOURCE.rglob("templates/**/*") if path.suffix in {".html", ".txt", ".svg", ".xml"}
    )
    return sorted({*python, *templates})


def as_python(path: Path) -> bytes:
    """A file as Python's extractor wants it: templates are turned into calls of gettext first."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Indentation means nothing in a template and everything to Python's tokenizer.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return text.encode()


def collect() -> Iterator[Found]:
    """Every msgid in the house with where it stands."""
    for path in sources():
        said = io.BytesIO(as_python(path))
        for _line, msgid, comments, context in extract("python", said, KEYWORDS, ("Translators:",)):
            yield path.relative_to(HOUSE).as_posix(), msgid, context, comments


def languages() -> list[str]:
    """The languages that people translate into: one folder each."""
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir() and path.name != PRINTED)


def po(language: str) -> Path:
    """Where the messages of a language are kept."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str = MAIN) -> Catalog:
    """A .po file, or an empty catalogue where there is none."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def known(catalogues: Iterable[Catalog]) -> dict[object, Message]:
    """All translations by key; later catalogues win, what is untranslated never does."""
    words: dict[object, Message] = {}
    for catalogue in catalogues:
        for message in (*catalogue.obsolete.values(), *catalogue):
            if message.id and translated(message):
                words[key(message.id, message.context)] = message
    return words


def key(msgid: object, context: str | None) -> object:
    """What tells one message from another: for a plural, its singular."""
    return (context, msgid[0] if isinstance(msgid, (tuple, list)) else msgid)


def translated(message: Message) -> bool:
    """Whether every form has its words."""
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(forms) and all(forms)


def merge(
    found: Iterable[Found], words: dict[object, Message], *, keep_unused: bool, language: str = MAIN
) -> Timeless:
    """The catalogue of what is said now, with the translations there are."""
    merged, unused = Timeless(language), dict(words)
    for where, msgid, context, comments in found:
        merged.add(msgid, locations=[(where, 0)], auto_comments=comments, context=context)
    for message in merged:
        old = unused.pop(key(message.id, message.context), None)
        if old and message.id:
            message.string = fitting(message, old, merged.num_plurals)
            message.flags |= old.flags & {"fuzzy"}
            message.user_comments = list(old.user_comments)
    if keep_unused:  # a screen that is being rewritten finds its words again
        for message in unused.values():
            merged.obsolete[merged._key_for(message.id, message.context)] = message  # noqa: SLF001
    return merged


def fitting(message: Message, old: Message, plurals: int) -> str | tuple[str, ...]:
    """The old words in the shape of the new message, which has as many forms as its language."""
    forms = [form or "" for form in (old.string if isinstance(old.string, (tuple, list)) else (old.string,))]
    if not message.pluralizable:
        return forms[0]
    return tuple((forms + [""] * plurals)[:plurals])


def derived(catalogue: Timeless) -> Timeless:
    """The same catalogue in 繁體; without where each message stands, which the other says."""
    made = Timeless(PRINTED)
    for message in catalogue:
        if message.id:
            forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            other = tuple(traditional.converted(form or "") for form in forms)
            made.add(message.id, other if message.pluralizable else other[0], context=message.context)
    return made


def as_po(catalogue: Catalog) -> bytes:
    """The file people edit."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, sort_output=True, include_lineno=False)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The file Django reads."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def faults(catalogue: Catalog) -> Iterator[str]:
    """What a translator still has to do, a line each."""
    for message in catalogue:
        if not message.id:
            continue
        where = ", ".join(sorted({place for place, _line in message.locations}))
        if not translated(message):
            yield f"untranslated: {message.id!r} ({where})"
        elif message.fuzzy:
            yield f"fuzzy: {message.id!r} ({where})"
        else:
            yield from (f"malformed: {message.id!r}: {error}" for error in message.check(catalogue))


def files(catalogues: Iterable[Timeless]) -> dict[Path, bytes]:
    """Everything that is written, by where it goes."""
    made = {
        traditional.TABLE: traditional.printed(),
        traditional.BACK: traditional.as_file(traditional.back()),
    }
    for catalogue in catalogues:
        both = (catalogue, derived(catalogue)) if catalogue.language == MAIN else (catalogue,)
        for each in both:
            made[po(each.language)] = as_po(each)
            made[po(each.language).with_suffix(".mo")] = as_mo(each)
    return made


def stale(wanted: dict[Path, bytes]) -> Iterator[str]:
    """Which of the files is not what it would be if it were written now."""
    for path, content in wanted.items():
        if not path.exists() or path.read_bytes() != content:
            yield f"stale: {path.relative_to(HOUSE)}; run `make messages`"


@contextmanager
def alone() -> Iterator[None]:
    """Two people collecting at once must not lose each other's words."""
    with Path(tempfile.gettempdir(), f"huiyin-messages-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(path: Path, content: bytes) -> None:
    """Replace a file in one step, and only if it changes."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(path.suffix + ".new")
    new.write_bytes(content)
    new.replace(path)


def main() -> int:
    """Answer the command line."""
    parser = argparse.ArgumentParser(description="Collect, check and compile translations.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail on anything left to do")
    parser.add_argument("--tidy", action="store_true", help="drop translations that nothing asks for")
    parser.add_argument("--take", type=Path, action="append", default=[], help="a .po file with translations")
    wish = parser.parse_args()
    with alone():
        found, made = list(collect()), []
        for language in languages():
            taken = wish.take if language == MAIN else []
            words = known([read(po(language), language), *map(read, taken)])
            made.append(merge(found, words, keep_unused=not wish.tidy, language=language))
        written = files(made)
        left = [f"{each.language}: {fault}" for each in made for fault in faults(each)]
        if wish.check:
            trouble = [*left, *stale(written)]
            print(*trouble, sep="\n", end="\n" if trouble else "", file=sys.stderr)
            return 1 if trouble else 0
        for path, content in written.items():
            write(path, content)
    print(f"messages: {len(made[0])} in all, {len(left)} left to do", *left, sep="\n  ")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
