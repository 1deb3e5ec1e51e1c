"""For programs that look for this house: published answers as Atom, the map of its pages, what service it is.

Nothing of it is inside a page: our policy allows nothing inline, and a link does as well.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from huiyin.registry import asking, faces, finding_answers, law, receiving, solving
from huiyin.registry.models import Body

NEWEST = 50
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM = "application/atom+xml; charset=utf-8"


class Feed(Atom1Feed):
    """Django's, but that an empty one says the same whenever it is asked."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


@require_safe
def atom(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 the same for everybody
    """The newest published answers: which page, whose, when. What they say stands on the page alone."""
    now = timezone.now()
    publishes = law.at(now)[0].publishes
    rows = finding_answers.rows(finding_answers.NOTHING, publishes=publishes)[:NEWEST]
    found = finding_answers.read(rows, finding_answers.NOTHING)
    language = get_language() or ""
    address = _address("public:answers")
    feed = Feed(
        title=gettext("Published answers"),
        link=address,
        description="",
        language=language,
        feed_url=_address("public:answers-feed"),
        feed_guid=address,
    )
    for each in found:
        title = "".join(piece.said for piece in each.title) or gettext("Re-review opinion")
        page = _address(f"public:{each.kind}", each.page)
        day = datetime.combine(each.on, time(), UTC)
        feed.add_item(
            title=title,
            link=page,
            description="",
            unique_id=page,
            updateddate=day,
            author_name=each.body.say(language),
        )
    answer = HttpResponse(feed.writeString("utf-8"), content_type=ATOM)
    answer["X-Robots-Tag"] = "noindex, noarchive"  # as the page itself: what is taken down has to be gone
    return answer


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The pages that search engines may know; never what may be taken down again."""
    answer = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(answer, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", AttributesImpl({"xmlns": SITEMAP}))
    for address in _mapped():
        xml.startElement("url", AttributesImpl({}))
        xml.addQuickElement("loc", address)
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    return answer


def _mapped() -> list[str]:
    day = law.at(timezone.now())[1]
    names = ["home", "about", "how", "charter", "bodies", "receptions", "questions", "problems", "rules"]
    names += ["receipt-key", "log", "figures", "source"]
    plain = [_address(f"public:{name}") for name in names] + [_address("petitioner:lodge")]
    questions = [_address("public:question", each.code) for each in asking.public(day)[:NEWEST]]
    problems = [_address("public:problem", each.pk) for each in solving.public()[:NEWEST]]
    days = [_address("public:reception", each.pk) for each in receiving.upcoming(day)[:NEWEST]]
    return plain + questions + problems + days


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    said = f"User-agent: *\nDisallow: /desk/\nDisallow: /follow/\nSitemap: {_address('public:sitemap')}\n"
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@require_safe
def service(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """What service this is, in the words of schema.org (GovernmentService, JSON-LD)."""
    language = get_language() or ""
    face = faces.shown()
    channels = [_address("petitioner:lodge")]
    channels += [f"mailto:{settings.IMAP_ADDRESS}"] if settings.IMAP and settings.IMAP_ADDRESS else []
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": _address("public:home"),
        "url": _address("public:home"),
        "name": face.name.say(language) if face else gettext("Petitions and answers"),
        "serviceType": gettext("Petitions and answers"),
        "inLanguage": ["zh-Hans", "zh-Hant", "en"],
        "isAccessibleForFree": True,
        "termsOfService": _address("public:charter"),
        "availableChannel": [_channel(address) for address in channels],
    }
    if face:
        said["serviceOperator"] = {"@type": "GovernmentOrganization", "name": face.operator}
    receiving_bodies = Body.objects.filter(receives=True, active=True, external=False).order_by("path", "id")
    said["provider"] = [_office(body, language) for body in receiving_bodies[:NEWEST]]
    return HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/ld+json")


def _channel(address: str) -> dict[str, Any]:
    languages = ["zh-Hans", "zh-Hant", "en"]
    return {"@type": "ServiceChannel", "serviceUrl": address, "availableLanguage": languages}


def _office(body: Body, language: str) -> dict[str, Any]:
    said = {"@type": "GovernmentOffice", "name": body.name.say(language)}
    known = {"address": body.address, "telephone": body.phone, "openingHours": body.hours}
    return said | {name: value for name, value in known.items() if value}


def _address(name: str, *args: Any) -> str:
    return settings.PUBLIC_URL + reverse(name, args=args)
