"""``gotune tokens``: what a model sees of a text."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import DEFAULTS, Encoder, Json, MaxTokens, Offline


def tokens(
    text: Annotated[str, typer.Argument(help="Any text.")],
    encoder: Encoder = DEFAULTS.encoder,
    max_tokens: MaxTokens = DEFAULTS.max_tokens,
    offline: Offline = False,
    as_json: Json = False,
) -> None:
    """Show the word pieces of a text with their ids, type ids and attention mask."""
    from gotune.model.encoders import load_tokenizer, locate_encoder
    from gotune.model.tokens import tokens_of

    screen = Screen(as_json=as_json)
    tokenizer = load_tokenizer(locate_encoder(encoder, offline=offline, weights=False))
    found = tokens_of(tokenizer, text, max_tokens)
    screen.show_rows(
        ("piece", "id", "type id", "mask"),
        [(token.piece, str(token.id), str(token.type_id), str(token.mask)) for token in found],
    )
    screen.result([asdict(token) for token in found])
