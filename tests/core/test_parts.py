"""A mixed petition: what its parts say, and from which day their term runs."""

from datetime import date

from huiyin.core import parts, procedure
from huiyin.core.case import After, Move
from tests.core.cast import BUREAU, OTTO, PETRA, RITA, SAID, Story, situation


def split(story: Story) -> After:
    made = procedure.apply(
        story.case,
        Move("split", SAID["split"]),
        RITA if story.case.holder != BUREAU else OTTO,
        story.situation(),
    )
    assert isinstance(made, After), made
    return made


def test_each_part_has_its_own_class_and_words():
    made = parts.parts_of(split(Story().do("register", RITA)))
    assert [(part.kind, part.subject, part.against) for part in made] == [
        ("claim", "the lamp", ()),
        ("report", "the official", ()),
    ]


def test_another_move_has_no_parts():
    made = procedure.apply(Story().case, Move("register"), RITA, situation())
    assert isinstance(made, After)
    assert parts.parts_of(made) == ()


def test_splitting_wins_nobody_time():
    for at in ("office", "bureau"):
        story = Story() if at == "office" else Story(at=BUREAU)
        story.on(3, 9).do("register", RITA)
        made = split(story)
        assert parts.since(story.case, made) == date(2026, 3, 2)
        assert [c.state for c in made.case.clocks] == ["met"]
        assert made.case.state == "split"


def test_who_split_too_late_is_late():
    story = Story().do("register", RITA).on(3, 30)
    made = split(story)
    assert [c.state for c in made.case.clocks] == ["missed"]
    assert parts.since(story.case, made) == date(2026, 3, 2)


def test_a_split_petition_takes_no_further_move_of_its_author():
    story = Story().do("register", RITA).do("split", RITA)
    assert story.refused("add-information", PETRA) == "wrong-state"
    assert story.refused("request-withdrawal", PETRA) == "wrong-state"
