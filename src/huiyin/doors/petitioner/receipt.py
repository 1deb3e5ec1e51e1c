"""The receipt: reference, key and signed proof, shown in answer to the sending and nowhere else."""

from __future__ import annotations

import base64
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.doors.petitioner import cards
from huiyin.doors.petitioner.once import Answer
from huiyin.doors.petitioner.visit import private
from huiyin.registry import law
from huiyin.registry.clocks import clocks_of
from huiyin.registry.models import Petition
from huiyin.registry.receipt import log_key


def show(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The page to print or photograph. No address leads here: the key is in no history and no log."""
    petition = Petition.objects.select_related("holder").get(ref=answer.ref)
    today = law.at(timezone.now(), petition.jurisdiction)[1]
    context = {
        "answer": answer,
        "petition": petition,
        "clocks": [cards.card(told, petition) for told in clocks_of(petition)],
        "today": today,
        **to_keep(answer),
        "link": link_of(answer.invitation) if answer.invitation else "",
    }
    return private(render(request, "petitioner/receipt.html", context))


def to_keep(answer: Answer) -> dict[str, Any]:
    """What the author takes along: reference and key as a picture and as a file, and the signed receipt."""
    return {
        # Plain text and no address: a camera shows it, and no browser opens it and keeps it.
        "qr": segno.make(f"{answer.ref}\n{answer.key}", error="m").svg_data_uri(border=2, scale=4),
        "keep": _as_file(_words_to_keep(answer)),
        "download": _as_file(answer.receipt),
        "receipt_qr": code_of(answer.receipt),
        "log_key": log_key(),
    }


def _words_to_keep(answer: Answer) -> str:
    told = (
        (_("Reference"), answer.ref),
        (_("Key"), answer.key),
        (_("Where to follow it"), f"{settings.PUBLIC_URL}{reverse('petitioner:follow')}"),
    )
    warning = _("Whoever has reference and key can read and act for you. Give the key to nobody.")
    colon = pgettext("before a term", ": ")
    # The mark at the front tells an old phone that this is UTF-8; the ends of lines suit every system.
    return "\ufeff" + "\r\n".join([*(f"{name}{colon}{value}" for name, value in told), "", str(warning), ""])


def _as_file(text: str) -> str:
    return f"data:text/plain;charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"


def code_of(receipt: str) -> str:
    """The whole signed receipt as a QR code, so that paper alone can prove it. It holds no key."""
    return segno.make(receipt, error="l").svg_data_uri(border=2, scale=2)


def link_of(invitation: str) -> str:
    """The address that the author passes on to those who may sign."""
    return f"{settings.PUBLIC_URL}{reverse('petitioner:join', args=[invitation])}"
