"""Promises 1 to 4: nothing gathers, judges, forecasts, tracks or holds back a person."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from huiyin.core import clauses, rulebook
from huiyin.core.conditions import EFFECTS, GUARDS
from huiyin.core.marks import MARKS
from huiyin.core.vocabulary import ROLES, VERBS
from huiyin.registry.keys import key_hash
from huiyin.registry.models import Petition
from huiyin.vault.models import ContactSeal, IdentitySeal, WordsSeal
from tests.cast import lodge
from tests.promises.source import SOURCE, calls

LAWS = rulebook.all_rulebooks()
OURS = {"registry", "vault", "keystore"}
MODELS = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in OURS]

# Who a person is. Bodies and officers act in public and have names; authors have none outside the seal.
WHO = frozenset(
    re.findall(
        r"\w+",
        """
    name phone mobile email mail address birth birthday birthdate age gender sex idcard passport photo face
    fingerprint device ip agent cookie
    """,
    )
)
READ_AS_TEXT = {".py", ".toml", ".txt", ".html", ".po", ".js", ".css", ".json", ".csv", ".svg"}
ACT_IN_PUBLIC = {"Body", "Officer", "Face"}  # the last one: who runs the installation
NOT_A_PERSON = {("Attachment", "name"), ("Clock", "name")}  # of a file, and of a term
NOT_A_PERSON |= {("Subscriber", "name")}  # of an office that runs a program, on a public page
NOT_A_PERSON |= {("Partner", "name_zh"), ("Partner", "name_en")}  # of an installation
# What would judge, rank, follow or gather people.
JUDGED = frozenset(
    re.findall(
        r"\w+",
        """
    person persons petitioner citizen profile history note notes tag tags label labels score scores rank risk
    priority category blacklist watchlist list warning alert attitude mood emotion stance health illness
    religion belief ethnic ethnicity nationality party family spouse parent relation relations location lat
    lon latitude longitude position travel trip gathering control stability repeat repeated repeats count
    times visits forecast prediction predicted likelihood pledge
    """,
    )
)


def says(words: frozenset[str], name: str) -> bool:
    """Whether one of the words is part of a name such as `is_home_address` or `next-visit`."""
    return bool(words & set(re.split(r"[_\W]+", name)))


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_no_table_says_who_somebody_is_or_judges_them(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        place = (model.__name__, field.name)
        if model.__name__ not in ACT_IN_PUBLIC and place not in NOT_A_PERSON:
            assert not says(WHO, field.name), place
        assert not says(JUDGED, field.name), place


def test_no_content_of_any_move_asks_what_a_person_is_like() -> None:
    # `note` is what a step says to the author, and stands on their own timeline.
    asked = {column.name for b in LAWS for r in b.rows for c in r.contents for column in (c, *c.columns)}
    assert {name for name in asked if says(WHO, name) or says(JUDGED, name)} <= {"note"}


def test_there_is_no_row_that_two_petitions_share_but_bodies_officers_and_nothing_else() -> None:
    """What two petitions both point at would be where a person's petitions are gathered."""
    pointed_at = {
        field.related_model.__name__
        for field in Petition._meta.get_fields()
        # The parts of one lodging point at it: splitting makes them, and nothing else.
        if field.name != "part_of"
        and isinstance(field, models.ForeignKey | models.ManyToManyField)
        and isinstance(field.related_model, type)
    }
    assert pointed_at == {"Body", "Officer"}
    for model in MODELS:
        many = [f for f in model._meta.get_fields() if isinstance(f, models.ManyToManyField)]
        assert many == [], model
        to_petition = [f for f in model._meta.concrete_fields if f.related_model is Petition]
        assert len(to_petition) <= 1, f"{model.__name__} would link petitions with one another"


def test_seals_hold_a_closed_box_and_can_be_looked_up_by_their_petition_alone() -> None:
    for seal in (IdentitySeal, ContactSeal, WordsSeal):
        assert [f.name for f in seal._meta.concrete_fields] == ["petition", "sealed", "data_key", "sealed_at"]
        indexed = {f.name for f in seal._meta.concrete_fields if f.unique or getattr(f, "db_index", False)}
        assert indexed == {"petition"}
        assert seal._meta.indexes == []


def test_the_same_key_twice_leaves_nothing_equal_behind() -> None:
    assert key_hash("HY-AAAAA-AAAAA", "K") != key_hash("HY-BBBBB-BBBBB", "K")


def test_two_petitions_of_one_author_have_no_value_in_common_that_is_theirs_alone(cast: Any) -> None:
    """Anything equal in both must also be equal in somebody else's petition."""
    mine = lodge(), lodge()
    theirs = lodge(subject="噪声", text="夜里施工", author=_somebody_else())
    rows: list[dict[str, Any]] = [dict(Petition.objects.values().get(ref=f.ref)) for f in (*mine, theirs)]
    first, second, other = rows
    equal = {name for name in first if first[name] == second[name]} - {"subject", "text"}
    assert {name for name in equal if first[name] != other[name]} == set()


def _somebody_else() -> Any:
    from huiyin.vault.seal import Author

    return Author(name="李四", phone="13700000000")


