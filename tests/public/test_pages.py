from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from datetime import time, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from huiyin.core import notes, rulebook, statechart
from huiyin.doors.public.charter import OPENING, PROMISES
from huiyin.doors.public.pages import PROGRAM
from huiyin.registry.models import Body, Competence, Receiving, Reception
from huiyin.registry.receipt import receipt_key
from huiyin.site import articles
from tests import cast as house

NAMES = ("home", "about", "how", "charter", "bodies", "rules", "receipt-key", "figures", "source")
BOOKS = [book.id for book in rulebook.all_rulebooks()]
ROOT = Path(__file__).resolve().parents[2]


def page(path: str, language: str = "zh-hans") -> str:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", [reverse(f"public:{name}") for name in NAMES])
def test_every_page_opens_in_both_languages(bodies, path, language):
    html = page(path, language)
    assert html.count("<h1") == 1
    assert '<html lang="zh-Hans"' in html if language == "zh-hans" else '<html lang="en"' in html


@pytest.mark.parametrize("path", [reverse(f"public:{name}") for name in NAMES])
def test_a_page_in_english_leaves_no_chinese_sentence(cast, path):
    html = page(path, "en")
    rest = re.sub(r'lang="zh-Hans">.*?<|<option.*?</option>', "", html)
    assert not re.search(r"[\u4e00-\u9fff]{6,}", rest), path


def test_the_start_page_leads_on_and_names_the_terms_of_the_law(bodies):
    html = page("/")
    assert reverse("petitioner:lodge") in html
    assert reverse("petitioner:follow") in html
    assert "60日内" in html
    assert "第三十四条" in html


def test_the_charter_is_word_for_word_that_of_the_project():
    written = " ".join((ROOT / "docs" / "charter.md").read_text(encoding="utf-8").split())
    for number, (head, text) in enumerate(PROMISES, 1):
        assert f"{number}. **{head.en}** {text.en}" in written
    for text in OPENING:
        assert text.en in written
    assert len(PROMISES) == 10


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_charter_is_shown_whole(db, language):
    html = page("/charter/", language)
    for head, _text in PROMISES:
        assert head.say(language) in html


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_rulebook_can_be_read_with_every_article_term_and_state(db, book, language):
    html = page(f"/rules/{book}/", language)
    law = rulebook.by_id(book)
    for article in law.articles:
        assert f'id="{articles.anchor(article)}"' in html
    numbers = [int(found) for found in re.findall(r'id="article-(\d+)', html)]
    assert numbers == sorted(numbers), "its articles stand in the order of the law"
    cited = set(re.findall(r'href="#(article-[^"]+)"', html))
    assert cited <= {articles.anchor(article) for article in law.articles}
    assert set(re.findall(r'href="#(state-[^"]+)"', html)) <= set(re.findall(r'id="(state-[^"]+)"', html))
    shown = [clock.text for clock in law.clocks.values()] + [state.text for state in law.states.values()]
    shown += [row.text for row in law.rows]
    html += page(f"/rules/{book}/steps/", language)
    unescaped = html.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    for text in shown:
        assert text.say(language) in unescaped


def test_the_terms_of_the_law_stand_before_those_of_the_house(db):
    html = page("/rules/cn-2022/")
    assert html.index("<h3>法定期限</h3>") < html.index("<h3>交办、督办确定的期限</h3>")
    assert html.index("<h3>交办、督办确定的期限</h3>") < html.index("<h3>本系统自己的期限，不算法定逾期")
    assert "。。" not in html


def test_how_well_a_source_was_read_is_said(db):
    assert "已通读原文" in page("/rules/cn-2022/")
    assert "只读到部分原文" in page("/rules/uk-housing-2024/")


def test_there_is_no_page_for_a_rulebook_that_does_not_exist(db):
    assert Client().get("/rules/cn-1995/").status_code == 404


