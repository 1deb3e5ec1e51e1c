"""What was found stands first on the supervisor's desk: by which article, since when, and how reckoned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.clerk import sweep
from huiyin.registry.models import Body, Officer, Role
from tests.cast import Walk, lodge

BOARD = "/desk/supervise/"
DESK = "/desk/supervise/petitions/?due=over"
WHYS = ("not-carried-out", "no-notice", "unregistered", "late", "order-missed")


def found(browser: Client) -> dict[str, list[str]]:
    """Reference -> the articles of what was found there, by whichever reason it is looked for."""
    pages = [browser.get(f"/desk/supervise/petitions/?why={why}").context["lines"] for why in WHYS]
    lines = [each["found"] for page in pages for each in page]
    return {line.petition.ref: [one["article"].en for one in line.findings] for line in lines}


def letter_for(walk: Walk, days: int = 10, **said: str) -> None:
    walk.now = timezone.now()
    term = (walk.today + timedelta(days=days)).isoformat()
    contents = {"addressee": "holder", "finding": "no-notice", "required": "Tell them.", "term": term}
    walk("supervise", "sven", **(contents | said))


def test_a_missed_term_is_found_whether_or_not_the_clerk_has_looked(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    late, unregistered, fine = at("transferred", days=40), at("lodged", days=40), at("transferred")
    assert found(desk("sven")) == {late.ref: ["art. 44"], unregistered.ref: ["art. 44"]}
    sweep.sweep(timezone.now())
    assert found(desk("sven")) == {late.ref: ["art. 44"], unregistered.ref: ["art. 44"]}
    page = desk("sven").get(DESK).content.decode()
    for words in ("No written notice", "Not registered", "art. 23.2", fine.ref):
        assert (words in page) == (words != fine.ref), words


def test_a_letter_shows_until_when_it_must_be_answered_and_that_it_was(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("transferred", days=40)
    sweep.sweep(timezone.now())
    letter_for(walk)
    assert "answer awaited" in desk("sven").get(DESK).content.decode()
    walk.later(seconds=1)("answer-supervision", "otto", correction="Told today.")
    assert "answered, not yet put right" in desk("sven").get(DESK).content.decode()
    timeline = desk("sven").get(f"/desk/p/{walk.ref}/").content.decode()
    assert "Told today." in timeline, "whoever supervises reads the answer"


def test_a_date_set_by_order_is_counted_apart_from_the_terms_of_the_law(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted", days=3)
    walk("supervise", "sven", addressee="holder", finding="late", required="Answer.", term=_soon(walk))
    walk.now = timezone.now() + timedelta(days=10)
    sweep.sweep(walk.now)
    (load,) = [x for x, _ in desk("sven").get(BOARD).context["loads"] if x.body.code == "zj"]
    assert (load.late, load.ordered, load.missed_orders) == (0, 1, 1)
    assert load.missed == 0
    assert found(desk("sven")) == {walk.ref: ["art. 40"]}


def _soon(walk: Walk) -> str:
    return (walk.today + timedelta(days=1)).isoformat()


def test_a_petition_office_watches_what_is_below_its_government_and_not_that_government(
    desk: Callable[..., Client], at: Callable[..., Walk], bodies: dict[str, Body], cast: dict[str, Officer]
) -> None:
    late, above = at("transferred", days=40), at("review-requested", days=90)
    sweep.sweep(timezone.now())
    Role.objects.create(officer=cast["olga"], body=bodies["xf"], role="supervisor")
    assert found(desk("olga")) == {late.ref: ["art. 44"]}
    assert set(found(desk("sven"))) == {late.ref, above.ref}


def test_what_a_body_below_promised_is_watched_wherever_the_petition_is(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("opinion-served")
    walk("dispute-carried-out", "author", comment="Nothing was done.")
    walk.to("rereview-requested")
    assert walk.petition.holder.code == "shi"
    (each,) = desk("sven").get("/desk/supervise/petitions/?why=not-carried-out").context["lines"]
    line = each["found"]
    assert (line.petition.ref, line.body.en) == (walk.ref, "County Housing Bureau")
    assert [one["since"] for one in line.findings] == [walk.today]


def test_more_findings_ask_the_database_no_more(
    desk: Callable[..., Client], at: Callable[..., Walk], bodies: dict[str, Body]
) -> None:
    browser = desk("sven")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(DESK).status_code == 200
        return len(queries)

    at("transferred", days=40)
    sweep.sweep(timezone.now())
    few = asked()
    for code in ("a", "b", "c"):
        Body.objects.create(code=code, name_zh=code, kind="organ", level="county", superior=bodies["xian"])
        for _ in range(4):
            lodge(now=timezone.now() - timedelta(days=40), body=code)
    sweep.sweep(timezone.now())
    assert asked() <= few
