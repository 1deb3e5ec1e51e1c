"""Whatever is sent to the door of Open311, it answers in the form that was asked for, and with no fault."""

from __future__ import annotations

import json
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.doors.open311 import services
from huiyin.registry.models import Body
from tests.open311.conftest import HERE

FIELDS = (
    *("service_code", "description", "address_string", "lat", "long", "email", "phone", "first_name"),
    *("last_name", "media_url", "jurisdiction_id", "api_key", "device_id", "account_id"),
    *("attribute[subject]", "attribute[kind]", "attribute[body]", "attribute[against]", "attribute[]"),
)
ASKED = ("service_request_id", "service_code", "start_date", "end_date", "status", "page_size", "x")
KNOWN = ("", "anything", "claim", "report", "zj", "县住建局", "2026-03-02T00:00:00Z", "open,closed", "9" * 30)
WORDS = st.one_of(st.sampled_from(KNOWN), st.text(max_size=60))
FORM = st.sampled_from(["json", "xml"])
OFTEN = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def _read(form: str, content: bytes) -> None:
    if form == "json":
        json.loads(content)
    else:
        ET.fromstring(content)


@pytest.fixture(autouse=True)
def patient(settings: object) -> None:
    settings.FILINGS_A_MINUTE = settings.BUSY_FROM = 1_000_000  # type: ignore[attr-defined]


@OFTEN
@given(form=FORM, said=st.dictionaries(st.sampled_from(FIELDS), WORDS), known=st.booleans())
def test_whatever_is_posted(bureau: Body, form: str, said: dict[str, str], known: bool) -> None:
    usual = {"service_code": services.code_of("住房"), "description": "路灯坏了"} if known else {}
    answer = Client().post(f"{HERE}/requests.{form}", usual | said)
    assert answer.status_code in {201, 400, 404, 409}, answer.content
    _read(form, answer.content)


@OFTEN
@given(
    form=FORM,
    where=st.sampled_from(["requests", "services", "discovery"]),
    asked=st.dictionaries(st.sampled_from(ASKED), WORDS),
)
def test_whatever_is_asked(bureau: Body, form: str, where: str, asked: dict[str, str]) -> None:
    answer = Client().get(f"{HERE}/{where}.{form}", asked)
    assert answer.status_code in {200, 400, 404}, answer.content
    _read(form, answer.content)


@OFTEN
@given(
    form=FORM,
    where=st.sampled_from(["requests", "services", "tokens"]),
    named=st.text(min_size=1, max_size=40),
)
def test_whatever_is_named(bureau: Body, form: str, where: str, named: str) -> None:
    answer = Client().get(f"{HERE}/{where}/{quote(named, safe='')}.{form}")
    assert answer.status_code in {200, 404}, answer.content
