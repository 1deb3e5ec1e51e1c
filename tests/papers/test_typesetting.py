"""Papers are set by a process that ends, and what it refuses says nothing of what was to be set."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from huiyin.papers import fonts, typesetting

HERE = Path(typesetting.__file__).parent


def test_the_first_standard_that_allows_a_paper_is_told() -> None:
    which, pdf = typesetting.compile_first(b"= title", "{}", root=HERE, standards=(("a-2a",), ("1.7",)))
    # PDF/A-2a wants a language and a title that this one lacks, or takes it: either way it is a PDF.
    assert which in (0, 1)
    assert pdf.startswith(b"%PDF-")


def test_what_cannot_be_set_says_nothing_of_its_words(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(typesetting.Unprintable) as refused:
        typesetting.compile_first(b"#unknown-word(", "{}", root=HERE, standards=(("1.7",),))
    assert "unknown-word" not in f"{refused.value}{refused.value.__cause__}{caplog.text}"


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="ascii")
    source = f'#read("{secret}")'.encode()
    with pytest.raises(typesetting.Unprintable):
        typesetting.compile_first(source, "{}", root=HERE, standards=(("1.7",),))


def test_a_paper_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "SECONDS", 0.001)
    with pytest.raises(typesetting.Unprintable):
        typesetting.compile_first(b"= title", "{}", root=HERE, standards=(("1.7",),))


def test_no_fonts_to_be_had_is_no_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "SECONDS", 0.001)
    with pytest.raises(fonts.NoChineseFont):
        fonts._installed.__wrapped__()


def test_whoever_prints_loads_no_typesetter() -> None:
    told = "import sys; from huiyin.papers import press; print('typst' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
