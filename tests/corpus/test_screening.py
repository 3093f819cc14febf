from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotune.corpus.screening import Doubt, assess
from gotune.evaluation.stress.texts import load_stress_sentences

CRAFT = Path(__file__).parents[2] / ".." / "shared" / "data" / "craft_dev.tsv.gz"
OWN = Path(__file__).parents[2] / "benchmarks" / "competence_texts.tsv"


READ = (
    "Hsp70 binds ATP.",
    "Actin filaments depolymerize.",
    "Binding of ATP opens the pocket.",
    "Chromosomes segregate.",
    "Dynein walks.",
    "Mitochondria fuse.",
    "Cells divide.",
    "Rad51 coats ssDNA.",
    "Myosin hydrolyses ATP.",
    "The pore closes.",
    "Ubiquitin marks proteins.",
    "Zygotes cleave rapidly.",
    "Kinesin walks along microtubules.",
    "The pocket opens when the loop moves.",
    "Sec61 forms a channel.",
    "Loss of the gene had no effect.",
    "IL-2 drives T cell growth.",
    "No difference was seen between the two groups.",
    "Data were analysed with a two-tailed t-test.",
    "Scale bar, 20 μm, applies to all panels.",
    "Samples were washed twice and kept on ice.",
    "The results are the mean of three experiments.",
    "Both authors read and approved the final version.",
    "Error bars show the standard error of the mean.",
    "Wild-type littermates served as controls throughout.",
    "Human T cells often express CD4.",
    "Homozygous mutants died within three days after birth.",
    "Yeast lacking Sgs1 grow slowly on plates with methyl methanesulfonate.",
    "Water enters through aquaporins and leaves through the roots.",
    "The enzyme turns glucose into fructose.",
    "Smith et al. reported the same phenotype in fish.",
    "Neurons from La Jolla mice fire al dente spikes at dawn.",
    "Sugar is stored as starch in the seeds of maize.",
    "Eggs were collected from females and fertilised in vitro.",
    "Plants close their stomata when the soil dries.",
    "WT, wild type; KO, knockout; Het, heterozygous littermate; n, number of mice.",
)
"""Sentences of papers, short ones and such without a word of biology among them."""

SHORT = (
    "Results",
    "Figure 4",
    "Materials and methods",
    "Table 2.",
    "Data not shown.",
    "ATP hydrolysis",
    "Actin",
    "See above.",
    "Gene expression",
    "Supporting information",
    "42",
    "P < 0.001.",
)
"""Headings and what else is too short to be judged."""

FOREIGN = (
    "Der Rezeptor bindet.",
    "Die Zellen teilen sich jeden Tag.",
    "La protéine se fixe sur la membrane.",
    "El gen codifica una proteína de la membrana.",
    "Il gene codifica una proteina.",
    "Het eiwit bindt aan het DNA.",
    "受容体は細胞膜にある。",
    "Белок связывает ДНК.",
    "Proteinet binder til membranen og aktiverer receptoren.",
    "Receptorn sitter i membranen och binder ett hormon.",
    "A proteína liga-se ao DNA e ativa os genes.",
    "Białko wiąże się z błoną i uruchamia szlak sygnałowy komórki.",
    "DIE ROLLE DER ZELLEN IN DER LEBER",
    "MATERIAL UND METHODEN DER STUDIE",
    "LES CELLULES DANS LE SANG",
    "LA MEMBRANA DE LAS CELULAS",
    "Η πρωτεΐνη συνδέεται με τη μεμβράνη.",  # noqa: RUF001
)
"""Not English."""

