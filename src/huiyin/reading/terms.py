"""What a text is made of, for counting: Chinese characters and pairs of them, other words and pairs of them.

No word list and no segmenter: the same text gives the same terms on every machine, and a text of four hundred
characters takes a fifth of a millisecond. A term never holds a digit: no number of anybody's is one.

How a message begins says most about it: its subject, or its first sentence. Terms of that, runs of three
characters among them, are told apart from those of the whole by a mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import add

HAN = "\u3400"  # where Chinese characters begin
# Runs of Chinese, words of letters, and what stands between words that belong together no longer.
_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\d_\u3400-\u9fff]+|[\d.,;:!?()\[\]]+")
MASKED = re.compile(r"〔[^〕]{1,12}〕|\[[a-z -]{1,20}\]")
LONGEST = 24  # of a word, in letters; what is longer is no word
PAIR = " "
RUNS = 2  # characters of Chinese that are a term, at most
OPENING = "^"  # stands before a term of an opening, and is in no text's terms
OPENING_RUNS = 3
_SENTENCE = re.compile(r"[。！？!?；;\n]")
GREETING = 12  # characters; what is shorter opens nothing
LONGEST_OPENING = 60  # characters of a first sentence
SUBJECT, SENTENCE = 0.5, 0.12  # how much either counts beside the whole message, which counts one


def terms(text: str, runs: int = RUNS) -> list[str]:
    """Every term of a text, as often as it stands there. What masking put in its place is none."""
    found: list[str] = []
    before = ""
    for run in _RUN.findall(MASKED.sub(".", text.lower())):
        if run[0] >= HAN:
            longer: Sequence[str] = run
            found += longer
            for n in range(1, runs):
                longer = list(map(add, longer, run[n:]))
                found += longer
            before = ""
        elif run[0].isalpha() and len(run) <= LONGEST:
            found.append(run)
            if before:
                found.append(before + PAIR + run)
            before = run
        else:
            before = ""
    return found


def of_opening(message: str) -> tuple[list[str], float]:
    """The marked terms of how a message begins, and how much they count beside it.

    `message`: the subject, which may be empty, a line break, and the text.
    """
    subject, _, text = message.partition("\n")
    subject = subject.strip()
    found = terms(subject or _first(text), OPENING_RUNS)
    return [OPENING + term for term in found], SUBJECT if subject else SENTENCE


def _first(text: str) -> str:
    """The first sentence that is more than a greeting."""
    at = 0
    for end in _SENTENCE.finditer(text):
        if len(sentence := text[at : end.start()].strip()) >= GREETING:
            return sentence[:LONGEST_OPENING]
        at = end.end()
    return text[at:].strip()[:LONGEST_OPENING]
