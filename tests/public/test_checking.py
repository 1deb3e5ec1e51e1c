"""The page that checks receipts: one file, allowed to run itself and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import Client

from huiyin.doors.public import checking
from tools.traditional import converted

FILE = Path(checking.__file__).with_name("check.html")


def test_it_is_served_as_it_lies_there_and_may_reach_nothing(client: Client):
    answer = client.get("/receipts/check.html")
    assert answer.content == FILE.read_bytes()
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert (
        policy["default-src"]
        == policy["connect-src"]
        == policy["img-src"]
        == policy["form-action"]
        == "'none'"
    )
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", policy["script-src"])
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", policy["style-src"])


def test_other_pages_keep_their_own_policy(client: Client):
    client.get("/receipts/check.html")
    assert "script-src 'self'" in client.get("/log/verify.py")["Content-Security-Policy"]


def test_it_names_no_address_at_all():
    html = FILE.read_text(encoding="utf-8")
    assert not re.search(r"(src|href|action)=|https?://|@import|url\(|fetch\(|XMLHttp|import\(", html)


def test_everything_is_said_in_both_languages():
    html = FILE.read_text(encoding="utf-8").partition("<script>")[0]
    assert html.count('lang="zh-Hans"') == html.count('lang="en"') + 1, "and the document itself"


def test_its_letters_become_those_of_traditional_script():
    html = FILE.read_text(encoding="utf-8")
    printed = re.search(r'new Map\("([^"]+)"', html)
    assert printed
    pairs = printed[1]
    table = dict(zip(pairs[::2], pairs[1::2], strict=True))
    for run in re.findall(r"[\u3400-\u9fff“”]+", html.replace(pairs, "")):
        assert "".join(table.get(letter, letter) for letter in run) == converted(run), run
