"""Every page of supervision, as the demonstration fills it: in both languages, and the forms work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.sample import CHECKLIST
from huiyin.registry import demonstration
from huiyin.registry.correspondence import BodyLetter, FileCheck, Inspection, LetterAnswer, Meeting
from huiyin.registry.models import Officer

pytestmark = pytest.mark.usefixtures("db", "house_keys")


def signed_in(login: str, language: str = "en") -> Client:
    browser = Client()
    browser.cookies["huiyin_language"] = language
    browser.force_login(Officer.objects.get(login=login))
    return browser


def test_every_page_opens_in_both_languages_and_its_form_works() -> None:
    demonstration.build(timezone.now())
    policy = BodyLetter.objects.get(kind="improve-policy", on_problem=None)
    late = BodyLetter.objects.get(kind="pursue-responsibility")
    sample, meeting = Inspection.objects.get(), Meeting.objects.get()
    left = next(r for r in sample.refs if not sample.checks.filter(ref=r).exists())
    places = {
        "supervisor-office": [
            *("supervise/", "letters/", "letters/new/improve-work/", "officials/", "inspections/new/"),
            f"letters/new/{late.kind}/?follows={late.pk}",
            *(f"letters/{letter.pk}/" for letter in BodyLetter.objects.exclude(sender__kind="conference")),
        ],
        "supervisor": ["inspections/", f"inspections/{sample.pk}/", f"inspections/{sample.pk}/{left}/"],
        "conference": ["conference/", "conference/new/", f"conference/{meeting.pk}/", "letters/new/listing/"],
        "head": ["letters/"],
        "transport-head": [f"letters/{BodyLetter.objects.get(kind='listing').pk}/"],
    }
    for login, paths in places.items():
        for path in paths:
            for language in ("zh-hans", "en"):
                answer = signed_in(login, language).get(f"/desk/{path}")
                assert answer.status_code == 200, (login, path)
    _forms(policy, sample, left)


def _forms(policy: BodyLetter, sample: Inspection, left: str) -> None:
    office, supervisor = signed_in("supervisor-office"), signed_in("supervisor")
    term = (timezone.now() + timedelta(days=40)).date().isoformat()
    said: dict[str, Any] = {
        "sender": "qinghe-xf",
        "receiver": "qinghe-jt",
        "text": "Publish progress.",
        "refs": "",
    }
    wrong = office.post("/desk/letters/new/improve-work/", {**said, "term": "2000-01-01"})
    assert wrong.status_code == 400
    assert b"Publish progress." in wrong.content, "nothing typed is lost"
    sent = office.post("/desk/letters/new/improve-work/", {**said, "term": term})
    letter = BodyLetter.objects.order_by("-pk")[0]
    assert sent.headers["Location"] == f"/desk/letters/{letter.pk}/"
    reply = {"adopted": "part", "reasons": "From next month."}
    assert signed_in("transport-head").post(f"/desk/letters/{letter.pk}/", reply).status_code == 302
    assert LetterAnswer.objects.get(letter=letter).adopted == "part"
    checked = supervisor.get(f"/desk/inspections/{sample.pk}/{left}/").content.decode()
    assert f'href="/desk/p/{left}/"' in checked, "the file to be checked is one press away"
    items = dict.fromkeys(CHECKLIST, "yes")
    assert supervisor.post(f"/desk/inspections/{sample.pk}/{left}/", {**items, "note": ""}).status_code == 302
    assert FileCheck.objects.filter(ref=left, inspection=sample).exists()
    looked = {"kind": "tour-report", "sender": "qinghe-xf", "receiver": "qinghe-jw"}
    looked |= {"first": "2026-01-01", "last": "2026-12-31", "look": "1"}
    assert b"This would be sent" in office.post("/desk/officials/", looked).content
