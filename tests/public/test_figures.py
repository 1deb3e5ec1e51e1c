"""The figures page shows what the published files say, and what it takes to recompute them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.core import measures, rulebook
from huiyin.site import cohort_plot, open_data
from tests.public.test_pages import page
from tests.verifying.made_log import MadeLog, honest


@pytest.fixture
def published(settings, tmp_path: Path) -> MadeLog:
    made = honest()
    settings.LOG_DIR = made.write(tmp_path / "log")
    return made


def test_before_anything_is_counted_the_page_says_so(bodies, settings, tmp_path):
    settings.LOG_DIR = tmp_path / "nothing"
    assert "Nothing is counted yet" in page("/figures/", "en")
    assert page("/figures/").count("<h1") == 1


def test_it_shows_the_sums_of_the_log_with_names(bodies, published):
    html = page("/figures/", "en")
    rows = [
        re.sub(r"<[^>]+>|\s+", " ", row)
        for row in re.findall(r"<tr role=\"row\">(.*?)</tr>", html, re.DOTALL)[1:]
    ]
    handling = next(row for row in rows if "County Housing Bureau" in row)
    numbers = re.findall(r"\d+", handling.partition("County Housing Bureau")[2])
    assert numbers[:6] == ["20", "19", "17", "85", "2", "8"], handling
    assert "17 in time, 2 late, 1 overdue" in html
    assert any("County" in row and "23" in row for row in rows)


def test_the_plot_says_shares_so_that_nobody_does_better_by_fewer(bodies, published):
    html = page("/figures/?term=handling", "en")
    found = open_data.source()
    assert found
    month = [(c, sums) for c, sums in found.figures.cohorts.items() if c.clock == "handling"]
    alike = [(replace(cohort, period="2026-02"), sums) for cohort, sums in month]
    drawn = ElementTree.fromstring(cohort_plot.plot(cohort_plot.months(month + alike)))
    space = "{http://www.w3.org/2000/svg}"
    assert "100%" in [each.text for each in drawn.iter(f"{space}text")]
    heights = [
        float(each.get("height", 0)) for each in drawn.findall(f".//{space}g[@class='bar']/{space}rect")
    ]
    told = re.search(
        r'aria-label="(\d+) in time, (\d+) late, (\d+) overdue, (\d+) [^"]*?(\d+) [^"]*?(\d+)', html
    )
    assert told
    numbers = [int(each) for each in told.groups()]
    january = heights[::2]
    assert numbers[0] / sum(numbers) == pytest.approx(january[0] / sum(january), rel=0.02)


def test_one_month_is_told_by_the_bar_of_its_row_alone(bodies, published):
    html = page("/figures/?term=handling", "en")
    assert 'class="share"' in html
    assert 'class="plot"' not in html
    assert "January 2026 · County Housing Bureau" in html
    assert "2026年1月 · " in page("/figures/")


def test_it_can_be_narrowed_to_a_term_and_a_period(bodies, published):
    assert "County Housing Bureau" not in page("/figures/?term=sort", "en")
    assert "County Housing Bureau" in page("/figures/?term=handling&period=2026", "en")
    assert "Nothing is counted for this choice." in page("/figures/?term=nothing", "en")


def test_it_names_the_root_and_the_command(bodies, published):
    html = page("/figures/", "en")
    told = json.loads((published_folder() / "figures.json").read_text())
    assert told["root"] in html
    assert f"python verify.py {_url()}/log {(published_folder() / 'key').read_text().strip()}" in html
    assert reverse("public:log-program") in html


def published_folder() -> Path:
    from django.conf import settings

    return Path(settings.LOG_DIR)


def _url() -> str:
    from django.conf import settings

    return str(settings.PUBLIC_URL)


def test_the_program_is_handed_out_as_it_is(client: Client):
    answer = client.get("/log/verify.py")
    source = Path(__file__).parents[2] / "src/huiyin/doors/public/verify_log.py"
    assert answer.content == source.read_bytes()
    assert "verify.py" in answer["Content-Disposition"]


def test_a_hundred_cohorts_take_no_more_questions(bodies, published, client: Client):
    client.get("/figures/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/figures/")
    path = published_folder() / "figures.json"
    told = json.loads(path.read_text())
    row = told["cohorts"][0]
    told["cohorts"] = sorted(
        ({**row, "period": f"20{n:02}-01"} for n in range(30)), key=lambda each: each["period"]
    )
    path.write_text(json.dumps(told))
    with CaptureQueriesContext(connection) as many:
        client.get("/figures/")
    assert len(many) <= len(few)


def test_in_english_no_chinese_is_left_and_in_chinese_no_english(bodies, published):
    english = page("/figures/", "en")
    assert not re.search(r"[\u4e00-\u9fff]{6,}", re.sub(r'lang="zh-Hans">.*?<', "", english))
    chinese = page("/figures/")
    assert "按期17，逾期答复2，逾期未答1" in chinese
    assert "县住建局" in chinese


# ---- measures


def test_measures_are_those_of_the_log_with_how_sure_they_are(bodies, published):
    html = page("/figures/measures/", "en")
    row = next(
        each
        for each in re.findall(r"<tr role=\"row\">.*?</tr>", html, re.DOTALL)
        if "In time: Handling" in each
    )
    numbers = re.findall(r"[0-9–]+%", row)
    found = open_data.source()
    assert found
    share = next(m for m in measures.of_law(rulebook.by_id("cn-2022")) if m.code == "in-time-handling").share(
        measures.from_figures(found.figures, year="2026")
    )
    low, high = share.interval
    assert share.value
    assert numbers == [f"{100 * share.value:.0f}%", f"{100 * low:.0f}–{100 * high:.0f}%"]
    assert "not in the public log" in html
    assert html.count("must not be used") >= len(measures.of_law(rulebook.by_id("cn-2022"))) - 2


def test_the_plot_of_measures_shows_how_sure_they_are(bodies, published):
    drawn = ElementTree.fromstring(
        re.search(r"<svg[^>]*class=\"[^\"]*plot.*?</svg>", page("/figures/measures/", "en"), re.DOTALL)[0]  # type: ignore[index]
    )
    assert "style" not in {name for each in drawn.iter() for name in each.attrib}
    lines = [each for each in drawn.iter() if each.get("stroke") == "currentColor"]
    bars = drawn.findall(".//{http://www.w3.org/2000/svg}g[@class='bar']")
    assert len(lines) == len(bars) > 1


def test_before_anything_is_counted_measures_are_defined_all_the_same(bodies, settings, tmp_path):
    settings.LOG_DIR = tmp_path / "nothing"
    html = page("/figures/measures/")
    assert "不得用来" in html
    assert "按期办结 ÷" in html