# ---- no search


SEARCHING = (
    "contains",
    "icontains",
    "search",
    "iregex",
    "regex",
    "iexact",
    "startswith",
    "istartswith",
    "endswith",
)
OF_PETITIONS = re.compile(r"^(petition__)?(subject|text|accused_words|contents)(__|$)")


def test_no_query_looks_into_the_words_of_a_petition() -> None:
    for name in ("filter", "exclude", "get", "Q"):
        for path, call in calls(name):
            for keyword in call.keywords:
                asked = keyword.arg or ""
                looked = OF_PETITIONS.search(asked) and asked.rsplit("__", 1)[-1] in SEARCHING
                assert not looked, f"{path}:{call.lineno} searches {asked}"


def test_seals_are_asked_for_by_petition_and_never_listed() -> None:
    for name in ("filter", "get", "all", "values", "values_list", "count", "aggregate", "annotate"):
        for path, call in calls(name):
            if re.search(
                r"(Identity|Contact)Seal|_default_manager", ast.unparse(call.func)
            ) and "Seal" in path + ast.unparse(call.func):
                assert name == "filter", f"{path}:{call.lineno}"
                assert {k.arg for k in call.keywords} <= {"petition", "petition_id"}, f"{path}:{call.lineno}"


def test_no_vocabulary_of_the_house_follows_or_ranks_people() -> None:
    for words in (VERBS, VERBS.values(), ROLES, GUARDS, EFFECTS, MARKS):
        for word in words:
            # That another person must act is about officers.
            assert word == "different-person" or not says(JUDGED, word), word


# ---- petitioning is a right (3)


def test_only_the_author_withdraws_and_is_asked_whether_they_were_pressed() -> None:
    for book in LAWS:
        for row in book.rows_of("request-withdrawal") + book.rows_of("revoke-withdrawal"):
            assert row.by == {"author"}, book.id
        for row in book.rows_of("request-withdrawal"):
            asked = {content.name: content.required for content in row.contents}
            assert asked.get("pressed") is True, book.id


def test_a_petition_ends_as_withdrawn_in_no_other_way() -> None:
    for book in LAWS:
        for row in book.rows:
            if row.to == "withdrawn":
                assert (row.verb, *row.by) == ("withdraw", "clerk"), book.id
                assert {"withdrawing", "is-due:withdrawal"} <= set(row.guards), book.id
            if "start-withdrawal" in row.effects:
                assert row.by == {"author"}, book.id


@pytest.mark.parametrize("book", LAWS, ids=lambda b: b.id)
def test_what_the_author_may_do_is_never_refused_for_having_asked_before(book: rulebook.Rulebook) -> None:
    """Only a served re-review and a matter still in hand may stand against one, for the matter's sake."""
    for row in book.rows:
        if "author" in row.by:
            assert not {"served-rereview", "comparison-complete", "prior-still-in-time"} & set(row.guards)
    refusing = [row for row in book.rows if row.verb in {"decline", "no-longer-accept"}]
    for row in refusing:
        assert any(c.name == "reasons" and c.required for c in row.contents), (book.id, row.verb)
        assert row.notice, (book.id, row.verb)
        challenge = [r for r in book.rows_of("challenge") if row.to in r.sources]
        assert challenge or not book.rows_of("challenge"), (book.id, row.verb)


# ---- no tracking (4)


def test_no_request_leaves_its_sender_behind() -> None:
    """Neither where somebody was, nor with what: no code reads an address or a device of a petitioner."""
    banned = ("REMOTE_ADDR", "HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR", "HTTP_REFERER", "GeoIP")
    for path in sorted(SOURCE.rglob("*.py")):
        if path.is_relative_to(SOURCE / "doors" / "officer"):
            continue  # officers sign in by name; their attempts may be counted
        if path == SOURCE / "site" / "turnstile.py":
            continue  # counted for a minute in memory: the next test holds that nothing there can keep it
        text = path.read_text(encoding="utf-8")
        assert not [word for word in banned if word in text], path


def test_what_counts_addresses_has_nowhere_to_keep_them() -> None:
    """The turnstile reaches neither database nor file nor log, and its counts are read by nobody else."""
    text = (SOURCE / "site" / "turnstile.py").read_text(encoding="utf-8")
    for way in (
        "django.db",
        "cache",
        "logging",
        "print(",
        "open(",
        "Path",
        "huiyin.registry",
        "huiyin.vault",
    ):
        assert way not in text, way
    for path in sorted(SOURCE.rglob("*.py")):
        if path.name != "turnstile.py":
            assert "turnstile.address_of" not in path.read_text(encoding="utf-8"), path


def test_words_for_holding_people_back_stand_only_where_they_are_refused() -> None:
    """Where a text or a column of a list is refused, and where whoever writes one is warned: nowhere else."""
    refusing = {"core/clauses.py", "reading/labels.toml", "reading/about_persons.toml"}
    written = (path for path in SOURCE.rglob("*") if path.suffix in READ_AS_TEXT)
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in written
        if clauses.HOLDING_BACK.search(path.read_text(encoding="utf-8"))
    }
    assert found == refusing
