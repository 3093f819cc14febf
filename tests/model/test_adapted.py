from __future__ import annotations

from dataclasses import replace

from gotune.aspects import ASPECTS, Aspect
from gotune.datasets.source_card import SourceCard
from gotune.errors import BundleError
from gotune.estimates import Estimate, Interval
from gotune.model.adapted import Adaptation, Gain, adaptation_table, describe_verdict, render_adaptation
from gotune.typed_json import as_record

PROCESS, COMPONENT, FUNCTION = ASPECTS


def gain(
    low: float, high: float, figure: str = "F1", aspect: Aspect | None = None, *, is_error: bool = False
) -> Gain:
    return Gain(figure, 0.5, 0.5, Estimate((low + high) / 2, Interval(low, high)), is_error, aspect)


def adapted(*gains: Gain) -> Adaptation:
    card = SourceCard(
        "mine.tsv",
        "1" * 64,
        n_rows=1200,
        counts={"biological_process": 700, "cellular_component": 200, "molecular_function": 3},
        n_none=400,
        n_articles=12,
        judged={"biological_process": 1200, "cellular_component": 1000, "molecular_function": 5},
    )
    return Adaptation(card, (PROCESS, COMPONENT), (FUNCTION,), gains, "article")


def test_a_change_is_a_gain_or_a_loss_where_its_interval_leaves_zero_out() -> None:
    changes = ((0.1, 0.2), (-0.2, -0.1), (-0.1, 0.2), (0, 0.2), (-0.2, 0))
    verdicts = ["gain", "loss", "no gain", "no gain", "no gain"]
    assert [gain(*change).verdict for change in changes] == verdicts
    turned = ["loss", "gain", "no gain", "no gain", "no gain"]
    assert [gain(*change, is_error=True).verdict for change in changes] == turned


def test_the_table_names_means_and_aspects() -> None:
    table = adaptation_table(adapted(gain(0.1, 0.3, "macro F1"), gain(-0.3, -0.1, "F1", COMPONENT)))
    assert table.rows == (
        ("macro F1", "0.500", "0.500", "+0.200 (+0.100–+0.300)", "gain"),  # noqa: RUF001
        ("F1, cellular component", "0.500", "0.500", "-0.200 (-0.300–-0.100)", "loss"),  # noqa: RUF001
    )


def test_what_is_kept_is_read_again_and_that_of_older_bundles_too() -> None:
    adaptation = adapted(gain(0.1, 0.3, "macro F1"), gain(-0.3, -0.1, "F1", COMPONENT))
    values = adaptation.to_dict()
    assert [one["aspect"] for one in values["gains"]] == [None, "cellular_component"]
    assert as_record(values, Adaptation, "gotune.json", do="", error=BundleError) == adaptation
    mean, _ = values["gains"]
    del mean["aspect"]
    older = as_record(values | {"gains": [mean]}, Adaptation, "gotune.json", do="", error=BundleError)
    assert older.gains == adaptation.gains[:1]


def test_a_loss_is_said_to_be_one_and_no_gain_is_not() -> None:
    better, worse, same = (-0.2, -0.1), (0.1, 0.2), (-0.1, 0.1)  # of an error
    error = "calibration error"
    gained = gain(*better, error, is_error=True)
    assert describe_verdict(adapted(gained, gain(*same, "macro F1"))) == ""
    none = "No gain on the mean: the model as it was does as well on such sentences. Label more, or keep it."
    alone = gain(*better, error, PROCESS, is_error=True)
    assert describe_verdict(adapted(gain(*same, "macro F1"), alone)) == none
    lost = gain(*worse, error, COMPONENT, is_error=True)
    told = adapted(gained, gain(-0.2, -0.1, "macro F1"), lost)
    loss = (
        "Loss: the model as it was does better in macro F1; calibration error, cellular component. "
        "Label more, or keep it."
    )
    assert describe_verdict(told) == loss
    assert f"`{'1' * 64}`. {loss}\n\n## Before and after" in render_adaptation(told)
    assert f"`{'1' * 64}`.\n\n## Before and after" in render_adaptation(adapted(gained))


def test_the_card_tells_how_many_sentences_were_judged_and_carried_each_aspect() -> None:
    card = render_adaptation(adapted(gain(0.1, 0.3, "macro F1")))
    assert (
        "Adapted to 1,200 sentences of mine.tsv: biological process and cellular component. As it was: "
        "molecular function; too few sentences have it, or have it not. Figures are cross-validated, by "
        "article, and means over the adapted aspects where they name none; in brackets 95 % bootstrap "
        "intervals. Sentences judged: BP 1,200, CC 1,000, MF 5; that carry it: BP 700, CC 200, MF 3. "
        f"The file has the sha256 `{'1' * 64}`.\n\n## Before"
    ) in card


def test_the_card_says_whom_to_cite_for_the_sentences() -> None:
    told = adapted(gain(0.1, 0.3, "macro F1"))
    cited = replace(told, source=replace(told.source, citation="A corpus, CC BY 4.0."))
    hashed = f"The file has the sha256 `{'1' * 64}`."
    assert f"{hashed} Whom to cite: A corpus, CC BY 4.0.\n" in render_adaptation(cited)
    assert "cite" not in render_adaptation(told)
