"""What the calendars shipped say, and how official notices bring them up to date."""

import json
from datetime import date

import pytest

from huiyin.core.calendar import BrokenCalendar, Calendar, load, parse_notice

# The notice for 2006 (国办发明电〔2005〕35号, part 1) has Saturday 31 December 2005 worked, so that Tuesday 3
# January can be off. `holidays` says so too; `chinesecalendar` leaves it a weekend. The notice decides.
DISPUTED = date(2005, 12, 31)


def notice(**changes):
    year = {
        "year": 2027,
        "off": {"2027-01-01": "元旦", "2027-02-05": "春节"},
        "work": {"2027-02-14": "春节"},
        "source": "made up for a test",
        "issued_on": "2026-11-30",
    }
    return json.dumps({"calendar": "cn", "years": [year | changes]}, ensure_ascii=False)


def keep(folder, text, name="cn-2027.json"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_disputed_saturday_is_worked_as_the_notice_says():
    assert load("cn").is_workday(DISPUTED)
    assert load("cn").work[DISPUTED] == "元旦"


def test_2026_has_the_days_of_the_official_notice():
    cn = load("cn")
    worked = [day for day in cn.work if day.year == 2026]
    assert [f"{day:%m-%d}" for day in worked] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    assert len([day for day in cn.off if day.year == 2026]) == 3 + 9 + 3 + 5 + 3 + 3 + 7


def test_names_why_a_day_is_off():
    cn = load("cn")
    assert cn.why_off(date(2026, 2, 17)) == "春节"
    assert cn.why_off(date(2026, 2, 22)) == "春节"  # a Sunday inside the holiday
    assert cn.why_off(date(2026, 3, 1)) == "weekend"
    assert cn.why_off(date(2026, 2, 28)) is None  # a Saturday that is worked
    assert load("gb-eng").why_off(date(2026, 12, 28)) == "Boxing Day (substitute day)"


def test_knows_only_the_years_announced():
    cn = load("cn")
    assert (cn.first_year, cn.last_year) == (2004, 2026)
    assert cn.is_known(date(2026, 12, 31))
    assert not cn.is_known(date(2027, 1, 1))
    assert cn.is_workday(date(2027, 1, 1))  # a Friday like others until it is announced


def test_a_calendar_cannot_be_changed_by_whoever_reads_it():
    with pytest.raises(TypeError):
        load("cn").off[date(2026, 3, 2)] = "gift"  # type: ignore[index]


def test_equal_calendars_are_equal():
    assert load("cn") == load("cn") != load("gb-eng")
    assert hash(load("cn")) == hash(load("cn"))


def test_an_unknown_calendar_says_which_there_are():
    with pytest.raises(BrokenCalendar, match=r"choose one of cn\.json, gb-eng\.json"):
        load("../cn")


def test_a_notice_adds_its_year(tmp_path):
    cn = load("cn", keep(tmp_path, notice()))
    assert cn.last_year == 2027
    assert cn.why_off(date(2027, 2, 5)) == "春节"
    assert cn.is_workday(date(2027, 2, 14))
    assert cn.why_off(date(2026, 2, 17)) == "春节"


def test_a_folder_without_notices_changes_nothing(tmp_path):
    assert load("cn", tmp_path) == load("cn", tmp_path / "missing") == load("cn")


def test_of_two_notices_for_a_year_the_later_replaces_the_earlier_whole(tmp_path):
    keep(tmp_path, notice(issued_on="2027-01-20", off={"2027-01-01": "元旦"}, work={}), "cn-2027-a.json")
    cn = load("cn", keep(tmp_path, notice(), "cn-2027-b.json"))
    assert cn.is_workday(date(2027, 2, 5))
    assert not cn.is_workday(date(2027, 2, 14))


def test_a_notice_may_correct_a_year_that_is_shipped(tmp_path):
    correction = notice(year=2026, issued_on="2026-01-15", off={"2026-01-01": "元旦"}, work={})
    cn = load("cn", keep(tmp_path, correction))
    assert (cn.last_year, cn.is_workday(date(2026, 2, 17))) == (2026, True)


def test_a_notice_may_rearrange_the_december_before(tmp_path):
    swap = notice(off={"2026-12-31": "元旦", "2027-01-01": "元旦"}, work={"2026-12-27": "元旦"})
    cn = load("cn", keep(tmp_path, swap))
    assert not cn.is_workday(date(2026, 12, 31))
    assert cn.is_workday(date(2026, 12, 27))
    assert cn.why_off(date(2026, 10, 1)) == "国庆节"


def test_a_later_notice_takes_back_a_december_day_of_the_older_one(tmp_path):
    older = notice(off={"2027-01-01": "元旦", "2027-12-25": "made up"}, work={"2027-12-26": "made up"})
    newer = notice(
        year=2028,
        issued_on="2027-11-30",
        off={"2027-12-26": "元旦", "2028-01-01": "元旦"},
        work={"2027-12-25": "元旦"},
    )
    cn = load("cn", keep(keep(tmp_path, older), newer, "cn-2028.json"))
    assert cn.is_workday(date(2027, 12, 25))
    assert not cn.is_workday(date(2027, 12, 26))
    assert not cn.off.keys() & cn.work.keys()


def test_a_notice_that_skips_a_year_is_refused(tmp_path):
    far = notice(year=2029, issued_on="2028-11-30", off={"2029-01-01": "元旦"}, work={})
    with pytest.raises(BrokenCalendar, match="2029: announced, but not 2027, 2028"):
        load("cn", keep(tmp_path, far))


def test_a_notice_named_for_another_calendar_is_refused(tmp_path):
    with pytest.raises(BrokenCalendar, match=r"calendar: says 'gb-eng', the file's name 'cn'"):
        load("cn", keep(tmp_path, notice().replace('"cn"', '"gb-eng"')))


def test_the_notice_of_a_regional_calendar_is_left_to_it(tmp_path):
    regional = notice().replace('"cn"', '"cn-xizang"')
    assert load("cn", keep(tmp_path, regional, "cn-xizang-2027.json")) == load("cn")


def test_a_notice_says_what_it_announced():
    (year,) = parse_notice(notice(), file="cn-2027.json")
    assert (year.calendar, year.year, year.issued_on) == ("cn", 2027, date(2026, 11, 30))
    assert dict(year.work) == {date(2027, 2, 14): "春节"}


def test_a_notice_may_begin_with_the_mark_that_editors_leave():
    assert parse_notice("\ufeff" + notice(), file="cn-2027.json")


def test_a_calendar_can_be_made_by_hand():
    calendar = Calendar("made-up", {date(2026, 3, 3): "Town Day"}, {}, 2026, 2026)
    assert not calendar.is_workday(date(2026, 3, 3))
