"""Every page of the demonstration, as each person in it sees the page: looked at and photographed.

    tools/looks.py                                   builds a demonstration of its own, writes into looks/
    tools/looks.py --url URL --data FOLDER           looks at a demonstration that runs already
    tools/looks.py --who head --only /desk/p/
    tools/looks.py --who registrar --who handler    several people, each by the beginning of the name
    tools/looks.py --all                             every page that is looked at in every way
    tools/looks.py --quick                           photographs alone: axe is what takes the time

One of a kind is looked at by each person, and two by all of them together. The first of a kind is looked at
on a phone, a tablet and a desk, in each language, and between them light and dark; the second in the ways
that the first was not; the others in one way, which goes round. So each kind is seen in each language,
width and scheme, and there are few enough photographs for a person to look at: looks/index.html leads to a
contact sheet of each kind. What no link leads to is walked through as people walk it: lodging, with what
each page says to somebody who left it empty, up to the receipt; at the desk each kind of form is sent,
empty and some filled in (`tools/pressing.py`). That nothing of the desk is left out,
tests/journeys/test_every_face.py holds.

Prints what no page may have: an error, something that sticks out, what axe finds, a date or a code that a
machine wrote, words in the other language. Exit status 1 if there was any.
"""

import argparse
import csv
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from os import environ
from pathlib import Path
from typing import Literal
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))  # run as a program, it stands in its own folder

from tools import pressing, traditional  # noqa: E402

