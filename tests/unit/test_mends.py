"""What the parser may hand over, however odd: no mend ties a knot in the tree, and no reader stumbles over a word without children."""

from __future__ import annotations

from pipeline.coder.mends import mend
from pipeline.coder.subjects import find_subject
from pipeline.coder.words import Word


def parsed(*words: tuple[str, str, str, str, int]) -> list[Word]:
    """Words from (text, part of speech, tag, label, index of the head)."""
    line: list[Word] = []
    line.extend(Word(i, text, text.lower(), text.lower(), dep, pos, tag, line) for i, (text, pos, tag, dep, _) in enumerate(words))
    for word, (*_, head) in zip(line, words, strict=True):
        word.head = line[head]
        if head != word.i:
            word.head.children.append(word)
    return line


def test_a_name_joined_to_a_verb_becomes_the_subject_of_its_infinitive() -> None:
    line = parsed(("protest", "VERB", "VB", "ROOT", 0), ("Peru", "PROPN", "NNP", "conj", 0), ("to", "PART", "TO", "aux", 3), ("call", "VERB", "VB", "xcomp", 0))
    mend(line)
    assert (line[1].dep, line[1].head, line[1].ancestors) == ("nsubj", line[3], [line[3], line[0]])


def test_but_not_where_the_infinitive_hangs_from_it() -> None:
    line = parsed(("protest", "VERB", "VB", "ROOT", 0), ("Peru", "PROPN", "NNP", "conj", 0), ("to", "PART", "TO", "aux", 3), ("call", "VERB", "VB", "acl", 1))
    mend(line)
    assert (line[1].head, line[3].ancestors) == (line[0], [line[1], line[0]])


def test_a_relative_clause_of_one_word_is_no_stumbling_block() -> None:
    line = parsed(
        ("barred", "VERB", "VBD", "ROOT", 0), ("ships", "NOUN", "NNS", "dobj", 0), ("called", "VERB", "VBD", "relcl", 1),
        ("and", "CCONJ", "CC", "cc", 0), ("said", "VERB", "VBD", "conj", 0),
    )  # fmt: skip
    assert find_subject(line[4], {}) == ((), 0.0)
