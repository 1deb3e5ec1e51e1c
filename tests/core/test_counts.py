"""Small counts are not said, and what is left out cannot be reckoned from what is told beside it."""

import pytest

from huiyin.core.counts import SUPPRESSED, column


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([], []),
        ([0, 7, 9], [0, 7, 9]),
        ([3, 2, 9], [SUPPRESSED, SUPPRESSED, 9]),
        ([3, 12, 9], [SUPPRESSED, 12, SUPPRESSED]),
        ([0, 3], [0, SUPPRESSED]),
    ],
)
def test_where_one_alone_would_be_left_out_the_next_smallest_goes_with_it(counts, said):
    assert column(counts) == said
