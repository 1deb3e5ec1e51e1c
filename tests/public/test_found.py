"""What programs read: answers as Atom, the map of pages, the service in the words of schema.org."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.registry import faces, solving
from huiyin.registry.models import Body, Problem
from tests.cast import acting_as, legal_day

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def published() -> Problem:
    """Taken up by the head of the housing office, as at the desk."""
    today = legal_day(timezone.now())
    made = Problem.objects.create(
        body=Body.objects.get(code="zj"),
        title="桥头巷路灯不亮",
        broken="晚上看不见路",
        place="桥头巷",
        plan="换灯",
        plan_by=today,
        outcome="已换好并验收",
        since=today.replace(day=1),
        found_on=today,
        refreshed_on=today,
    )
    assert solving.save(made, acting=acting_as("hedda"), now=timezone.now()) is None
    return made


def test_the_newest_answers_are_a_feed_of_titles_and_links(client: Client, cast: Any) -> None:
    problem = published()
    answer = client.get("/answers/feed.atom")
    feed = ET.fromstring(answer.content)
    assert answer["Content-Type"].startswith("application/atom+xml")
    (entry,) = feed.findall(f"{ATOM}entry")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"].endswith(f"/problems/{problem.pk}/")
    assert entry.findtext(f"{ATOM}title") == "桥头巷路灯不亮"
    assert "已换好" not in answer.content.decode()
    assert "noindex" in answer["X-Robots-Tag"]


def test_what_is_taken_down_is_in_no_feed(client: Client, cast: Any) -> None:
    published().delete()
    assert b"<entry>" not in client.get("/answers/feed.atom").content


def test_the_map_names_pages_that_open_and_nothing_private(client: Client, cast: Any, settings: Any) -> None:
    published()
    places = [each.text or "" for each in ET.fromstring(client.get("/sitemap.xml").content).iter(f"{MAP}loc")]
    assert len(places) > 12
    for place in places:
        path = place.removeprefix(settings.PUBLIC_URL)
        assert client.get(path).status_code == 200, path
        assert not path.startswith(("/desk", "/follow", "/opinions", "/answers"))
    assert "/sitemap.xml" in client.get("/robots.txt").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_service_is_described_without_a_word_inside_the_page(
    client: Client, bodies: Any, language: str
) -> None:
    faces.Face.objects.create(name_zh="县网上信访", operator="县信访局", contact="0571")
    said = json.loads(client.get("/service.jsonld", headers={"accept-language": language}).content)
    assert said["@type"] == "GovernmentService"
    assert said["provider"][0]["@type"] == "GovernmentOffice"
    page = client.get("/").content.decode()
    assert '/service.jsonld"' in page
    assert "<script>" not in page


def test_a_mailbox_that_is_read_is_one_of_its_channels(client: Client, bodies: Any, settings: Any) -> None:
    settings.IMAP, settings.IMAP_ADDRESS = object(), "petitions@house.test"
    said = json.loads(client.get("/service.jsonld").content)
    assert said["availableChannel"][1]["serviceUrl"] == "mailto:petitions@house.test"


def test_two_looks_at_an_empty_feed_are_the_same(client: Client, bodies: Any) -> None:
    first = client.get("/answers/feed.atom").content
    assert b"<updated>2000-01-01" in first
    assert client.get("/answers/feed.atom").content == first
