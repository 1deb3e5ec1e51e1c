"""A notice with a mistake is refused, and the refusal says where the mistake is and what to do."""

import json

import pytest

from huiyin.core.calendar import BrokenCalendar, parse_notice

GOOD = {
    "year": 2027,
    "off": {"2027-01-01": "元旦", "2027-02-05": "春节"},
    "work": {"2027-02-14": "春节"},
    "source": "made up for a test",
    "issued_on": "2026-11-30",
}
MISTAKES = [
    ("a date that does not exist", {"off": {"2027-02-30": "春节"}}, "off.2027-02-30", "is not a date"),
    ("a date written short", {"off": {"20270101": "元旦"}}, "off.20270101", "write it like 2027-01-01"),
    ("a day of another year", {"off": {"2028-01-01": "元旦"}}, "off.2028-01-01", "is not in 2027"),
    ("a day of the autumn before", {"off": {"2026-11-30": "元旦"}}, "off.2026-11-30", "is not in 2027"),
    ("a holiday without a name", {"off": {"2027-01-01": " "}}, "off.2027-01-01", "in words"),
    ("a holiday that is a number", {"off": {"2027-01-01": 1}}, "off.2027-01-01", "in words"),
    ("a list of days", {"off": ["2027-01-01"]}, "off", "must be a table"),
    ("no holiday at all", {"off": {}}, "off", "is empty"),
    ("a day both off and worked", {"off": {"2027-02-14": "春节"}}, "work.2027-02-14", "is also under off"),
    ("a plain weekday as worked", {"work": {"2027-02-15": "春节"}}, "work.2027-02-15", "is no weekend day"),
    ("a year in words", {"year": "2027"}, "year", "is not a year"),
    ("a year that is a truth", {"year": True}, "year", "is not a year"),
    ("a year long past", {"year": 1949}, "year", "from 1990 on"),
    ("a year beyond all", {"year": 9999}, "year", "is not a year"),
    ("a notice from another age", {"issued_on": "2016-11-30"}, "issued_on", "does not fit a notice for 2027"),
    ("a notice from the future", {"issued_on": "2028-01-01"}, "issued_on", "does not fit a notice for 2027"),
    ("a notice not dated", {"issued_on": None}, "issued_on of 2027", "give the day of the notice"),
    ("no source", {"source": ""}, "source", "in words"),
    ("a misspelt key", {"wrok": {}}, "years[0]", "has unknown wrok"),
]


def refusal(text):
    with pytest.raises(BrokenCalendar) as caught:
        parse_notice(text, file="cn-2027.json")
    return caught.value


def written(*years, **changes):
    return json.dumps({"calendar": "cn", "years": list(years)} | changes, ensure_ascii=False)


@pytest.mark.parametrize(
    ("changes", "where", "what"), [each[1:] for each in MISTAKES], ids=[m[0] for m in MISTAKES]
)
def test_refuses(changes, where, what):
    refused = refusal(written(GOOD | changes))
    assert refused.where.endswith(where)
    assert what in refused.what
    assert str(refused).startswith("cn-2027.json: ")


def test_refuses_what_is_not_json():
    assert refusal('{"calendar": "cn",\n "years": [}').where == "line 2, column 12"


def test_refuses_a_day_given_twice():
    text = written(GOOD).replace('"2027-02-05"', '"2027-01-01"')
    assert "stands twice" in refusal(text).what


def test_refuses_a_year_given_twice():
    assert refusal(written(GOOD, GOOD)).where == "years[1].year"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "must be a table with calendar, years"),
        ('{"calendar": "cn"}', "lacks years"),
        (written(), "at least one year"),
        (written(GOOD, years={}), "at least one year"),
        (written(GOOD, calendar="../cn"), "is no calendar's name"),
        (written("2027"), "must be a table with"),
    ],
)
def test_refuses_another_shape(text, what):
    assert what in refusal(text).what
