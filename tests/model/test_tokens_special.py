"""Names of special pieces that a person typed are ordinary characters, with every kind of encoder."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoTokenizer, BertConfig, PreTrainedTokenizerBase, PreTrainedTokenizerFast

from gotune.explanation.attention.run import attention_of
from gotune.model.classifier import AspectClassifier
from gotune.model.encoders import load_tokenizer
from gotune.model.tokens import count_tokens, encode_texts, mark_pieces, tokens_of

CASE = Path(__file__).parents[2] / ".." / "shared" / "cases" / "06_special.txt"
SQUARE = {"cls": "[CLS]", "sep": "[SEP]", "pad": "[PAD]", "unk": "[UNK]", "mask": "[MASK]"}
ANGLED = {"cls": "<s>", "sep": "</s>", "pad": "<pad>", "unk": "<unk>", "mask": "<mask>"}


def make_bert() -> PreTrainedTokenizerBase:
    """A tokenizer as BERT's: punctuation is cut off, then word pieces."""
    backend = Tokenizer(models.WordPiece(_word_pieces(), unk_token=SQUARE["unk"]))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return _finish(backend, SQUARE)


def make_blanks() -> PreTrainedTokenizerBase:
    """Word pieces where blanks alone divide words."""
    backend = Tokenizer(models.WordPiece(_word_pieces(), unk_token=SQUARE["unk"]))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return _finish(backend, SQUARE)


