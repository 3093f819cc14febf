from __future__ import annotations

from gotune.aspects import Head
from gotune.config import TrainConfig
from gotune.training.recipes import Preset


def test_case_study_is_the_default_with_its_size() -> None:
    recipe = Preset.CASE_STUDY.recipe
    assert recipe.config == TrainConfig(train_size=2000)
    assert (recipe.name_sentences, recipe.needs_sentences) == (0, False)


def test_papers_needs_sentences_and_can_say_none() -> None:
    recipe = Preset.PAPERS.recipe
    assert recipe.config.head is Head.MULTI
    assert recipe.needs_sentences
    assert recipe.config.rationale_weight > 0
