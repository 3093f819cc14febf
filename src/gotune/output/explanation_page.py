"""An explanation as a page: the text with tinted words, their weights, and examples to compare it with."""

from __future__ import annotations

from gotune.output.explanation_wording import (
    describe_answer,
    describe_chance,
    describe_method,
    describe_sum,
    name_table,
)
from gotune.output.figures import ink_on, tint
from gotune.output.pages import render_page
from gotune.output.word_tints import tint_colour, tinted_stretches
from gotune.output.wording import describe_probabilities
from gotune.results.explanation import Explanation


def render_explanation(explanation: Explanation) -> str:
    """Return one self-contained HTML page.

    The tints are not alone in telling words for and against the aspect apart: those against it are
    underlined, and a table has all weights with their signs.
    """
    words, model = explanation.strongest(), explanation.model
    largest = abs(words[0].weight) if words else 0.0
    colours = {
        name: tint(tint_colour(explanation.aspect, against=against), 0.8)
        for name, against in (("for", False), ("against", True))
    }
    return render_page(
        "explanation.html.j2",
        title=f"Why {explanation.aspect.words}",
        explanation=explanation,
        stretches=list(tinted_stretches(explanation)),
        colours={name: (colour, ink_on(colour)) for name, colour in colours.items()},
        words=[(word, abs(word.weight) / largest if largest else 0.0) for word in words],
        verdict=f"{describe_answer(explanation)} {describe_chance(explanation)}".strip(),
        total=describe_sum(explanation),
        method=describe_method(explanation.method),
        model="" if model is None else str(model),
        meaning="" if model is None else describe_probabilities(model),
        names=name_table(explanation),
    )
