"""Two clients by two people who do not know us: between them they list services, post, poll and read."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from civicbot.http import HttpTransport, RateLimiter
from civicbot.open311 import Open311Client
from civicbot.registry import Endpoint
from georeport import GeoReport

from huiyin.doors.open311 import services
from huiyin.registry.models import Body, Competence, Officer, Petition
from tests.open311.conftest import HERE

pytestmark = pytest.mark.filterwarnings("default")  # of others' code


@pytest.fixture
def address(transactional_db: None, cast: dict[str, Officer], live_server: Any) -> str:
    """Where the door listens, with a bureau that is competent for housing."""
    Competence.objects.create(body=Body.objects.get(code="zj"), subject="住房", area="")
    return f"{live_server.url}{HERE}"


def test_they_list_services_post_poll_and_read(address: str, settings: Any) -> None:
    settings.GEOREPORT_KEYS = frozenset({hashlib.sha256(b"a-key").hexdigest()})
    reader = GeoReport(address, jurisdiction="cn")
    in_xml = GeoReport(address, output_format="xml")
    listed = reader.get_service_list()
    assert [each["service_code"] for each in in_xml.get_service_list()] == [
        each["service_code"] for each in listed
    ]
    code = next(each["service_code"] for each in listed if each["service_name"] == "住房")
    assert code == services.code_of("住房")
    assert reader.get_service_definition(code)["service_code"] == code
    assert in_xml.get_service_definition(code)["service_code"] == code

    there = Endpoint(id="here", name="here", base_url=address, write=True)
    quick = HttpTransport(rate_limiter=RateLimiter(min_interval=0.0))
    writer = Open311Client(there, quick, jurisdiction_id="cn")
    made = writer.create_request(
        code, dry_run=False, confirm="SEND", api_key="a-key", validate_remote=True, address_string="东门路口",
        description="路灯坏了三个月", attributes={"kind": "claim", "body": "zj"},
    )  # fmt: skip
    (left,) = made.response
    petition = Petition.objects.get(ref=left["extended_attributes"]["ref"])
    assert (petition.subject, petition.holder.code) == ("路灯坏了三个月", "zj")

    (known,) = writer.get_token(left["token"])
    named = known["service_request_id"]
    for told in (
        writer.get_request(named),
        reader.get_service_request(named),
        in_xml.get_service_request(named),
        reader.get_service_requests(service_request_id=named)[0],
    ):
        assert (told["service_request_id"], told["status"]) == (named, "open")
        assert told["agency_responsible"] == "县住建局"
    # Nobody's request is in the list, whoever asks.
    assert writer.list_requests() == reader.get_service_requests(status="open") == []
