"""Recipes that were found good by experiment, by name; ``docs/experiments.md`` tells how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gotune.aspects import Head
from gotune.config import TrainConfig


class Preset(StrEnum):
    """A recipe by its name."""

    CASE_STUDY = "case-study"
    """2,000 definitions make a model that chooses one aspect for every definition."""
    PAPERS = "papers"
    """Labelled sentences of papers, definitions and names make a tagger of sentences."""

    @property
    def recipe(self) -> Recipe:
        """What it stands for."""
        return _RECIPES[self]


@dataclass(frozen=True, slots=True)
class Recipe:
    """All settings of a run, and what it learns from beside the definitions.

    Attributes:
        config: The settings.
        name_sentences: How many made-up sentences with names and synonyms of training terms.
        needs_sentences: Without labelled sentences the recipe makes no sense.
    """

    config: TrainConfig
    name_sentences: int = 0
    needs_sentences: bool = False


_RECIPES = {
    Preset.CASE_STUDY: Recipe(TrainConfig(train_size=2000)),
    Preset.PAPERS: Recipe(
        TrainConfig(
            head=Head.MULTI,
            train_size=16000,
            opening_cut=0.6,
            rationale_weight=10.0,
            lexicon=True,
            epochs=2,
            batch_size=16,
            learning_rate=1e-4,
            warmup_share=0.06,
            weight_decay=0.01,
            max_tokens=96,
        ),
        name_sentences=4000,
        needs_sentences=True,
    ),
}
