from __future__ import annotations

import hashlib

from gotune.corpus.plain_text import text_key


def test_key_is_a_short_hash_of_the_normal_text() -> None:
    assert text_key("Binds  ATP.") == hashlib.sha256(b"binds atp.").hexdigest()[:16]


def test_case_and_white_space_make_no_difference() -> None:
    assert text_key(" BINDS\n\tatp. ") == text_key("binds ATP.")
    assert text_key("binds ATP") != text_key("binds ATP.")


def test_half_a_character_has_a_key() -> None:
    assert len(text_key("cell \ud83d")) == 16
