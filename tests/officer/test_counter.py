"""The counter: whoever comes is taken in, leaves with a receipt, and their name is sealed as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.core import notes
from huiyin.registry import access
from huiyin.registry.models import Body, Idempotent, Petition
from huiyin.registry.receipt import receipt_key
from huiyin.vault.models import IdentitySeal
from huiyin.vault.unseal import open_identity

SAID = {
    "channel": "visit",
    "kind": "claim",
    "subject": "Street lamp",
    "text": "The lamp in our street is dark.",
    "truthful": "on",
    "service": "post",
    "language": "en",
}
PERSON = {"name": "Petra Jones", "phone": "555-1", "address": "1 Main St"}


def put(browser: Client, once: str = "", **said: Any) -> Any:
    return browser.post("/desk/new/", {**SAID, "once": once or "the-token-of-this-very-form-00000", **said})


def test_a_visitor_leaves_with_reference_key_and_signed_receipt(desk: Callable[..., Client]) -> None:
    page = put(desk("olga"))
    petition, filed = Petition.objects.get(), page.context["filed"]
    assert petition.channel == "visit"
    assert petition.holder.code == "xf"
    assert filed.key in page.content.decode()
    assert filed.ref in page.content.decode()
    assert "data:image/svg+xml" in page.content.decode()
    assert notes.read_note(filed.receipt, receipt_key())
    assert not hasattr(access.author_of(filed.ref, filed.key), "code")


def test_the_entry_names_the_officer_who_took_it_in(desk: Callable[..., Client]) -> None:
    put(desk("olga"))
    entry = Petition.objects.get().entries.get()
    assert entry.role == "registrar"
    assert entry.officer is not None
    assert entry.officer.login == "olga"


def test_the_name_is_sealed_and_on_no_later_page(desk: Callable[..., Client]) -> None:
    browser = desk("olga")
    page = put(browser, **PERSON)
    petition = Petition.objects.get()
    assert open_identity(petition.pk).name == "Petra Jones"
    assert b"Petra" not in page.content
    assert b"Petra" not in browser.get(f"/desk/p/{petition.ref}/").content
    assert b"Petra" not in browser.get("/desk/new/").content


def test_a_class_is_called_as_the_desk_calls_it_and_said_plainly(desk: Callable[..., Client]) -> None:
    page = desk("olga").get("/desk/new/").content.decode()
    label = page.partition('for="id_kind_0">')[2].partition("</label>")[0]
    assert label == 'Claim<span class="choice-hint">Something happened to me, and I want it put right</span>'


def test_no_name_is_needed(desk: Callable[..., Client]) -> None:
    assert put(desk("olga")).status_code == 200
    assert not IdentitySeal.objects.exists()


@pytest.mark.parametrize("channel", ["visit", "phone"])
def test_what_was_spoken_must_have_been_read_back(desk: Callable[..., Client], channel: str) -> None:
    page = put(desk("olga"), channel=channel, truthful="")
    assert page.status_code == 400
    assert page.context["form"].errors.keys() == {"truthful"}
    assert not Petition.objects.exists()


def test_a_letter_speaks_for_itself(desk: Callable[..., Client]) -> None:
    assert put(desk("olga"), channel="letter", truthful="").status_code == 200


def test_any_registrar_takes_in_what_is_for_another_body(desk: Callable[..., Client]) -> None:
    page = put(desk("tina"), body="zj")
    assert Petition.objects.get().holder.code == "zj"
    assert page.context["visible"] is False


def test_a_report_goes_past_the_body_it_is_about(desk: Callable[..., Client]) -> None:
    page = put(desk("olga"), kind="report", body="zj", against=["zj"])
    petition = Petition.objects.get()
    assert petition.holder.code == "jw"
    assert b"is kept from" in page.content
    assert desk("otto").get(f"/desk/p/{petition.ref}/").status_code == 404


def test_only_a_report_names_whom_it_is_about(desk: Callable[..., Client]) -> None:
    assert put(desk("olga"), against=["zj"]).status_code == 400
    assert not Petition.objects.exists()


def test_what_is_missing_is_said_and_what_was_typed_stays(desk: Callable[..., Client]) -> None:
    page = put(desk("olga"), subject="", **PERSON)
    assert page.status_code == 400
    assert b"The lamp in our street is dark." in page.content
    assert b"Petra Jones" in page.content  # not filed yet: still theirs to correct


def test_a_form_sent_twice_is_filed_once_and_shows_the_same_receipt(desk: Callable[..., Client]) -> None:
    browser, token = desk("olga"), "the-token-of-this-very-form-00001"
    first, second = put(browser, token), put(browser, token)
    assert Petition.objects.count() == 1
    assert second.context["filed"].key == first.context["filed"].key
    assert b"Nothing was filed a second time" in second.content


def test_what_was_changed_after_the_first_sending_is_not_taken_for_filed(desk: Callable[..., Client]) -> None:
    browser, token = desk("olga"), "the-token-of-this-very-form-00002"
    put(browser, token)
    page = put(browser, token, text="Something else")
    assert Petition.objects.get().text == SAID["text"]
    assert b"what was changed in it since is not" in page.content


def test_the_kept_answer_cannot_be_read_without_the_form(desk: Callable[..., Client]) -> None:
    page = put(desk("olga"))
    kept = Idempotent.objects.get()
    assert page.context["filed"].key.encode() not in bytes(kept.answer)
    assert page.context["filed"].ref.encode() not in bytes(kept.answer)


def test_a_form_without_its_token_files_nothing_and_keeps_the_words(desk: Callable[..., Client]) -> None:
    page = desk("olga").post("/desk/new/", SAID)
    assert page.status_code == 400
    assert SAID["text"].encode() in page.content
    assert not Petition.objects.exists()


def test_each_new_form_has_a_token_of_its_own(desk: Callable[..., Client]) -> None:
    browser = desk("olga")
    assert browser.get("/desk/new/").context["once"] != browser.get("/desk/new/").context["once"]


def test_a_scan_of_the_letter_stays_with_the_petition(desk: Callable[..., Client]) -> None:
    scan = SimpleUploadedFile("letter.txt", b"Dear county")
    put(desk("olga"), channel="letter", attachments=scan)
    assert Petition.objects.get().attachments.get().name == "letter.txt"


def test_a_file_that_cannot_be_taken_is_named(desk: Callable[..., Client]) -> None:
    page = put(desk("olga"), attachments=SimpleUploadedFile("letter.exe", b"MZ\x90\x00"))
    assert page.status_code == 409
    assert b"letter.exe" in page.content
    assert not Petition.objects.exists()


def test_a_word_narrows_each_list_of_bodies_and_nothing_typed_is_lost(
    desk: Callable[..., Client], bodies: dict[str, Body]
) -> None:
    for number in range(14):
        Body.objects.create(
            code=f"b{number}",
            name_zh=f"县第{number}局",
            name_en=f"Bureau {number}",
            kind="organ",
            level="county",
            superior=bodies["xian"],
        )
    typed: dict[str, Any] = {
        **PERSON,
        "step": "find",
        "kind": "report",
        "against": ["zj"],
        "find_against": "bureau 7",
    }
    page = put(desk("olga"), **typed)
    form, html = page.context["form"], page.content.decode()
    assert {code for code, _ in form.fields["against"].choices} == {"b7", "zj"}  # what was chosen stays
    assert len(form.fields["body"].choices) > 14
    assert form["against"].value() == ["zj"]
    assert form["name"].value() == "Petra Jones"
    assert "Bodies that fit: 1" in html
    assert html.count("The list below grows shorter") == 2  # beside the two boxes and under no other field
    assert "error-summary" not in html
    assert not Petition.objects.exists()
    assert put(desk("olga"), once="the-token-of-another-form-0000000").status_code == 200


def test_no_mailbox_is_asked_for_where_no_mail_is_sent(desk: Callable[..., Client], settings: Any) -> None:
    settings.MAILS = False
    form = desk("olga").get("/desk/new/").content.decode()
    assert ('name="phone"' in form, 'name="email"' in form) == (True, False)
    put(desk("olga"), **PERSON, email="petra@example.org")
    kept = open_identity(Petition.objects.get().pk)
    assert (kept.name, kept.email) == ("Petra Jones", "")
    assert 'name="email"' not in desk("ada").get("/desk/people/new/").content.decode()
    assert 'name="email"' not in desk("ada").get("/desk/people/otto/").content.decode()
