"""Pages that no link leads to: what a form answers when it is sent as it stands, and some filled in.

An empty form shows its errors, a button that cannot be undone its question, a filled one what comes of it: a
receipt, a slip with a password, what a list would do. Forms are pressed where they were found, a kind once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page
from playwright.sync_api import TimeoutError as TooLate

# They end the session that presses them.
NOT_PRESSED = re.compile(r"/desk/sign-out/")
STEP = re.compile(r"(?<=/move/)(?!unseal)[a-z-]+|(?<=/letters/new/)[a-z-]+")
ONE_OF_MANY = {"/desk/p/_/move/_/", "/desk/letters/new/_/"}
PATIENCE = 20_000  # ms
MOVES = 4  # of forms that differ by their step alone, how many each person presses
# Forms whose answer to what is well filled in is a page of its own. What is typed, by the field's name; the
# other boxes are filled with anything, and of what has to be chosen, the first is.
FILLED: dict[str, dict[str, str]] = {
    "/desk/new/": {"subject": "门前路灯不亮", "text": "路灯坏了三个月，请修好。", "email": ""},
    "/desk/people/new/": {"login": "newcomer", "name": "新来的", "email": ""},
    "/desk/lists/bodies/": {"file": "lists/bodies/template/"},
    "/desk/lists/people/": {"file": "lists/people/template/"},
    "/desk/lost-key/": {},
    "/desk/p/_/move/unseal/": {},
    "/desk/p/_/move/_/": {},
    "/desk/hand-over/": {},
}
FORMS = """() => [...document.querySelectorAll('main form')].map((form, at) => ({
  at, method: form.method, action: new URL(form.getAttribute('action') || location, location).pathname,
})).filter(form => form.method === 'post')"""
FILL = """([at, said]) => {
  const form = document.querySelectorAll('main form')[at], chosen = new Set();
  for (const each of form.elements) {
    if (each.type === 'hidden' || each.disabled || each.tagName === 'BUTTON') continue;
    if (each.name in said) { if (each.type !== 'file') each.value = said[each.name]; continue; }
    if (each.type === 'checkbox') each.checked = true;
    else if (each.type === 'radio') {
      if (!chosen.has(each.name)) each.checked = true;
      chosen.add(each.name);
    } else if (each.tagName === 'SELECT') each.selectedIndex = Math.max(
      [...each.options].findIndex(option => option.value), 0);
    else if (each.type === 'date') each.value = new Date(Date.now() + 864e5).toISOString().slice(0, 10);
    else if (each.type === 'number') each.value = each.value || each.min || '1';
    else if (each.type === 'time') each.value = '09:00';
    else if (each.type !== 'file') each.value = each.value || '照实填写的文字';
  }
}"""


@dataclass(frozen=True, slots=True)
class Form:
    """One form: the page it stands on, which of its forms it is, and where it is sent."""

    path: str
    at: int
    action: str


def forms_of(page: Page) -> list[Form]:
    """What can be pressed on a page."""
    path = urlsplit(page.url).path
    found: list[dict[str, Any]] = page.evaluate(FORMS)
    return [Form(path, each["at"], each["action"]) for each in found if not NOT_PRESSED.match(each["action"])]


def answers(
    page: Page, url: str, forms: list[Form], kind_of: Callable[[str], str], seen: Counter[tuple[str, str]]
) -> Iterator[tuple[Form, bool, int]]:
    """Press each form of a kind that nobody pressed so far: which, whether filled in, and the status.

    The answer is on the page when its form is told.
    """
    own = Counter[tuple[str, str]]()
    for form in forms:
        which = (_kind(form.path, kind_of), _kind(form.action, kind_of))
        enough = own[which] >= MOVES if which[1] in ONE_OF_MANY else seen[which] > 0
        if enough:
            continue
        own[which] += 1
        seen[which] += 1
        if (status := _pressed(page, url, form, None)) is not None:
            yield form, False, status
        if which[1] in FILLED and (status := _pressed(page, url, form, FILLED[which[1]])) is not None:
            yield form, True, status


def _kind(path: str, kind_of: Callable[[str], str]) -> str:
    return STEP.sub("_", kind_of(path))


def _pressed(page: Page, url: str, form: Form, said: dict[str, str] | None) -> int | None:
    """The status of the answer to a form, as it stands or filled in; None where none is there, or a file."""
    there = page.goto(url + form.path)
    found = page.locator("main form").nth(form.at)
    if there is None or there.status >= 400 or found.count() == 0:
        return None
    for fold in found.locator("xpath=ancestor::details[not(@open)]/summary").all():
        fold.click()
    if said is not None:
        page.evaluate(FILL, [form.at, said])
        if "file" in said:
            taken = page.request.get(f"{url}/desk/{said['file']}")
            file = {"name": "list.csv", "mimeType": "text/csv", "buffer": taken.body()}
            found.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    button = found.locator("button").filter(visible=True)
    chief = button.locator(
        "xpath=self::*[contains(concat(' ', @class, ' '), ' button ')][not(contains(@class, '-'))]"
    )
    if button.count() == 0:
        return None
    try:
        with page.expect_navigation(timeout=PATIENCE) as arrived:
            (chief if chief.count() else button).first.click(no_wait_after=True)
    except Error as error:  # a file was taken, and the page stays
        if isinstance(error, TooLate) or "Download" in error.message or "ERR_ABORTED" in error.message:
            return None
        raise
    answer = arrived.value
    return answer.status if answer.headers.get("content-type", "").startswith("text/html") else None