WORDS = HOUSE / "src/huiyin/site/locale/zh_Hans/LC_MESSAGES/django.po"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICERS = (
    *("registrar", "handler", "head", "leader", "reviewer", "reviewer-city", "supervisor", "supervisor-city"),
    *("supervisor-office", "conference", "administrator", "auditor", "custodian", "relief", "discipline"),
)
PASSWORD = "yunxi-demo-2026"  # noqa: S105 `huiyin serve --demo` prints it for everybody
ANYBODY, AUTHOR = "anybody", "author"
Scheme = Literal["light", "dark"]
LANGUAGES = {"zh-hans": "zh-CN", "en": "en-GB", "zh-hant": "zh-TW"}
Way = tuple[int, Scheme]
ONE: tuple[Way, ...] = ((360, "light"), (768, "dark"), (1280, "light"))
OTHER: tuple[Way, ...] = ((1280, "dark"), (360, "dark"), (768, "light"))
WAYS: dict[str, tuple[tuple[Way, ...], tuple[Way, ...]]] = {  # of the first of a kind, and of the second
    "zh-hans": (ONE, OTHER),
    "en": (OTHER, ONE),
    "zh-hant": (ONE[:1], OTHER[:1]),  # the same sentences in other letters: enough to see them
}
EACH, ALL = 1, 2  # of pages of one kind, how many a person looks at, and everybody together ...
EACH_PETITION, ALL_PETITIONS = 3, 24  # ... but petitions differ
PETITIONS = frozenset({"/desk/p/_/", "/follow/petition/"})
PATIENCE = 180.0  # seconds until a demonstration is built, or a page is there on a machine with much to do
# Addresses that no photograph is taken of, and why.
LEFT_OUT = {
    "desk:assessment-proof": "a file, of an assessment that was issued",
    "desk:api-account": "for programs",
    "desk:api-attachment": "for programs",
    "desk:api-board": "for programs",
    "desk:api-board-petitions": "for programs",
    "desk:api-inbox": "for programs",
    "desk:api-letter": "for programs",
    "desk:api-moves": "for programs",
    "desk:api-none": "for programs",
    "desk:api-openapi": "for programs",
    "desk:api-petition": "for programs",
    "desk:api-send-file": "for programs",
    "desk:body-import": "only once a list was kept",
    "desk:calendar-feed": "a file, behind an address of each officer's own",
    "desk:case-conference": "only where a conference was called",
    "desk:conclude": "only where a conference was called",
    "desk:custody-decide": "only where a seal was asked to be opened",
    "desk:custody-one": "only where a seal was asked to be opened",
    "desk:file": "a file of a petition's",
    "desk:hold": "only where what is kept is about to be erased",
    "desk:inspection-draw": "only between announcing and drawing",
    "desk:inspection-list": "a file",
    "desk:lift-hold": "only where something is held",
    "desk:looked-at": "only where something was left for the next on duty",
    "desk:new-slips": "only while an officer never signed in, and those of a demonstration need no slip",
    "desk:none": "only for somebody without a role",
    "desk:all-tokens-end": "only where a token was made",
    "desk:passage": "only where a template was written",
    "desk:drop-password": "only where an account is linked with an identity provider",
    "desk:end-link": "only where an account is linked with an identity provider",
    "desk:takeover": "only where a takeover was begun",
    "desk:takeover-columns": "a file",
    "desk:takeover-file": "only where a takeover was begun",
    "desk:takeover-report": "a file",
    "desk:paper-file": "only where a scanned file could not be opened",
    "desk:paper-left-out": "only where a scanned letter waits",
    "desk:paper-letter": "only where a scanned letter waits",
    "desk:paper-page": "a picture",
    "desk:paper-register": "only where a scanned letter waits",
    "desk:paper-sort": "only where a scanned letter waits",
    "desk:provider": "only with an identity provider",
    "desk:provider-again": "leads to an identity provider",
    "desk:provider-back": "where an identity provider leads back",
    "desk:provider-leave": "leads to an identity provider",
    "desk:provider-link": "leads to an identity provider",
    "desk:provider-start": "leads to an identity provider",
    "desk:put-on-agenda": "only where a conference was called",
    "desk:question-outcome": "only where a question was asked",
    "desk:relief-one": "only where aid was asked for",
    "desk:relief-open": "only where aid was asked for",
    "desk:relief-receive": "only where aid was asked for",
    "desk:scanned-page": "a picture",
    "desk:search-json": "for programs",
    "desk:scim-config": "for programs",
    "desk:scim-none": "for programs",
    "desk:scim-schema": "for programs",
    "desk:scim-schemas": "for programs",
    "desk:scim-search": "for programs",
    "desk:scim-search-all": "for programs",
    "desk:scim-type": "for programs",
    "desk:scim-types": "for programs",
    "desk:scim-user": "for programs",
    "desk:scim-users": "for programs",
    "desk:second-factor-codes": "only with a second factor, which a demonstration asks nobody for",
    "desk:second-factor-remove": "only with a second factor",
    "desk:second-step": "only with a second factor",
    "desk:sign-in": "before anybody has signed in",
    "desk:sign-out": "ends the session",
    "desk:sign-out-everywhere": "ends the session",
    "desk:token-end": "only where a token was made",
    "desk:take-off-agenda": "only where a conference was called",
    "desk:year-csv": "a file",
    "desk:year-docx": "a file",
    "desk:year-html": "a file",
    "desk:year-pdf": "a file",
    "petitioner:other-receipt": "only where another installation took it over",
    "petitioner:cancel-booking": "a press, which leads back",
    "petitioner:file": "a file of the petitioner's own",
    "petitioner:join": "behind an invitation, which is shown once",
    "petitioner:leave": "a press, which leads back",
    "petitioner:part": "a press, which leads to a petition's page",
    "petitioner:proof": "a file",
    "petitioner:receipt": "a file",
    "petitioner:relief-back": "a press, which leads back",
    "desk:crossing-again": "only where a message to another installation waits",
    "desk:partner-body": "only where another installation is known",
    "desk:partner-end": "only where another installation is known",
    "desk:webhook-again": "only where somebody is told",
    "desk:webhook-end": "only where somebody is told",
    "public:answers-feed": "a file",
    "public:log-program": "a file",
    "public:open-data-file": "a file",
    "public:opinion": "only where a law lets opinions be published",
    "public:opinions": "only where a law lets opinions be published",
    "public:problem": "only where a body has taken a problem up",
    "public:reception-feed": "a file",
    "public:robots": "for programs",
    "public:service": "for programs",
    "public:sitemap": "for programs",
}
# Addresses of the desk that a button leads to (`tools/pressing.py`), or a link that only some are shown.
PRESSED = frozenset(
    {
        *("assessment-decide", "assessment-issue", "assessment-object"),
        *("conferences", "filter-drop", "filter-save", "give-role", "hand-over", "leave", "matter-same"),
        *("new-password", "problem-dismiss", "reception-book", "reception-call-off", "reset-second-factor"),
        *("single-keys", "state", "take-off", "take-role", "try-mail", "try-text"),
    }
)
ON, SEND = "main form [name=go][value=next].button", "main form [name=go][value=send].button"
LODGED = {  # what is typed on each page of lodging
    "zh-hans": (
        "路灯三个月不亮",
        "桥头巷六盏路灯三个月不亮，老人摔过两次。请修好，并说明由谁负责。",
        "李小溪",
    ),
    "en": (
        "Street lamps out for three months",
        "Six lamps in Bridge Lane have been out for three months.",
        "Ann Lee",
    ),
    "zh-hant": (
        "路燈三個月不亮",
        "橋頭巷六盞路燈三個月不亮，老人摔過兩次。請修好，並說明由誰負責。",
        "李小溪",
    ),
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)', re.IGNORECASE)
NUMBERS = re.compile(r"HY-[0-9A-Z-]+|[0-9a-f-]{36}|\d+")
NAMED = re.compile(  # pages of one kind, by name
    r"(?<=/rules/)[^/]+|(?<=/steps/)[^/]+|(?<=/questions/)(?!new/)[^/]+"
    r"|(?<=/desk/bodies/)(?!new/)[^/]+|(?<=/desk/people/)(?!new/)[^/]+"
)
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
CODE = re.compile(r"(?!e-mail$)[a-z]+(-[a-z]+)+|None|True|False|.*(\{\{|\{%|%\(\w+\)s).*")
# What is said in the page's own language: neither what people wrote nor what stands there for machines.
TEXTS = """() => {
  const said = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const inside = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
    if (inside.closest('script,style,code,kbd,pre,textarea,time,bdi,[lang]:not(html)')) continue;
    if (text) said.push(text);
  }
  return said;
}"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


@dataclass(slots=True)
class Looker:
    """Goes from page to page and remembers what was not good."""

    url: str
    folder: Path
    only: str
    words: dict[str, frozenset[str]]  # by language: what only the other language says
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)  # by kind of page and language
    problems: list[str] = field(default_factory=list)
    whole: bool = False  # every page in every way
    quick: bool = False  # without axe
    photographs: dict[str, list[Path]] = field(default_factory=dict)  # by kind of page
    pressed: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)  # by language

    @property
    def taken(self) -> int:
        return sum(map(len, self.photographs.values()))

    def ways(self, kind: str, language: str) -> tuple[Way, ...]:
        """How this page is looked at, given how many of its kind were."""
        first, second = WAYS[language]
        number = self.seen[kind, language]
        if self.whole and language != "zh-hant":
            return (*first, *second)
        if number < 2:
            return (first, second)[number]
        return ((first + second)[number % len(first + second)],)

    def walk(self, page: Page, who: str, language: str, start: str) -> None:
        """Look at every page within reach of a first one, a few of each kind."""
        waiting, known, kinds = [start], {start}, Counter[str]()
        forms: list[pressing.Form] = []
        while waiting:
            path = waiting.pop(0)
            kind = kind_of(path)
            each, all_ = (EACH_PETITION, ALL_PETITIONS) if kind in PETITIONS else (EACH, ALL)
            if kinds[kind] >= each:
                continue
            kinds[kind] += 1
            answer = page.request.get(self.url + path)
            if answer.status >= 400:
                self.tell(f"{answer.status} {who} {language} {path}")
            if not is_page(answer.headers):
                continue
            for link in LINK.findall(answer.text()):
                place = self._within(urljoin(self.url + path, link.replace("&amp;", "&")), who)
                if place and place not in known:
                    known.add(place)
                    waiting.append(place)
            if self.only in path and self.seen[kind, language] < all_:
                self.look(page, who, language, path)
                forms += pressing.forms_of(page) if start == "/desk/" else []
        pressed = self.pressed.setdefault(language, Counter())
        for form, filled, status in pressing.answers(page, self.url, forms, kind_of, pressed):
            if status >= 500:
                self.tell(f"{status} {who} {language} {form}")
            self.judge(page, who, language, f"{form.action}{'filled' if filled else 'sent'}")

    def tell(self, problem: str) -> None:
        """Say each once, as soon as it is found: the whole takes long, and may be stopped."""
        if problem not in self.problems:
            self.problems.append(problem)
            print(problem, flush=True)

    def _within(self, address: str, who: str) -> str:
        found = urlsplit(address)
        zone = {ANYBODY: "/", AUTHOR: "/follow/"}.get(who.partition(" ")[0], "/desk/")
        if not address.startswith(self.url) or not found.path.startswith(zone):
            return ""
        return "" if who == ANYBODY and found.path.startswith("/desk") else found.path

    def look(self, page: Page, who: str, language: str, path: str) -> None:
        """One page that has an address: opened, and listened to while it opens."""
        said: list[str] = []

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error":
                said.append(message.text)

        page.on("console", heard)
        page.goto(self.url + path)
        page.remove_listener("console", heard)
        for text in said:
            self.tell(f"console: {text} {who} {language} {path}")
        self.judge(page, who, language, path)

    def judge(self, page: Page, who: str, language: str, path: str) -> None:
        """The page as it stands: judged by its text, the first of its kind by axe too, and photographed."""
        place, kind = f"{who} {language} {path}", kind_of(path)
        first = not self.seen[kind, language]
        texts: list[str] = page.evaluate(TEXTS)
        for fault in (fault for text in texts for fault in faults_of(text, self.words[language])):
            self.tell(f"{fault} {place}")
        for width, scheme in self.ways(kind, language):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            if (over := page.evaluate(TOO_WIDE)) > 0:
                self.tell(f"{over} px too wide at {width} {place}")
            if first and not self.quick:
                self._ask_axe(page, f"{scheme} {width} {place}")
            name = NUMBERS.sub(lambda found: found[0][-12:], path).strip("/").replace("/", ".") or "home"
            target = self.folder / who.replace(" ", ".") / f"{name}.{language}.{width}.{scheme}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            # To hide the caret, a style would be put into the page, against its policy.
            page.screenshot(path=target, full_page=True, caret="initial")
            self.photographs.setdefault(kind, []).append(target)
        self.seen[kind, language] += 1

    def lodge(self, page: Page, language: str) -> None:
        """Lodge with a name and then without one, each page before and after it was left empty."""
        subject, text, name = LODGED[language]
        for who in ("named", "anonymous"):
            page.goto(f"{self.url}/lodge/write/")
            self._press(page, language, ON, "write-empty")
            page.fill("main [name=text]", text)
            page.fill("main [name=subject]", subject)
            self._press(page, language, ON, "about")
            self._press(page, language, ON, "body")
            self._press(page, language, ON, "author")
            self._press(page, language, ON, "author-empty")
            page.check(f"main [name=who][value={who}]")
            if who == "named":
                self._press(page, language, ON, "name-empty")
                page.fill("main [name=name]", name)
            self._press(page, language, ON, "check")
            self._press(page, language, SEND, "receipt")

    def _press(self, page: Page, language: str, button: str, name: str) -> None:
        page.click(button)
        page.wait_for_load_state()
        path = f"/lodge/write/{name}/"
        if self.only in path:
            self.judge(page, ANYBODY, language, path)

    def _ask_axe(self, page: Page, place: str) -> None:
        for found in Axe().run(page, options=RULES).response["violations"]:
            where = ", ".join(node["html"][:120] for node in found["nodes"][:2])
            self.tell(f"axe {found['id']}: {where} {place}")


def kind_of(path: str) -> str:
    """The address without what only says which one it is."""
    return NUMBERS.sub("_", NAMED.sub("_", path))


def is_page(headers: Mapping[str, str]) -> bool:
    """Whether an answer is a page to be looked at: one that is kept as a file is none."""
    kept = headers.get("content-disposition", "").startswith("attachment")
    return headers.get("content-type", "").startswith("text/html") and not kept


def faults_of(text: str, other: frozenset[str]) -> Iterator[str]:
    """What is wrong with one piece of text, given what only the other language says."""
    if ISO.search(text):
        yield f"date of a machine: {text[:80]!r}"
    if CODE.fullmatch(text):
        yield f"code of a machine: {text[:80]!r}"
    if text in other:
        yield f"other language: {text[:80]!r}"


def of_other_language() -> dict[str, frozenset[str]]:
    """For each language, the sentences that only the other one says."""
    with WORDS.open("rb") as file:
        pairs = {
            (m.id, m.string) for m in read_po(file) if isinstance(m.id, str) and isinstance(m.string, str)
        }
    english, chinese = ({pair[place] for pair in pairs if all(pair)} for place in (0, 1))
    spoken = {text for text in chinese - english if traditional.CHINESE.search(text)}  # CSV is said in both
    other = {"zh-hans": frozenset(english - chinese), "en": frozenset(spoken)}
    other["zh-hans"] -= {"English"}  # a language is called by its own name everywhere
    # What changes in 繁體 at all must have changed.
    left = {text for text in chinese if traditional.converted(text) != text}
    return other | {"zh-hant": frozenset((english - chinese) | left) - {"English"}}


@contextmanager
def demonstration() -> Iterator[tuple[str, Path]]:
    """A demonstration of our own, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        url = f"http://127.0.0.1:{port}"
        command = [str(Path(sys.executable).parent / "huiyin"), "serve", "--demo", "--port", port]
        house = subprocess.Popen(
            command,
            env={**environ, "HUIYIN_DATA_DIR": folder, "HUIYIN_ZONE": "all"},
            stdout=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while not _answers(f"{url}/desk/sign-in/"):
                if house.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("the demonstration does not answer")
                time.sleep(0.5)
            yield url, Path(folder)
        finally:
            house.send_signal(signal.SIGTERM)
            house.wait(30)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 our own address
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


def _arrive(context: BrowserContext, looker: Looker, who: str, key: dict[str, str]) -> Page:
    """A page of somebody who has signed in, or opened their petition, or done neither."""
    page = context.new_page()
    if who == ANYBODY:
        return page
    page.goto(looker.url + ("/follow/" if key else "/desk/sign-in/"))
    said = (
        {"follow_ref": key["ref"], "follow_key": key["key"]} if key else {"login": who, "password": PASSWORD}
    )
    for name, value in said.items():
        page.fill(f"main [name={name}]", value)
    page.click("main form button.button")
    page.wait_for_load_state()
    if page.url.rstrip("/").endswith(("/follow", "/sign-in")):
        looker.tell(f"could not come in: {who}")
    return page


def everybody(data: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Who looks, at what first, and with which key."""
    yield ANYBODY, "/", {}
    yield from ((login, "/desk/", {}) for login in OFFICERS)
    with (data / "demonstration.csv").open(encoding="utf-8-sig") as file:
        for number, key in enumerate(csv.DictReader(file), 1):
            yield f"{AUTHOR} {number:02} {key['state']}", "/follow/petition/", key


def visit(browser: Browser, looker: Looker, data: Path, who: tuple[str, ...]) -> None:
    """Let each person look, in each language."""
    for name, start, key in everybody(data):
        if not name.startswith(who):
            continue
        for language, tongue in LANGUAGES.items():
            context = browser.new_context(locale=tongue, timezone_id="Asia/Shanghai", reduced_motion="reduce")
            context.set_default_timeout(PATIENCE * 1000)
            page = _arrive(context, looker, name, key)
            looker.walk(page, name, language, start)
            if name == ANYBODY:
                looker.lodge(page, language)
            context.close()
        print(f"{name}: {looker.taken} photographs, {len(looker.problems)} problems", flush=True)


# ---- contact sheets

SHEET = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>
body {{ margin: 1rem; font: 14px/1.4 sans-serif; background: #888; }}
h1 {{ font-size: 1rem; }}
main {{ display: flex; flex-wrap: wrap; align-items: flex-start; gap: 12px; }}
figure {{ margin: 0; background: #fff; }}
figcaption {{ padding: 4px 8px; }}
img {{ display: block; zoom: .5; }}
</style><h1>{title}</h1><main>{inside}</main></html>"""


def contact_sheets(browser: Browser, looker: Looker) -> None:
    """One page and one picture for each kind of page, and a list of them."""
    folder = looker.folder / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1900, "height": 900})
    lines = []
    for kind, taken in sorted(looker.photographs.items()):
        name = kind.strip("/").replace("/", ".") or "home"
        figures = (
            f"<figure><figcaption>{escape(' '.join(path.relative_to(looker.folder).parts))}</figcaption>"
            f'<img src="../{path.relative_to(looker.folder).as_posix()}" loading="eager" alt=""></figure>'
            for path in taken
        )
        sheet = folder / f"{name}.html"
        sheet.write_text(SHEET.format(title=escape(kind), inside="".join(figures)), encoding="utf-8")
        page.goto(sheet.as_uri())
        page.screenshot(path=sheet.with_suffix(".png"), full_page=True)
        lines.append(f'<li><a href="sheets/{sheet.name}">{escape(kind)}</a> ({len(taken)})</li>')
    page.close()
    listed = SHEET.format(title="Every kind of page", inside=f"<ul>{''.join(lines)}</ul>")
    (looker.folder / "index.html").write_text(listed, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Looks at every page of the demonstration and photographs it."
    )
    parser.add_argument("--url", default="", help="a demonstration that runs already")
    parser.add_argument("--data", type=Path, help="its data folder")
    parser.add_argument("--folder", type=Path, default=HOUSE / "looks", help="where the photographs go")
    parser.add_argument(
        "--who",
        action="append",
        help="only people whose name begins so: head, anybody, author 03; several times",
    )
    parser.add_argument("--only", default="", help="only addresses that contain this")
    parser.add_argument("--all", action="store_true", help="each page in each language, width and scheme")
    parser.add_argument("--quick", action="store_true", help="without axe")
    asked = parser.parse_args()
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise SystemExit("no Chromium here: `make test` installs it as root")
    who = tuple(asked.who or ("",))
    looker = Looker(
        url=asked.url.rstrip("/"),
        folder=asked.folder,
        only=asked.only,
        words=of_other_language(),
        whole=asked.all,
        quick=asked.quick,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        if asked.url:
            visit(browser, looker, asked.data, who)
        else:
            with demonstration() as (looker.url, data):
                visit(browser, looker, data, who)
        contact_sheets(browser, looker)
        browser.close()
    return 1 if looker.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