@pytest.mark.parametrize("book", BOOKS)
def test_the_drawing_holds_every_state_that_a_step_leads_to(book):
    law = rulebook.by_id(book)
    drawn = statechart.draw(law)
    placed = [(box.x, box.y) for box in drawn.boxes]
    assert len(set(placed)) == len(placed)
    assert all(
        0 <= x <= drawn.width - statechart.WIDE and y + statechart.HIGH <= drawn.height for x, y in placed
    )
    ways = {(s, row.to) for row in law.rows for s in row.sources if row.to not in {"", s} and s in law.states}
    names = {box.name for box in drawn.boxes}
    for box in drawn.boxes:
        for language in ("zh", "en"):
            said = "".join(line for _, line in box.rows(language))
            assert said.replace(" ", "") == box.text.say(language).replace(" ", "")
    assert {end for pair in ways for end in pair} <= names
    assert len(drawn.arrows) == len(ways)


@pytest.mark.parametrize("book", BOOKS)
def test_every_step_has_a_page_with_its_article(db, book):
    law = rulebook.by_id(book)
    listed = set(re.findall(rf"/rules/{book}/steps/([^/\"]+)/", page(f"/rules/{book}/steps/")))
    assert listed == {row.verb for row in law.rows}
    for verb in sorted(listed)[:: max(1, len(listed) // 8)]:
        html = page(f"/rules/{book}/steps/{verb}/", "en")
        for row in (each for each in law.rows if each.verb == verb):
            assert articles.href(row.article, book) in html
    assert Client().get(f"/rules/{book}/steps/conjure/").status_code == 404


@pytest.mark.parametrize("book", BOOKS)
def test_no_lane_of_the_drawing_lies_over_another(book):
    """Whoever follows a line with a finger comes to one state only."""
    law = rulebook.by_id(book)
    drawn = statechart.draw(law)
    goals: dict[tuple[int, int], int] = {}
    for path in drawn.arrows:
        found = re.fullmatch(r"M\d+ (\d+) H\d+ Q(\d+) \d+ .* Q\d+ (\d+) .*", path)
        if found:
            start, lane, end = map(int, found.groups())
            for y in range(min(start, end) + 1, max(start, end)):
                assert goals.setdefault((lane, y), end) == end
    assert goals or book == "uk-housing-2024"


def test_a_rulebook_weighs_less_than_a_photograph(db):
    for language in ("zh-hans", "en"):
        assert len(page("/rules/cn-2022/", language).encode()) < 100_000


def test_the_drawing_leads_to_the_words_of_each_state(db):
    html = page("/rules/cn-2022/")
    drawn = {box.name for box in statechart.draw(rulebook.by_id("cn-2022")).boxes}
    assert drawn == set(re.findall(r'<a href="#state-([^"]+)"><rect', html))
    assert "<a " not in statechart.svg(rulebook.by_id("cn-2022"), "en")


def test_the_drawing_is_sound_markup(db):
    svg = re.search(r"<svg xmlns.*?</svg>", page("/rules/cn-2022/"), re.DOTALL)
    assert svg
    ElementTree.fromstring(svg[0])


@pytest.mark.parametrize(
    ("article", "book", "zh", "en"),
    [
        ("22.1", "cn-2022", "第二十二条第一款", "art. 22.1"),
        ("31.6", "cn-2022", "第三十一条第六项", "art. 31.6"),
        ("34", "cn-2022", "第三十四条", "art. 34"),
        ("40", "cn-2022", "第四十条", "art. 40"),
        ("10.1", "cn-2005", "第十条第一款", "art. 10.1"),
        ("6.2", "uk-housing-2024", "第 6.2 条", "para. 6.2"),
        ("house", "cn-2022", "回音自己的规则", "Huiyin's own rule"),
    ],
)
def test_an_article_is_cited_as_lawyers_do(article, book, zh, en):
    cited = articles.cite(article, book)
    assert (cited.zh, cited.en) == (zh, en)


def test_bodies_are_found_by_name_and_by_what_they_decide(bodies):
    Body.objects.filter(code="zj").update(address="建设街 8 号", hours="周一至周五")
    Competence.objects.create(body=bodies["zj"], subject="路灯")
    for find in ("住建", "Housing", "路灯"):
        html = page(f"/bodies/?find={find}")
        assert "建设街 8 号" in html
        assert "县交通局" not in html
    assert "没有符合的单位" in page("/bodies/?find=火星")


def test_bodies_are_found_by_subject_place_and_level_and_who_takes_anything(bodies):
    Body.objects.filter(code="zj").update(address="建设街 8 号")
    Competence.objects.create(body=bodies["zj"], subject="路灯", area="城东")
    for asked in (
        "subject=灯",
        "place=城东",
        "place=建设街",
        "subject=路灯&place=城东&level=county&find=住建",
    ):
        html = page(f"/bodies/?{asked}")
        assert "县住建局" in html, asked
        assert "<h2>县交通局" not in html, asked
    assert "<h2>县住建局" not in page("/bodies/?level=province")
    assert "<h2>县住建局" not in page("/bodies/?receives=on")
    assert "<h2>县信访局" in page("/bodies/?receives=on")
    assert '<option value="路灯">' in page("/bodies/")
    assert "县住建局" in page("/bodies/?level=nonsense"), "what cannot be read narrows nothing"


def test_a_body_is_found_by_what_people_mean(bodies):
    Competence.objects.create(body=bodies["zj"], subject="物业管理")
    assert "<h2>县住建局" in page("/bodies/?subject=电梯")
    assert "<h2>县交通局" not in page("/bodies/?subject=电梯")


def test_who_finds_no_body_is_told_that_none_need_be_known(bodies):
    html = page("/bodies/?subject=火星&place=月球", "en")
    assert "You need not know the body: lodge without naming one" in html
    assert reverse("petitioner:lodge") in html


def test_a_body_shows_its_next_reception_day_and_how_long_it_takes(bodies):
    today, now = house.legal_day(timezone.now()), timezone.now()
    for days in (9, 2, 5):
        day = Reception.objects.create(
            host=bodies["zj"],
            day=today + timedelta(days=days),
            opens=time(9),
            closes=time(11),
            place="一楼",
            announced_at=now,
            published_at=now,
            changed_at=now,
            called_off="停电" if days == 2 else "",
        )
        Receiving.objects.create(reception=day, body=bodies["zj"], official="局长")
    html = page("/bodies/?find=住建")
    (shown,) = re.findall(r'href="/reception/(\d+)/"', html)
    assert Reception.objects.get(pk=shown).day == today + timedelta(days=5)
    assert "60" in html
    assert reverse("public:how") in html
    assert len(re.findall(r'href="/reception/\d+/"', page("/"))) == 2, "none that is called off"


def test_bodies_out_of_service_are_not_shown(bodies):
    Body.objects.filter(code="jt").update(active=False)
    assert "县交通局" not in page("/bodies/")


def test_the_list_of_bodies_costs_the_same_for_many(bodies):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            page("/bodies/")
        return len(asked)

    cost()
    before = cost()
    for i in range(20):
        Body.objects.create(
            code=f"b{i}", name_zh=f"第{i}局", name_en=f"B{i}", kind="organ", level="county",
            superior=bodies["xian"],
        )  # fmt: skip
    assert cost() == before


def test_the_key_of_the_receipts_is_plain_text(cast):
    answer = Client().get("/receipt-key")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert notes.read_note(house.lodge().receipt, answer.content.decode().strip())


def test_the_program_on_the_page_checks_a_real_receipt_and_finds_a_forged_one(cast, tmp_path):
    receipt = house.lodge().receipt
    program, good, forged = (tmp_path / name for name in ("check.py", "good.txt", "forged.txt"))
    program.write_text(PROGRAM, encoding="utf-8")
    good.write_text(receipt, encoding="utf-8")
    forged.write_text(receipt.replace("body xf", "body zj"), encoding="utf-8")

    def run(file: Path) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, str(program), str(file), receipt_key()]
        return subprocess.run(command, capture_output=True, check=False)

    assert b"The signature holds." in run(good).stdout
    assert run(forged).returncode != 0


def test_the_source_can_be_taken_and_holds_nothing_of_this_installation(cast):
    content = Client().get("/source/huiyin.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        assert {"huiyin/core/clock.py", "huiyin/rulebooks/cn/cn-2022/law.toml"} <= set(names)
        assert not [n for n in names if n.endswith((".pyc", ".key", ".secret", ".sqlite3"))]


def test_the_pages_need_nothing_from_elsewhere(bodies):
    for name in NAMES:
        html = page(reverse(f"public:{name}"))
        assert not re.search(r'(src|href)="https?://', html), name
        assert " style=" not in html
        assert "<script>" not in html
