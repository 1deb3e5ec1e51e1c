"""Laws of another kind in a real browser: each from lodging to its last stage, in a house of that law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from huiyin.core import rulebook
from tests.journeys.conftest import House
from tests.journeys.test_whole_story import act, ask, follow
from tests.journeys.walk import Walker, sign_in, walker

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
PASSWORD = "yunxi-demo-2026"  # of the demonstration
AUTHOR = "author"
UK = {
    "definition": "The heating is broken. Sought: a repair.",
    "outcome": "support",
    "reasons": "Policy 4.2.",
}
UK |= {"remedy": "An apology.", "actions": "A new boiler by the end of the month."}
FOUND = {"facts": "The certificate was filed under another number.", "view": "Paid.", "basis": "Rule 81."}
EXTEND = {"days": "20", "reasons": "An expert is needed.", "ombudsman": "0300 111 3000"}
AGREED = {"result": "agreement", "reasons": "达成一致。", "agreement": "十日内退货退款。"}
TEST = {"laboratory": "云溪市产品质量检验所", "test_terms": "双方同意送检，费用各半。"}
DECLINED = {
    "ground": "considered-before",
    "reasons": "We answered a complaint about the same doors in May.",
    "redirect": "None.",
    "ombudsman": "0300 111 3000",
}
SERVE = {"served_on": "today", "way": "electronic"}


@dataclass(frozen=True)
class Way:
    """A law, what is lodged under it, and each step to its last stage: who, which move, and what it says."""

    law: str
    language: str
    kind: str
    subject: str
    steps: tuple[tuple[str, str, Mapping[str, str]], ...]
    end: str  # what the author's page says at the end
    documents: int


WAYS = [
    Way(
        law="uk-housing",
        language="en",
        kind="claim",
        subject="No heating since the weekend",
        steps=(
            ("registrar", "acknowledge", {"definition": UK["definition"]}),
            ("handler", "issue-opinion", {**UK, "escalation": "Ask on this page."}),
            ("registrar", "serve", SERVE),
            (AUTHOR, "request-review", {}),
            ("reviewer", "acknowledge", {"definition": UK["definition"]}),
            (
                "head",
                "extend",
                {"days": "20", "reasons": "An expert is needed.", "ombudsman": "0300 111 3000"},
            ),
            ("reviewer", "issue-review-opinion", {**UK, "ombudsman": "0300 111 3000"}),
            ("reviewer", "serve", SERVE),
            ("handler", "report-carried-out", {"note": "The boiler is new."}),
            (AUTHOR, "confirm-carried-out", {}),
        ),
        end="Answered (stage 2)",
        documents=5,
    ),
    Way(
        law="in-cpgrams",
        language="en",
        kind="claim",
        subject="Family pension stopped without notice",
        steps=(
            ("registrar", "register", {"problem": "pension stopped"}),
            ("registrar", "transfer", {"body": "pensions", "reasons": "Pensions are theirs."}),
            ("handler", "register", {"problem": "pension stopped"}),
            ("handler", "accept", {}),
            ("handler", "interim-reply", {"reasons": "The bank has to confirm.", "term": "2099-01-04"}),
            ("handler", "issue-opinion", {**FOUND, "outcome": "not-supported"}),
            ("handler", "serve", SERVE),
            (AUTHOR, "request-review", {"grounds": "The certificate was in time."}),
            ("reviewer", "issue-review-opinion", {**FOUND, "review_outcome": "quash"}),
            ("reviewer", "serve", SERVE),
        ),
        end="Closed, appeal decided",
        documents=5,
    ),
    Way(
        law="cn-samr",
        language="zh-hans",
        kind="claim",
        subject="新买的冰箱不制冷，商家不肯退",
        steps=(
            ("registrar", "transfer", {"body": "qinghe-sj"}),
            ("handler", "accept", {}),
            ("head", "entrust", {"officer": "handler"}),
            (AUTHOR, "ask-recusal", {"recusal_ground": "interest", "note": "调解人员认识店主。"}),
            ("head", "refuse-recusal", {"reasons": "经查没有利害关系。"}),
            ("handler", "begin-test", {**TEST, "term": "2099-01-04"}),
            ("handler", "prolong-test", {"reasons": "排期推迟。", "term": "2099-02-04"}),
            ("handler", "end-test", {"test_result": "压缩机不合格。"}),
            ("handler", "issue-opinion", AGREED),
            ("handler", "serve", SERVE),
        ),
        end="已办结",
        documents=7,
    ),
    Way(
        law="cn-samr",
        language="zh-hans",
        kind="report",
        subject="超市把过期酸奶改日期再卖",
        steps=(
            ("registrar", "transfer", {"body": "qinghe-sj"}),
            ("handler", "accept", {}),
            ("head", "extend", {"days": "15", "reasons": "仓库在外县。"}),
            ("handler", "issue-opinion", {"filing": "filed", "reasons": "符合立案条件。"}),
            ("handler", "serve", SERVE),
        ),
        end="已办结",
        documents=4,
    ),
    Way(
        law="uk-housing",
        language="en",
        kind="claim",
        subject="Doors of the bin store do not close",
        steps=(
            ("handler", "decline", DECLINED),
            (AUTHOR, "rate", {"rating": "dissatisfied"}),
            ("head", "take-up-again", {"reasons": "The Ombudsman told us to take it on."}),
            ("registrar", "acknowledge", {"definition": UK["definition"]}),
        ),
        end="Acknowledged, being looked into",
        documents=3,
    ),
    Way(
        law="in-cpgrams",
        language="en",
        kind="claim",
        subject="Copies of my file",
        steps=(
            ("registrar", "register", {"problem": "copies"}),
            (
                "registrar",
                "decline",
                {"ground": "rti", "reasons": "It asks for copies.", "redirect": "The PIO."},
            ),
            (AUTHOR, "challenge", {"grounds": "I asked for a reply as well."}),
            ("reviewer", "uphold-refusal", {"reasons": "It asks for nothing else."}),
        ),
        end="Refusal looked at and upheld",
        documents=2,
    ),
]


def lodge(petra: Walker, way: Way) -> tuple[str, str]:
    """The five pages, without a name."""
    petra.go("/lodge/write/")
    petra.fill({"subject": way.subject, "text": way.subject})
    petra.page.locator(f"main [name=kind][value={way.kind}]").check()
    for _page in ("what happened", "whom it is about", "who looks into it"):
        petra.press("main form [name=go][value=next].button")
    petra.fill({"who": "anonymous"})
    petra.press("main form [name=go][value=next].button")
    petra.press("main form [name=go][value=send].button")
    return petra.page.locator("#ref").inner_text(), petra.page.locator("#key").inner_text()


def look_at_documents(petra: Walker) -> int:
    """Open every document on the author's page, and its PDF; answer how many there are."""
    petra.go("/follow/petition/")
    links = petra.page.locator("main a[href*='/document/']").all()
    addresses = sorted({link.get_attribute("href") or "" for link in links})
    for address in addresses:
        petra.go(address)
        pdf = petra.page.request.get(f"{petra.house.url}{address}pdf/")
        assert pdf.status == 200, address
        assert pdf.body().startswith(b"%PDF"), address
    return len(addresses)