ELSEWHERE = (
    "Preheat the oven and mix the flour with two eggs and some sugar.",
    "Fry the onions in butter until they are golden.",
    "My brother sold his motorcycle to a friend in March.",
    "The parliament voted on the new tax law yesterday.",
    "Passengers must show their tickets before boarding the train.",
    "The hotel offers free breakfast and a pool on the roof.",
    "The goalkeeper was injured and left the stadium in tears.",
    "Click the button to download the latest version of the app.",
    "The defendant pleaded guilty to theft.",
    "We walked along the beach and watched the sunset.",
    "The landlord raised the rent again this winter.",
    "Her daughter plays the piano and sings in a choir.",
    "The mayor opened the new bridge on Saturday.",
    "Unemployment fell to four percent in the last quarter.",
    "The plane landed in Paris two hours late.",
    "He wore a grey hat and a coat with brass buttons.",
    "The company will pay a dividend of two dollars a share.",
    "Mow the lawn once a week and water the roses.",
    "The telescope recorded the light of a distant galaxy.",
    "Add salt and pepper and stir the soup for ten minutes.",
    "Tie your hair back before you start cooking.",
    "The king lived in a castle with his three sons.",
    "This function returns a list of strings or raises an exception.",
    "Whitespace and the trailing newline are left out.",
    "Release a semaphore, incrementing the count by one.",
    "The path may be a symlink or a subdirectory.",
    "A ValueError is raised if the timezone is unknown.",
    "The actors rehearsed the second act of the play.",
    "Earthquakes are caused by the movement of plates of rock.",
    "The theorem follows from the axiom of choice.",
    "Oil prices rose after the war began.",
    "The wine tastes of cherries and oak.",
    "The new phone has a bigger screen and a better camera.",
    "Please reply to this email by Friday noon.",
    "Two policemen stopped the driver near the church.",
    "The pupils wrote an essay about the French Revolution.",
    "The artist carved the statue from a single block of marble.",
    "Turn left at the traffic lights and park behind the supermarket.",
    "The bride danced with her father at the wedding.",
    "The general ordered his troops to cross the river.",
    "Interest on the loan is due every month.",
    "The rocket carried two satellites into orbit.",
    "Voters in the north supported the opposition.",
    "The magazine published an interview with the singer.",
)
"""Of kitchens, courts, sports, machines and other sciences, a word of biology in some."""


@pytest.mark.parametrize("text", READ)
def test_what_papers_say_is_not_doubted(text: str) -> None:
    assert assess(text) == ()


@pytest.mark.parametrize("text", SHORT)
def test_headings_are_too_short(text: str) -> None:
    assert assess(text) == (Doubt.TOO_SHORT,)


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_doubted(text: str) -> None:
    assert assess(text) == (Doubt.NOT_ENGLISH,)


@pytest.mark.parametrize("text", ELSEWHERE)
def test_what_is_not_about_biology_is_doubted(text: str) -> None:
    assert assess(text) == (Doubt.NOT_BIOLOGY,)


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("", (Doubt.TOO_SHORT,)),
        ("Figure 3", (Doubt.TOO_SHORT,)),
        ("Materials and Methods, 2 7 9", (Doubt.TOO_SHORT,)),
        ("The kinase is in the nucleus.", ()),
        ("It is seen in Tbx15−/− only.", ()),  # noqa: RUF001
        ("We looked at BRCA2 once more.", ()),
        ("They lack a phosphodiesterase and more.", ()),
        ("Der Rezeptor bindet das Hormon.", (Doubt.NOT_ENGLISH,)),
        ("Рецептор связывает этот белок.", (Doubt.NOT_ENGLISH,)),
        ("受容体 は 細胞 膜 に あります", (Doubt.NOT_ENGLISH,)),
        ("Jeden z genów koduje białko, którego brak powoduje chorobę", (Doubt.NOT_ENGLISH,)),
        ("The α- and β-forms of the proteins differ.", ()),  # noqa: RUF001
        ("The train was late because of the snow.", (Doubt.NOT_BIOLOGY,)),
        ("Save the file as UTF16 or SHA256, see Fig7a.", (Doubt.NOT_BIOLOGY,)),
        ("Please release the phrase from the database.", (Doubt.NOT_BIOLOGY,)),
    ],
)
def test_doubts(text: str, doubts: tuple[Doubt, ...]) -> None:
    assert assess(text) == doubts