def make_roberta() -> PreTrainedTokenizerBase:
    """A tokenizer as RoBERTa's: pairs of bytes, and a mask that takes the blank before it."""
    pieces = [*ANGLED.values(), *sorted(pre_tokenizers.ByteLevel.alphabet()), "in", "ing"]
    backend = Tokenizer(models.BPE(_numbered(pieces), [("i", "n"), ("in", "g")]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return _finish(backend, ANGLED)


def make_xlmr() -> PreTrainedTokenizerBase:
    """A tokenizer as sentencepiece makes it, in whose vocabulary the special pieces are the likeliest."""
    letters = [(letter, -5.0) for letter in string.ascii_letters + string.punctuation]
    scores = [*((name, 0.0) for name in ANGLED.values()), *letters, ("▁", -3.0), ("ing", -4.0)]
    backend = Tokenizer(models.Unigram(scores, unk_id=list(ANGLED).index("unk")))
    backend.normalizer = normalizers.NFKC()
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    return _finish(backend, ANGLED)


def make_whole() -> PreTrainedTokenizerBase:
    """Word pieces of a text that nothing divides."""
    backend = Tokenizer(models.WordPiece(_word_pieces(), unk_token=SQUARE["unk"]))
    return _finish(backend, SQUARE)


def _word_pieces() -> dict[str, int]:
    marks = string.ascii_letters + string.punctuation
    return _numbered([*SQUARE.values(), *marks, *(f"##{mark}" for mark in marks), "##ing"])


def _numbered(pieces: list[str]) -> dict[str, int]:
    return {piece: number for number, piece in enumerate(pieces)}


def _finish(backend: Tokenizer, special: dict[str, str]) -> PreTrainedTokenizerBase:
    names = list(special.values())
    backend.add_special_tokens([AddedToken(name, lstrip=name == "<mask>", special=True) for name in names])
    backend.post_processor = processors.TemplateProcessing(
        single=f"{names[0]} $A {names[1]}", special_tokens=[(names[0], 0), (names[1], 1)]
    )
    roles = {f"{role}_token": name for role, name in special.items()}
    return PreTrainedTokenizerFast(tokenizer_object=backend, **roles)


KINDS = {
    "bert": make_bert(),
    "blanks": make_blanks(),
    "roberta": make_roberta(),
    "xlmr": make_xlmr(),
    "whole": make_whole(),
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PreTrainedTokenizerBase]:
    """A tokenizer of each kind, as gotune loads it."""
    root = tmp_path_factory.mktemp("tokenizers")
    for kind, tokenizer in KINDS.items():
        tokenizer.save_pretrained(root / kind)
        BertConfig().save_pretrained(root / kind)  # which an encoder has to have; nothing of it is asked
    return {kind: load_tokenizer(str(root / kind)) for kind in KINDS}


@pytest.mark.parametrize(
    ("kind", "text", "pieces"),
    [
        ("bert", "a [PAD] b", "a [ p ##a ##d ] b"),
        ("bert", "a [SEP]", "a [ s ##e ##p ]"),
        ("bert", "[CLS]a", "[ c ##l ##s ] a"),
        ("bert", "a[MASK]b", "a [ m ##a ##s ##k ] b"),
        ("bert", "[UNK] [UNK]", "[ u ##n ##k ] [ u ##n ##k ]"),
        ("bert", "[sep] [Pad]", "[ s ##e ##p ] [ p ##a ##d ]"),
        ("bert", "ab ##ing", "a ##b # # i ##n ##g"),
        ("bert", "</s> <mask>", "< / s > < m ##a ##s ##k >"),
        ("blanks", "a [PAD] b", "a [ P ##A ##D ##] b"),
        ("blanks", "a[SEP]b", "a [ S ##E ##P ##] ##b"),
        ("blanks", "[CLS][MASK]", "[ C ##L ##S ##] [ M ##A ##S ##K ##]"),
        ("blanks", "[UNK]", "[ U ##N ##K ##]"),
        ("blanks", "a ##ing ##b", "a # # ##ing # # ##b"),
        ("blanks", "ab #a aing", "a ##b # ##a a ##ing"),
        ("roberta", "<s>a</s>", "< s > a < / s >"),
        ("roberta", "a <mask> b", "a Ġ < m a s k > Ġ b"),
        ("roberta", "<pad><unk>", "< p a d > < u n k >"),
        ("roberta", "[SEP] ##ing", "[ S E P ] Ġ # # ing"),
        ("xlmr", "<s>a</s>", "▁ < s > a < / s >"),
        ("xlmr", "a <mask> b", "▁ a ▁ < m a s k > ▁ b"),
        ("xlmr", "<pad><unk>", "▁ < p a d > < u n k >"),
        ("xlmr", "<<s>/s>", "▁ < < s > / s >"),
        ("xlmr", "＜ｓ＞ a", "▁ < s > ▁ a"),  # noqa: RUF001 (what NFKC makes plain comes to the same)
        ("xlmr", "[SEP] ##ing", "▁ [ S E P ] ▁ # # ing"),
        ("whole", "[SEP]a", "[ S ##E ##P ##] ##a"),
        ("whole", "##ing", "# # ##ing"),
    ],
)
def test_names_are_ordinary_characters(
    loaded: dict[str, PreTrainedTokenizerBase], kind: str, text: str, pieces: str
) -> None:
    first, last = list(SQUARE.values() if kind in {"bert", "blanks", "whole"} else ANGLED.values())[:2]
    wanted = [first, *pieces.split(), last]
    assert [token.piece for token in tokens_of(loaded[kind], text, 64)] == wanted
    assert loaded[kind].convert_ids_to_tokens(encode_texts(loaded[kind], [text], 64).ids[0]) == wanted
    assert count_tokens(loaded[kind], [text]) == [len(wanted)]


@pytest.mark.parametrize("kind", KINDS)
@given(text=st.text(st.sampled_from("abing [](){}/.,;ＡαSEP"), max_size=30))  # noqa: RUF001
def test_text_without_names_is_read_as_before(
    loaded: dict[str, PreTrainedTokenizerBase], kind: str, text: str
) -> None:
    text = text.replace("[SEP]", "")
    assert encode_texts(loaded[kind], [text], 64).ids == [KINDS[kind](text)["input_ids"]]


@pytest.mark.parametrize("kind", KINDS)
@given(
    words=st.lists(
        st.sampled_from([*SQUARE.values(), *ANGLED.values(), "##ing", "<", "[", "a", " "]), max_size=8
    )
)
def test_no_text_gives_a_special_piece(
    loaded: dict[str, PreTrainedTokenizerBase], kind: str, words: list[str]
) -> None:
    tokenizer = loaded[kind]
    ids = encode_texts(tokenizer, ["".join(words)], 200).ids[0]
    assert not set(ids[1:-1]) & (set(tokenizer.all_special_ids) - {tokenizer.unk_token_id})


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_saved_with_the_tokenizer_once(
    loaded: dict[str, PreTrainedTokenizerBase], kind: str, tmp_path: Path
) -> None:
    text = "a [SEP] </s> ##ing"
    loaded[kind].save_pretrained(tmp_path / "first")
    BertConfig().save_pretrained(tmp_path / "first")
    plain = AutoTokenizer.from_pretrained(tmp_path / "first")
    assert plain(text)["input_ids"] == loaded[kind](text)["input_ids"]
    load_tokenizer(str(tmp_path / "first")).save_pretrained(tmp_path / "second")
    files = [tmp_path / place / "tokenizer.json" for place in ("first", "second")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_spans_are_found_behind_a_name(loaded: dict[str, PreTrainedTokenizerBase]) -> None:
    (marks,) = mark_pieces(loaded["xlmr"], ["<s> ab"], [[(4, 6, 0)]], 64)
    assert marks is not None
    pieces = [token.piece for token in tokens_of(loaded["xlmr"], "<s> ab", 64)]
    assert [piece for piece, marked in zip(pieces, marks[:, 0], strict=True) if marked] == ["a", "b"]


def test_model_does_not_take_a_typed_name_for_the_end_of_the_text(classifier: AspectClassifier) -> None:
    typed, apart, short = classifier.predict_proba(["cell [SEP]", "cell [ sep ]", "cell"])
    np.testing.assert_array_equal(typed, apart)
    assert np.abs(typed - short).max() > 0


def test_a_trained_model_reads_them_so_in_plain_transformers(bundle_folder: Path) -> None:
    plain = AutoTokenizer.from_pretrained(bundle_folder)
    ids = plain("cell [SEP] [PAD] [CLS]")["input_ids"]
    assert ids == plain("cell [ sep ] [ pad ] [ cls ]")["input_ids"]
    assert [ids.count(plain.convert_tokens_to_ids(name)) for name in ("[CLS]", "[SEP]", "[PAD]")] == [1, 1, 0]


def test_weights_of_attention_have_a_piece_for_each_character_of_a_name(classifier: AspectClassifier) -> None:
    typed, apart = (attention_of(classifier, text) for text in ("cell [SEP]", "cell [ sep ]"))
    assert typed.pieces == apart.pieces
    np.testing.assert_array_equal(typed.weights, apart.weights)


@pytest.mark.skipif(not CASE.is_file(), reason="the inputs that once failed are not beside the repository")
def test_input_that_failed(loaded: dict[str, PreTrainedTokenizerBase]) -> None:
    pieces = [token.piece for token in tokens_of(loaded["bert"], CASE.read_text(encoding="utf-8"), 64)]
    assert "".join(pieces[1:-1]).count("[p##a##d]") == 1
    assert not set(pieces[1:-1]) & set(SQUARE.values())