@pytest.mark.parametrize(
    "way",
    # Those under one law go to one worker, which begins one house for them.
    [pytest.param(way, marks=pytest.mark.xdist_group(way.law)) for way in WAYS],
    ids=[f"{way.law}-{way.steps[-1][1]}" for way in WAYS],
)
def test_a_petition_goes_to_the_last_stage_of_its_law(
    browser: Browser, demonstration: Callable[[str], House], way: Way
) -> None:
    house = demonstration(way.law)
    books = [book for book in rulebook.all_rulebooks() if book.jurisdiction == way.law]
    with (
        walker(browser, house, way.language, scripted=True, wide=False) as petra,
        walker(browser, house, way.language, scripted=True, wide=True) as desk,
    ):
        petra.go("/")
        petra.go("/how/")
        petra.go(f"/rules/{books[0].id}/")
        ref, key = lodge(petra, way)
        follow(petra, ref, key)
        signed_in = ""
        for who, verb, said in way.steps:
            today = datetime.now(ZoneInfo(books[0].zone)).date().isoformat()
            contents = {name: today if value == "today" else value for name, value in said.items()}
            if who == AUTHOR:
                ask(petra, verb, contents)
                continue
            if who != signed_in:
                sign_in(desk, who, PASSWORD)
                signed_in = who
            act(desk, ref, verb, contents)
        assert look_at_documents(petra) == way.documents
        petra.go("/follow/petition/")
        assert way.end in petra.page.locator("main").inner_text()