def test_words_of_biology_and_of_elsewhere_are_weighed() -> None:
    plain = "The train was late because of heavy snow near the bridge."
    assert assess(f"{plain} The cells died.") == (Doubt.NOT_BIOLOGY,)
    assert assess(f"{plain} The kinases of these cells bind ATP.") == ()
    assert assess("Sugar is found in eggs.") == ()
    assert assess("Sugar is found in eggs, in flour, in soup and in tea.") == (Doubt.NOT_BIOLOGY,)


def test_a_document_needs_a_share_of_words_of_biology() -> None:
    plain = "Nothing of interest happened there during that quiet time. "
    assert assess(plain) == ()
    assert assess(plain * 20) == (Doubt.NOT_BIOLOGY,)
    assert assess(f"{plain * 20} The cells died.") == (Doubt.NOT_BIOLOGY,)
    assert assess("The cells died at once. " * 20) == ()


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("IL-2 of T cells.", ()),  # capitals are symbols: no Italian article
        ("Il gene di topo.", (Doubt.NOT_ENGLISH,)),
        ("FOG and GATA factors meet here.", ()),
        ("ROLE OF IL-2 AND LA IN MICE", ()),
        ("IL-6 IN MS PATIENTS", ()),
        ("Fog and rain have come back.", (Doubt.NOT_BIOLOGY,)),
        ("Lesions of the dentate gyrus (DG), CA1, or LA slow recall.", ()),
    ],
)
def test_symbols_are_no_words(text: str, doubts: tuple[Doubt, ...]) -> None:
    assert assess(text) == doubts


def test_words_are_judged_alike_whatever_stands_around_them() -> None:
    text = "The kinase binds Rad51 in the oven"
    marks = [f"({text})", f"{text}.", f"[{text}];", text.replace(" ", "\n"), text.replace(" ", " \u2013 ")]
    assert {assess(one) for one in marks} == {()}
    assert assess("oven,flour;(butter):soup.") == (Doubt.NOT_BIOLOGY,)


def test_doubts_are_words_for_people() -> None:
    assert [f"{doubt}" for doubt in Doubt] == ["too short", "not English", "not about biology"]


def test_pairs_of_the_stress_tests_are_in_english() -> None:
    for sentence in load_stress_sentences():
        assert Doubt.NOT_ENGLISH not in assess(sentence.text), sentence.text


@pytest.mark.skipif(not OWN.is_file(), reason="the benchmarks are not here")
def test_measured_rates_on_own_sentences() -> None:
    with OWN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    foreign = [row["text"] for row in rows if row["language"] != "en"]
    everyday = [row["text"] for row in rows if (row["language"], row["topic"]) == ("en", "other")]
    science = [row["text"] for row in rows if row["topic"] == "science"]
    assert sum(assess(text) == (Doubt.NOT_ENGLISH,) for text in foreign) == 59
    assert sum(assess(text) == (Doubt.NOT_BIOLOGY,) for text in everyday) == 40
    assert sum(assess(text) == (Doubt.NOT_BIOLOGY,) for text in science) == 12
    for texts in (everyday, science):
        assert assess(" ".join(texts)) == (Doubt.NOT_BIOLOGY,)


@pytest.mark.skipif(
    not CRAFT.is_file(), reason="the CRAFT development sentences are not beside the repository"
)
def test_no_article_of_craft_is_flagged() -> None:
    import pandas as pd

    table = pd.read_csv(CRAFT, sep="\t", keep_default_na=False, usecols=["pmid", "text"])
    assert {assess(" ".join(rows["text"])) for _, rows in table.groupby("pmid")} == {()}


@pytest.mark.skipif(
    not CRAFT.is_file(), reason="the CRAFT development sentences are not beside the repository"
)
def test_measured_false_doubts() -> None:
    import pandas as pd

    table = pd.read_csv(CRAFT, sep="\t", keep_default_na=False, usecols=["aspects_rec", "text"])
    table = table[[len(text.split()) >= 4 for text in table["text"]]]
    doubted = table["text"].map(assess).map(bool)
    assert doubted.mean() < 0.02
    assert doubted[table["aspects_rec"] != ""].mean() < 0.005


@given(st.text())
def test_any_text_gives_at_most_one_doubt(text: str) -> None:
    assert len(assess(text)) <= 1
