"""Read a page as a browser does: which fields a form would send if nothing were changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

Fields = dict[str, list[str]]


class _Form(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.fields: Fields = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("id", "") == self.form_id
        elif self.inside and tag == "input":
            self._input(said)
        elif self.inside and tag == "textarea":
            self._area = said["name"]
            self.fields.setdefault(self._area, []).append("")
        elif self.inside and tag == "select":
            self._select = said["name"]
        elif self.inside and tag == "option" and self._select and "selected" in said:
            self.fields.setdefault(self._select, []).append(said.get("value", ""))

    def _input(self, said: dict[str, str]) -> None:
        kind = said.get("type", "text")
        if kind == "file" or (kind in {"radio", "checkbox"} and "checked" not in said):
            return
        self.fields.setdefault(said["name"], []).append(said.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            # A browser drops the line break that follows the opening tag.
            kept = self.fields[self._area]
            kept[-1] += data.removeprefix("\n").removeprefix("\r\n") if not kept[-1] else data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


def fields_of(html: str, form_id: str) -> Fields:
    """What the form would send."""
    form = _Form(form_id)
    form.feed(html)
    return form.fields


def filled(html: str, form_id: str, **typed: Any) -> Fields:
    """The form as somebody filled it in; a list stands for several values."""
    changes = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return fields_of(html, form_id) | changes
