from __future__ import annotations

from gotune.linking.names import TermNames
from gotune.linking.trust import AnnotatedText, learn_names
from gotune.ontology.ontology import Ontology


def trust(names: TermNames, text: str) -> list[tuple[str, float]]:
    return [(one.go_id, one.trust) for one in names.find([text])[0]]


def test_a_wording_is_trusted_by_its_places(names: TermNames) -> None:
    """Names of one word were met: one right twice of two, one once of one, and one wrong twice of two."""
    prior = (1 + 2 * 2**-0.5 + 1) / (3 + 2 * 2**-0.5 + 1 + 2 * 2**-0.5)
    assert trust(names, "nucleus") == [("GO:9000033", round((2 + 2 * prior) / (2 + 2), 3))]
    assert trust(names, "membrane") == [("GO:9000031", round((0 + 2 * prior) / (2 + 2), 3))]
    assert trust(names, "chromosome") == [("GO:9000035", round(prior, 3))]


def test_a_place_that_is_not_judged_says_nothing(names: TermNames) -> None:
    assert trust(names, "binding") == trust(names, "binding.")
    assert trust(names, "binding")[0][1] == trust(names, "chromosome")[0][1]


def test_what_people_marked_is_a_name_though_the_release_lacks_it(names: TermNames) -> None:
    assert trust(names, "copied") == [("GO:9000018", round((1 + 2 * 0.3) / (1 + 2), 3))]


def test_words_beside_a_name_say_whether_it_means_its_term(told_apart: TermNames) -> None:
    (anywhere,) = trust(told_apart, "Nuclei are old.")
    (right,) = trust(told_apart, "In a large nucleus there are others.")
    (wrong,) = trust(told_apart, "In the atomic nucleus there are others.")
    assert wrong[1] < 0.2 < anywhere[1] < 0.6 < right[1]
    found = told_apart.trusted(0.6).find(["A large nucleus and the atomic nuclei of it."])[0]
    assert [(one.start, one.end) for one in found] == [(8, 15)]


def test_articles_are_what_words_beside_names_are_learned_from(
    names: TermNames, told_apart: TermNames
) -> None:
    """What no article names is of one, and one alone has no others that say how far to trust its names."""
    assert len(names.beside) == 0 < len(told_apart.beside)


def test_an_article_that_names_nothing_changes_nothing(example: Ontology) -> None:
    sentences = [
        AnnotatedText(text, spans, article=article)
        for article in ("1", "3")
        for text, spans in (("A large nucleus.", ((8, 15, "GO:9000033"),)), ("The atomic nucleus.", ()))
    ]
    more = [*sentences, AnnotatedText("It is so.", (), article="2")]
    one, other = (learn_names(example, some).beside for some in (sentences, more))
    assert len(one)
    assert (one.keys.tolist(), one.weights.tolist()) == (other.keys.tolist(), other.weights.tolist())


def test_a_place_within_a_longer_mark_does_not_count(example: Ontology) -> None:
    names = learn_names(example, [AnnotatedText("The cell nucleus.", ((4, 16, "GO:9000033"),))])
    nothing = learn_names(example, [])
    assert trust(names, "nucleus") == trust(nothing, "nucleus") == [("GO:9000033", 0.333)]
