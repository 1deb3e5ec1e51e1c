"""Every row that grows with petitions says whose it is: cut by petition, each part of the registry is whole.

`docs/operate/scale.md` says what that is for. A new table has to be put into one of these kinds.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

KEY = "petition"
MODELS = [model for label in ("registry", "vault") for model in apps.get_app_config(label).get_models()]
PLAN = (Path(__file__).parents[2] / "docs/operate/scale.md").read_text(encoding="utf-8")

# Grow with bodies, officers and meetings, and are copied to every node.
COPIED = {
    *(
        "Body",
        "Competence",
        "Officer",
        "Role",
        "Change",
        "AnswerWords",
        "Conference",
        "BodyLetter",
        "LetterAnswer",
    ),
    *(
        "Meeting",
        "Minutes",
        "Announced",
        "Inspection",
        "FileCheck",
        "SavedFilter",
        "CalendarLink",
        "Face",
        "Matter",
        "Series",
    ),
    *("Passage", "Problem", "Pulse", "Question", "Reception", "Receiving", "CommonWords", "Duty", "CodeApp"),
    *("Partner", "Takeover"),
    *("Assessment", "AssessmentEntry", "Objection", "Decision", "Digest", "DigestWish", "OnProblem"),
    *(
        "ProviderLink",
        "SignedIn",
        "StaffEntry",
        "AccessToken",
        "Passkey",
        "RecoveryCode",
        "TopicOutcome",
        "DataSet",
        "CalendarNotice",
        "SignInDelay",
    ),
}
# One for the installation, written by the clerk alone; or kept for hours and found by a hash.
OF_ONE_PLACE = {
    "BoardFigure",
    "BoardReach",
    "BoardRound",
    "YearFigure",
    "Cohorted",
    "Adopted",
    "LogSize",
    "Head",
    "Idempotent",
    "LostKey",
    "Spent",
    "MailTaken",
    "MailAside",
    "CasesFile",
    "PaperFile",
    "PaperLetter",
    "PaperPage",
    "Subscriber",
    "HookEvent",
    "HookPlace",
    "Delivery",
}


def fields(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.fields}


def is_cut(model: type[models.Model]) -> bool:
    return model.__name__ == "Petition" or KEY in fields(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_table_reaches_the_petition_in_one_step_or_is_small(model: type[models.Model]) -> None:
    kinds = [is_cut(model), model.__name__ in COPIED, model.__name__ in OF_ONE_PLACE]
    assert kinds.count(True) == 1, f"{model.__name__}: say in this test and in the plan where its rows lie"


@pytest.mark.parametrize("model", [m for m in MODELS if not is_cut(m)], ids=lambda model: model.__name__)
def test_what_is_copied_points_at_nothing_that_is_cut(model: type[models.Model]) -> None:
    aims = {field.related_model for field in model._meta.fields if field.related_model}
    assert {aim.__name__ for aim in aims if is_cut(aim)} == set()


def unique_beyond(model: type[models.Model]) -> set[str]:
    """What must be unique over all petitions, and would no longer be if each part looked after itself."""
    found = {
        f"{model.__name__}.{field.name}"
        for field in model._meta.fields
        if getattr(field, "unique", False) and not field.primary_key and field.name != KEY
    }
    for constraint in model._meta.constraints:
        together = getattr(constraint, "fields", ())  # a check has none
        if together and not {KEY, "id"} & set(together):
            found.add(f"{model.__name__}.{constraint.name}")
    return found


def test_what_is_unique_over_all_parts_is_named_in_the_plan() -> None:
    named = set().union(*(unique_beyond(model) for model in MODELS if is_cut(model)))
    assert {name for name in named if f"`{name}`" not in PLAN} == set()


def test_steps_to_another_petition_are_named_in_the_plan() -> None:
    """A step from one part of the registry into another is work between nodes."""
    across = {
        f"{model.__name__}.{field.name}"
        for model in MODELS
        for field in model._meta.fields
        if is_cut(model) and field.name != KEY and getattr(field.related_model, "__name__", "") == "Petition"
    }
    assert {name for name in across if f"`{name}`" not in PLAN} == set()
