"""Topics that are learnt from what officers decided: proposed with reasons, kept without a person in it."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from huiyin.reading import topic_training
from huiyin.reading.terms import OPENING, SENTENCE, SUBJECT, of_opening, terms
from huiyin.reading.topic_model import NoModel, dump, read
from huiyin.reading.topic_training import Example, TooLittle, learn
from tests.reading.made_up import messages


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [Example(*each) for each in messages()]


@pytest.fixture(scope="module")
def model(examples):
    return learn(examples).model


@pytest.fixture
def file(model, tmp_path):
    path = tmp_path / "topics.npz"
    path.write_bytes(dump(model))
    return path


# ---- terms


def test_terms_are_characters_and_pairs_of_chinese_and_words_and_pairs_of_english():
    assert terms("公交车") == ["公", "交", "车", "公交", "交车"]
    assert terms("The Lift is broken. Again") == [
        *("the", "lift", "the lift", "is", "lift is", "broken", "is broken", "again"),
    ]


def test_no_term_holds_a_digit_or_what_masking_put_in():
    found = terms("请打13800138000，找〔姓名〕，or [name] at 5 High St")
    assert not [term for term in found if any(c.isdigit() for c in term) or "姓名" in term or "name" in term]


@pytest.mark.parametrize(
    ("message", "found", "share"),
    [
        ("路灯坏\n早就不亮了", "路灯坏", SUBJECT),
        ("\n尊敬的领导：您好！我们村口的公交车好久不来了。谢谢", "我们村口的公交车好久不来了", SENTENCE),
        ("\n短。也短。", "", SENTENCE),
        ("\n没有句号", "没有句号", SENTENCE),
    ],
)
def test_a_message_begins_with_its_subject_or_its_first_sentence(message, found, share):
    said, counts = of_opening(message)
    assert counts == share
    assert said == [OPENING + term for term in terms(found, 3)]


def test_a_mark_in_a_text_makes_no_opening():
    assert not [term for term in terms("^公交 ^bus", 3) if OPENING in term]


# ---- what it says


@pytest.mark.parametrize(
    ("text", "topic", "word"),
    [
        ("我们村口的公交车好久不来了", "交通运输", "公交车"),
        ("老板跑了，拖欠工资", "劳动和社会保障", "拖欠工资"),
        ("厂里排的污水流到河里", "环境保护", "污水"),
    ],
)
def test_proposes_the_topic_with_words_of_the_text(model, text, topic, word):
    said = model.propose("", text)
    assert said.topic == topic
    assert said.confidence > 0.5
    assert word in said.reasons
    assert all(reason in text for reason in said.reasons)


def test_the_subject_speaks_too(model):
    assert model.propose("污水发黑", "请看标题").topic == "环境保护"


def test_says_a_topic_and_abstains_where_it_knows_no_word(model):
    said = model.propose("", "xyz")
    assert said.topic in model.topics
    assert said.abstain
    assert said.reasons == ()


def test_a_text_that_speaks_of_everything_is_less_sure(model):
    clear = model.propose("", "公交车不来，红绿灯坏了，路口很乱")
    mixed = model.propose("", "公交车不来，污水发黑，拖欠工资")
    assert mixed.confidence < clear.confidence


def test_many_at_once_are_told_what_each_is_told_alone(model):
    several = [("", "公交车不来"), ("污水发黑", "请看标题"), ("", "xyz"), ("", "")]
    assert model.propose_all([]) == []
    for one, said in zip(several, model.propose_all(several), strict=True):
        alone = model.propose(*one)
        assert (said.topic, said.abstain, said.reasons) == (alone.topic, alone.abstain, alone.reasons)
        assert said.confidence == pytest.approx(alone.confidence)


# ---- what it keeps


def test_no_name_is_a_term_however_often_it_was_written(examples):
    named = [Example("", f"{one.text}联系人：王小川，电话13800138000。", one.topic) for one in examples]
    kept = "\n".join(learn(named).model.terms)
    assert "公交" in kept
    assert not [part for part in ("小川", "王小", "138") if part in kept]


def test_a_name_that_nothing_marked_this_time_is_left_out_with_those_that_were(examples):
    named = [
        Example("", f"{one.text}联系人：王小川。" if n % 2 else f"小川：{one.text}", one.topic)
        for n, one in enumerate(examples)
    ]
    assert "小川" not in learn(named).model.terms


def test_no_name_is_a_term_of_openings(examples):
    named = [
        Example("投诉人王小川反映" if n % 2 else f"小川：{one.text}", one.text, one.topic)
        for n, one in enumerate(examples)
    ]
    kept = "\n".join(learn(named).model.terms)
    assert f"{OPENING}公交车" in kept
    assert "小川" not in kept


def test_what_few_texts_say_is_no_term(examples):
    rare = [
        Example("", f"{one.text}蟠桃" if n < 3 else one.text, one.topic) for n, one in enumerate(examples)
    ]
    assert "蟠桃" not in learn(rare).model.terms


# ---- the file


def test_the_same_examples_give_the_same_file(examples, model):
    again = dump(learn(examples).model)
    assert again == dump(model)
    assert {info.date_time for info in zipfile.ZipFile(io.BytesIO(again)).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }


def test_a_model_says_the_same_after_it_was_kept(model, file):
    text = "红绿灯坏了，很乱"
    assert read(file).propose("", text) == model.propose("", text)
    assert read(file).vocabulary == model.vocabulary


def test_other_examples_give_another_digest(examples, model):
    other = learn([*examples[:-1], Example("", "污水" * 3, "环境保护")]).model
    assert other.about["digest"] != model.about["digest"]


class _Runs:
    def __reduce__(self):
        return (sys.exit, ("run",))


def _with(file, name: str, content: bytes):
    with zipfile.ZipFile(file) as old:
        parts = {each: old.read(each) for each in old.namelist()}
    with zipfile.ZipFile(file, "w") as new:
        for each, was in parts.items():
            new.writestr(each, content if each == name else was)
    return file


def _about(file, **changed) -> bytes:
    with zipfile.ZipFile(file) as old:
        return json.dumps(json.loads(old.read("about.json")) | changed).encode()


def test_a_file_that_is_no_model_is_refused_and_nothing_in_it_runs(tmp_path, file):
    (tmp_path / "none").write_bytes(b"not a model")
    (tmp_path / "pickled").write_bytes(pickle.dumps(_Runs()))
    objects = io.BytesIO()
    np.save(objects, np.array([_Runs()], dtype=object), allow_pickle=True)
    for broken in (tmp_path / "none", tmp_path / "pickled", _with(file, "weights.npy", objects.getvalue())):
        with pytest.raises(NoModel, match="huiyin learn"):
            read(broken)


@pytest.mark.parametrize("changed", [{"format": 99}, {"vocabulary": "other"}, {"topics": ["one"]}])
def test_a_file_of_another_format_or_with_parts_of_another_is_refused(file, changed):
    with pytest.raises(NoModel):
        read(_with(file, "about.json", _about(file, **changed)))


# ---- learning


def test_too_little_to_learn_from_is_said(examples):
    with pytest.raises(TooLittle):
        learn(examples[:30])


def test_a_topic_with_few_examples_is_left_out(examples):
    made = learn([*examples, *(Example("", f"看病难，医院排队{n}", "卫生") for n in range(5))])
    assert made.too_few == {"卫生": 5}
    assert "卫生" not in made.model.topics


def test_texts_that_begin_alike_are_never_on_both_sides(examples):
    corpus = topic_training.corpus_of([*examples, *examples])
    for others, these in topic_training.folds_of(corpus, np.arange(len(corpus.given)), 0):
        assert not set(corpus.alike[others]) & set(corpus.alike[these])
        assert len(these)


def test_a_proposal_needs_neither_scipy_nor_the_web(file):
    program = (
        "import sys; from pathlib import Path; from huiyin.reading import topic_model;"
        f"topic_model.read(Path({str(file)!r})).propose('', '公交车');"
        "print([m for m in ('scipy', 'sklearn', 'django') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---- how sure


def test_how_sure_it_says_it_is_comes_true():
    drawn = np.random.default_rng(7)
    given = drawn.integers(0, 3, 3000)
    # What speaks for the right topic is weaker in short texts.
    known = drawn.integers(3, 300, 3000)
    sums = drawn.normal(0, 0.5, (3000, 3)).astype(np.float32)
    sums[np.arange(3000), given] += np.log1p(known) / 4
    half = slice(0, 1500), slice(1500, 3000)
    sure = topic_training.sureness_of(sums[half[0]], known[half[0]], given[half[0]])
    said = sure.confidence(sums[half[1]], known[half[1]])
    right = sums[half[1]] * sure.slope + sure.bias
    right = right.argmax(axis=1) == given[half[1]]
    for part in np.array_split(np.argsort(said), 5):
        assert abs(said[part].mean() - right[part].mean()) < 0.07
    assert right[said > 0.9].mean() > right[said < 0.6].mean() + 0.3
