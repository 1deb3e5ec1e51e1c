"""Open data: whole, of no term twice, and nothing in it can be subtracted down to few."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter, defaultdict
from datetime import date
from random import Random

import pytest

from huiyin.core import cohorts, open_data
from huiyin.core.cohorts import Cohort, Figures, Sums, Term

K = 20


def grown(seed: int) -> tuple[Figures, dict[str, int]]:
    """Figures of some months, placed as the clerk places them, and how many terms each body really had."""
    chance = Random(seed)
    terms = [
        Term(
            n,
            "handling",
            date(2026, chance.randint(1, 4), 5),
            f"b{chance.choice('aaabbcde')}",
            "county",
            False,
        )
        for n in range(chance.randint(60, 260))
    ]
    placed = cohorts.place(terms, [], K)
    figures = Figures()
    for cohort in sorted(placed.values()):
        stands = chance.choice(["met", "met", "met", "late-7", "overdue", "open", "lapsed"])
        figures.add(cohorts.Count(cohort, ("began", stands), ""))
    return figures, Counter(term.body for term in terms)


def tables(figures: Figures) -> dict[str, list[dict[str, object]]]:
    return {period: open_data.rows(figures, period, K) for period in open_data.periods(figures)}


def standing(row: dict[str, object]) -> int:
    return sum(int(str(row[name])) for name in cohorts_in_row())


def cohorts_in_row() -> tuple[str, ...]:
    return tuple(each.replace("-", "_") for each in cohorts.STANDINGS)


@pytest.mark.parametrize("seed", range(15))
def test_no_row_and_no_difference_of_rows_stands_for_few(seed: int) -> None:
    """Whoever adds rows up and takes others away, over all months, gets none or at least k."""
    figures, _ = grown(seed)
    rows = [row for table in tables(figures).values() for row in table]
    sizes = [standing(row) for row in rows]
    assert all(size >= K for size in sizes)
    for take in range(1, min(len(rows), 3) + 1):
        for some in itertools.combinations(range(len(rows)), take):
            # What these rows have that the others have not is all of it: no term is in two rows.
            assert sum(sizes[n] for n in some) >= K * take
    keys = [tuple(row[name] for name in open_data.NAMES[:4]) for row in rows]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("seed", range(15))
def test_a_small_body_cannot_be_found_from_the_larger_groups(seed: int) -> None:
    """Of a body that stands in no row of its own, a level or month says only what it says of all in it."""
    figures, real = grown(seed)
    rows = [row for table in tables(figures).values() for row in table]
    alone = {row["code"] for row in rows if row["group"] == "body"}
    by_group: dict[object, int] = defaultdict(int)
    for row in rows:
        by_group[row["group"]] += standing(row)
    told = sum(by_group.values())
    hidden = {body: number for body, number in real.items() if body not in alone}
    if (
        len(hidden) == 1
    ):  # the rest of a group that has a single body would be that body: it holds k or is absent
        rest = told - by_group["body"]
        assert rest == 0 or rest >= K
    assert told <= sum(real.values())


def test_a_row_that_has_fallen_below_the_least_is_left_out() -> None:
    figures = Figures()
    figures.cohorts[Cohort("2026-01", "body zj", "handling")] = Sums(20, 0, 4, Counter({"met": 16}))
    figures.cohorts[Cohort("2026-01", "level county", "sort")] = Sums(
        21, 0, 0, Counter({"met": 20, "overdue": 1})
    )
    assert [row["code"] for row in open_data.rows(figures, "2026-01", K)] == ["county"]


def test_a_row_says_how_its_terms_stand_and_the_share_with_its_interval() -> None:
    figures = Figures()
    stands = Counter({"met/uphold": 15, "late-7/quash": 3, "overdue": 2, "open": 5, "lapsed": 1})
    figures.cohorts[Cohort("2026-01", "body zj", "review")] = Sums(26, 0, 0, stands)
    row = open_data.rows(figures, "2026-01", K)[0]
    assert (row["met"], row["late_7"], row["overdue"], row["uphold"], row["quash"]) == (15, 3, 2, 15, 3)
    assert (row["due"], row["in_time"]) == (20, 0.75)
    assert row["in_time_low"] < 0.75 < row["in_time_high"]
    assert (row["group"], row["code"]) == ("body", "zj")
    assert standing(row) == 26


def test_what_was_left_out_added_or_changed_is_named() -> None:
    figures, _ = grown(1)
    period = open_data.periods(figures)[0]
    whole = open_data.as_csv(open_data.rows(figures, period, K))
    head, first, *rest = whole.splitlines(keepends=True)
    assert open_data.differences(whole, whole) == []
    assert open_data.differences(head + "".join(rest), whole)[0].startswith("missing: ")
    assert open_data.differences(whole + first.replace(",handling,", ",sort,"), whole)[0].startswith(
        "too much: "
    )
    row = next(csv.DictReader(io.StringIO(whole)))
    changed = open_data.as_csv([{**row, "met": str(int(row["met"]) + 1)}])
    assert open_data.differences(changed + "".join(rest), whole)[0].startswith("other: ")


def test_every_column_is_in_the_dictionary_in_both_languages() -> None:
    for name, kind, text in open_data.FIELDS:
        assert kind in {"string", "integer", "number"}, name
        assert text.zh, name
        assert text.en, name
    told = open_data.schema(open_data.FIELDS, "en", open_data.NAMES[:4])
    assert [field["name"] for field in told["fields"]] == list(open_data.NAMES)
