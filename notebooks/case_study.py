# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Teaching a small language model the Gene Ontology
#
# The [Gene Ontology](https://geneontology.org) (GO) describes what genes do. Each of its terms has a
# definition in plain English and belongs to one of three *aspects*. Here a small language model
# learns, from 2,000 of these definitions, to tell from a text which aspect it is about. Then we
# measure it, use it on a text, find out why it is so good at the one and so bad at the other, and
# look inside.
#
# The idea comes from a [published case
# study](https://github.com/matiollipt/GO-graph-definition-text-transformer), whose steps we follow
# and whose figures stand beside ours. No GPU is needed. On two cores most steps take seconds, each of
# the two trainings a few minutes, and all of it about ten, plus once a download of some 100 MB. You
# need to know some biology and a little Python, and nothing about transformers.
#
# To run it yourself, in a copy of the repository: `pip install ".[train,explain,explore,notebook]"
# jupyterlab`, then open this file in Jupyter. The outputs below are those of a full run. Yours may
# differ in the third digit, as processors add up in different orders.

# %% [markdown]
# The sizes of everything. Smaller ones are quicker and say less.

# %% tags=["parameters"]
RELEASE = "2021-12-15"  # the release of GO to learn from
EARLIER = "2020-01-01"  # an earlier one: terms that it lacks are new
ENCODER = "all-MiniLM-L6-v2"  # the language model to start from
TRAIN_SIZE = 2000  # definitions to learn from
VALIDATION_SIZE = 1000  # definitions to choose the best epoch by
EPOCHS = 3  # how often the model reads the training definitions
TEST_SIZE = 1000  # definitions to measure on, of each test part
CUT_SIZE = 300  # definitions to cut words from
EXAMPLES = "../examples"  # texts to classify
OUTPUT = None  # folder for models, tables and pages; None makes a temporary one

# %%
import tempfile
import warnings
from pathlib import Path

import pandas as pd

import gotune

# %matplotlib inline
warnings.filterwarnings("ignore", message="IProgress not found")  # no bars are shown here
pd.set_option("display.max_colwidth", 160, "display.precision", 3)
output = Path(OUTPUT or tempfile.mkdtemp(prefix="gotune-"))

# %% [markdown]
# ## 1. The Gene Ontology and its three aspects
#
# Releases of GO have dates, and they differ: GO grows, shrinks and is corrected. So gotune names the
# release in everything that it makes. The first time the file is fetched and checked by its hash,
# then it is kept.

# %%
ontology = gotune.load_ontology(RELEASE)
earlier = gotune.load_ontology(EARLIER)
print(ontology, earlier, sep="\n")

# %% [markdown]
# - A **biological process** (BP) is something that an organism gets done, often in many steps:
#   *response to unfolded protein*.
# - A **cellular component** (CC) is a place or a structure: *mitochondrial matrix*.
# - A **molecular function** (MF) is what a single molecule can do: *unfolded protein binding*.
#
# One gene product has terms of all three. A chaperone **binds** unfolded proteins (MF), takes part in
# the **response** to them (BP), and some do so in the **mitochondrial matrix** (CC).

# %%
examples = [ontology[go_id] for go_id in ("GO:0006986", "GO:0005759", "GO:0051082")]
pd.DataFrame(
    [(term.id, term.aspect.words, term.name, term.definition) for term in examples],
    columns=["id", "aspect", "name", "definition"],
)

# %% [markdown]
# ## 2. All terms, in a table and in pictures
#
# One row a term. The definition is what the model will read, the aspect is what it should say.

# %%
from gotune.ontology.graph import term_table

table = term_table(ontology)
table.head()

# %% [markdown]
# The aspects are far from equal. A "model" that always says *biological process* is right two times
# out of three, so an accuracy of 65 % is worth nothing. Keep that in mind whenever you read an
# accuracy.

# %%
from gotune.datasets.word_cloud import plot_aspect_counts

plot_aspect_counts(dict(table["aspect"].value_counts()))

# %% [markdown]
# What the definitions are about. Words of GO's own phrasing ("any process that modulates the
# frequency, rate or extent of") are left out here. We shall meet them again.

# %%
from gotune.datasets.word_cloud import TEMPLATE_WORDS, plot_word_cloud

plot_word_cloud(table["definition"].dropna().tolist(), TEMPLATE_WORDS)

# %% [markdown]
# GO is not a list but a graph: a term has one or more parents, which are more general, up to the root
# of its aspect. Here are the terms with the most parents and children.

# %%
from gotune.render.term_graph.pictures import plot_term_graph

plot_term_graph(ontology.to_networkx(), 20)

# %% [markdown]
# And here is one term with everything above it. An arrow says *is a*, *part of* or *regulates*;
# follow any path and you end at a root.

# %%
from gotune.ontology.graph import find_neighbourhood
from gotune.render.term_graph.pictures import plot_neighbourhood

plot_neighbourhood(find_neighbourhood(ontology, "GO:0005759", children=3))

# %% [markdown]
# ## 3. What to learn from, and what to be examined on
#
# A model must be examined on texts that it has not learned from. So the definitions are dealt out
# into parts:
#
# | part | what is in it | what it is for |
# | --- | --- | --- |
# | `train` | what is left | to learn from |
# | `validation` | a draw from what is left | to choose the best of the epochs |
# | `test` | a fifth of all terms, drawn at random, as published | to be examined on |
# | `test_release` | terms that the earlier release did not have | what will happen when GO grows? |
# | `test_opening` | all definitions that begin with certain words | what if the phrase is unknown? |
# | `test_lineage` | whole branches of the graph | what about another corner of biology? |

# %%
dataset = gotune.build_dataset(ontology, earlier=earlier)
pd.DataFrame(dataset.card.counts).T.assign(all=lambda counts: counts.sum(axis=1))

# %% [markdown]
# Why so many test parts? Because GO's definitions resemble each other. Editors write *regulation of
# X* by one pattern for hundreds of X, so a random test part is full of texts that stand in the
# training part too, but for a word. The harder parts have fewer.

# %%
pd.DataFrame(
    {
        part: {"definitions": found.n, "word for word": found.exact, "nearly": found.near}
        for part, found in dataset.card.overlap.items()
    }
).T.assign(share=lambda counts: (counts["word for word"] + counts["nearly"]) / counts["definitions"])

# %% [markdown]
# ## 4. What a model sees of a text
#
# A transformer reads numbers, not letters. First a *tokenizer* cuts the text into **word pieces**
# from a fixed list of some 30,000, each of which has a number. Frequent words are one piece; rare
# ones fall into several, marked with `##`: *catalysis* into three, *phosphofructokinase* into nine.
# `[CLS]` and `[SEP]` mark beginning and end.

# %%
from gotune.model.encoders import load_tokenizer, locate_encoder
from gotune.model.tokens import tokens_of

tokenizer = load_tokenizer(locate_encoder(ENCODER, weights=False))
pieces = tokens_of(tokenizer, "Catalysis by phosphofructokinase.", 128)
pd.DataFrame([(token.piece, token.id) for token in pieces], columns=["piece", "number"])

# %% [markdown]
# The longer the text, the longer the reading takes. We let the model read 128 pieces and no more; of
# nearly all definitions that is the whole.

# %%
from gotune.datasets.word_cloud import plot_definition_lengths
from gotune.model.tokens import count_tokens

defined = table.dropna(subset="definition")
n_pieces = count_tokens(tokenizer, defined["definition"].tolist())
aspects = [gotune.Aspect(name) for name in defined["aspect"]]
plot_definition_lengths(defined["n_words"], n_pieces, aspects, 128)

# %% [markdown]
# ## 5. Fine-tuning
#
# We do not begin with nothing. `all-MiniLM-L6-v2` is an **encoder** that others have trained on a
# billion pairs of English sentences. It turns each word piece into 384 numbers and then, six times
# over, lets every piece take from all others what it needs (*attention*, section 11). What comes out
# tells what a piece means *here*, in this sentence. It knows English, but no aspects.
#
# **Fine-tuning** adds a last layer with three outputs, one an aspect, and then nudges all 22.7
# million weights a little, so that the right output grows. In outline:
#
# ```text
# for epoch in 1, 2, 3:                          read all training definitions three times
#     for batch of 8 definitions:
#         scores = model(batch)                  three numbers a definition
#         loss = cross_entropy(scores, aspects)  how surprised the model is by the truth
#         loss.backward()                        which way each weight should move
#         optimizer.step()                       move it, a little
# ```
#
# The real loop is meant to be read: `src/gotune/training/loop.py` in the repository. After every
# epoch the validation definitions tell how good the model is, and the best epoch is kept.

# %%
settings = {
    "data": dataset,
    "encoder": ENCODER,
    "train_size": TRAIN_SIZE,
    "validation_size": VALIDATION_SIZE,
    "epochs": EPOCHS,
}
native = gotune.train(
    gotune.Recipe.case_study(**settings),
    output / "native",
    on_epoch=lambda done: print(f"epoch {done.epoch}: validation accuracy {done.validation_accuracy:.3f}"),
)

# %% [markdown]
# The loss should fall; that of a model which knows nothing is ln 3 = 1.1. Where the training loss
# goes on falling and the validation loss turns up, the model has begun to learn its texts by heart.

# %%
from gotune.evaluation.model_report import plot_history

plot_history(native.to_dict()["history"], native.best_epoch)

# %% [markdown]
# The case study did the same a second time with the `Trainer` of Hugging Face, a ready-made loop with
# everything that large runs need: many GPUs, experiment trackers. In gotune that is one setting. On a
# processor it is slower.

# %%
trainer = gotune.train(
    gotune.Recipe.case_study(**settings, loop="trainer"),
    output / "trainer",
    on_epoch=lambda done: print(f"epoch {done.epoch}: validation accuracy {done.validation_accuracy:.3f}"),
)
plot_history(trainer.to_dict()["history"], trainer.best_epoch)

# %% [markdown]
# ## 6. How good is it?
#
# Now, and only now, we look at the test parts. Beside the model stand two others that learned from
# the very same definitions: *TF-IDF*, which only counts words and knows nothing of their order or
# meaning, and *majority*, which always gives the most frequent aspect.

# %%
classifier = gotune.AspectClassifier.load(output / "native")
measured = gotune.evaluate(classifier, dataset, test_size=TEST_SIZE)
trainer_classifier = gotune.AspectClassifier.load(output / "trainer")
trainer_measured = gotune.evaluate(trainer_classifier, dataset, test_size=TEST_SIZE)

# %% [markdown]
# The published figures are those of `bert-base-multilingual-uncased`, which has 168 million weights,
# seven times more than ours. The recipe is the same: 2,000 definitions, 3 epochs, 8 at a time, and
# 1,000 definitions held out, though not the same ones.

# %%
from gotune.evaluation.definitions.report import evaluation_tables

splits, overall, by_aspect, _ = evaluation_tables(measured)
(trainer_row, *_) = evaluation_tables(trainer_measured)[1].rows
pd.DataFrame(
    [
        ("published, Trainer", "0.986"),
        ("published, plain PyTorch loop", "0.989"),
        ("here, Trainer", trainer_row[1]),
        ("here, plain PyTorch loop", overall.rows[0][1]),
        ("here, TF-IDF", overall.rows[1][1]),
        ("here, majority", overall.rows[2][1]),
    ],
    columns=["model", "accuracy on held-out definitions, random part"],
)

# %% [markdown]
# In brackets stands the 95 % interval: had we drawn other families of definitions, the figure could
# well have been anywhere in it. So nobody has won here: the differences between the transformers are
# smaller than what chance does. And the model that only counts words is close behind, which should
# make you suspicious of the task.
#
# How well each aspect is told from the others (*precision*: of those it calls so, how many are;
# *recall*: of those that are, how many it finds):

# %%
pd.DataFrame(by_aspect.rows, columns=by_aspect.header)

# %% [markdown]
# Which aspect is taken for which:

# %%
from gotune.evaluation.definitions.report import plot_confusion

plot_confusion(measured.model)

# %% [markdown]
# Its errors, the most confident first. Read them: would you have known?

# %%
pd.DataFrame(
    [
        (hard.name, hard.definition, hard.aspect.short, hard.probabilities.aspect.short)
        for hard in measured.hardest[:5]
    ],
    columns=["term", "definition", "is", "taken for"],
)

# %% [markdown]
# All of this, with curves and provenance, as one page to keep with the model or to send to a
# colleague. (Where it was written, and how to open it, is told at the end.)

# %%
from gotune.evaluation.model_report import render_model_report
from gotune.model.light_bundle import read_manifest

with (output / "model.html").open("w", encoding="utf-8") as page:
    manifest = read_manifest(output / "native")
    page.write(render_model_report("case study", manifest, dataset.card, measured))

# %% [markdown]
# ## 7. Why 99 % flatters
#
# The same models on the harder test parts. The last row is the random part again, but each definition
# has lost its first eight words.

# %%
pd.DataFrame(splits.rows, columns=splits.header).set_index("model").T

# %% [markdown]
# Without its opening words the transformer is no better than the model that counts words, and not far
# from the one that always says the same. Something in these words gives the answer away. What is it?
# Count how definitions begin, and which aspect those have:

# %%
openings = table["definition"].str.split().str[:3].str.join(" ")
pd.crosstab(openings, table["aspect"]).assign(all=lambda counts: counts.sum(axis=1)).nlargest(10, "all")

# %% [markdown]
# There it is. *Catalysis of the* is always a function, *Any process that* always a process. These are
# template words: they say how GO's editors write, and nothing about biology. Cut them off, word by
# word, and watch. (*Learned cut* is a model that counts words and was taught by cut definitions.)

# %%
from gotune.evaluation.stress.report import plot_cuts
from gotune.evaluation.stress.run import run_stress_tests

stress = run_stress_tests(classifier, dataset, max_definitions=CUT_SIZE)
plot_cuts(stress.model.name, stress.cuts)

# %% [markdown]
# Or deceive it. The first two sentences describe the same thing. The last two are nonsense in GO's
# phrasing.

# %%
tricks = [
    "Catalysis of the hydrolysis of ATP by a chaperone.",
    "The hydrolysis of ATP by a chaperone.",
    "Any process that stops, prevents or reduces the kindness of our colleagues.",
    "Catalysis of the reaction: thanks and many discussions.",
]
pd.DataFrame(classifier.predict_proba(tricks), index=tricks, columns=["BP", "CC", "MF"])

# %% [markdown]
# A model takes the shortest way to the right answer that its training texts leave open. That is no
# fault of transformers: the model that counts words does the same. It is a fault of the examination,
# and the reason why a random test part never stands alone here.
#
# ## 8. Reading a document
#
# This is what the model was made for in the case study: cut a text into sentences, ask about each,
# make a table, a workbook and a pie. The text was written for gotune; it tells what yeast does when
# it gets too hot.

# %%
from gotune.render.document_page import render_document_report
from gotune.render.document_table import document_frame

for document in gotune.read_documents([EXAMPLES]):
    paper = gotune.classify_document(classifier, document)
    gotune.write_document(paper, output / f"{document.name}.xlsx")
    with (output / f"{document.name}.html").open("w", encoding="utf-8") as page:
        page.write(render_document_report(paper))
short = {aspect.value: aspect.short for aspect in gotune.ASPECTS}
sentences = document_frame(paper).set_index("sentence").rename(columns=short)
sentences[["text", "aspects", *short.values()]].head(10)

# %%
gotune.plot_shares(paper)

# %% [markdown]
# That looks useful. Now read how the text ends:

# %%
sentences[["text", "aspects", *short.values()]].tail(5)

# %% [markdown]
# To grow cultures, to freeze samples and to thank colleagues is nothing that a gene product does. But
# the model has no word for *none of the three*: its three probabilities always add up to one, and so
# every sentence gets an aspect, the pie counts all of them, and the probability rarely warns you.
#
# ## 9. Why papers need another recipe
#
# gotune comes with some sentences that were written to try models on. Each of the first two kinds
# carries one aspect or more; those of the other kinds, such as *Samples were stored at -80 degrees
# until use*, carry none. How often is the answer an aspect that the sentence carries, and how sure is
# the model?

# %%
from gotune.evaluation.stress.texts import load_stress_sentences

trials = pd.DataFrame(list(load_stress_sentences()))
probabilities = classifier.predict_proba(trials["text"].tolist())
trials["right"] = [
    gotune.ASPECTS[best] in carried
    for best, carried in zip(probabilities.argmax(axis=1), trials["aspects"], strict=True)
]
trials["how sure"] = probabilities.max(axis=1)
trials.groupby("kind", sort=False).agg({"text": "size", "right": "mean", "how sure": "mean"})

# %% [markdown]
# It is about as sure of a storage temperature as of a kinase.
#
# These sentences are few and ours. The real thing was measured on the 67 development papers of the
# [CRAFT corpus](https://github.com/UCDenver-ccp/CRAFT), in which people have marked every mention of
# GO. 60 % of the sentences carry no aspect. ROC-AUC is the chance that a sentence with an aspect gets
# a higher score than one without, .5 is guessing:
#
# <!-- figures: tutorial -->
#
# | model | accuracy on definitions | macro ROC-AUC on sentences of papers |
# | --- | --- | --- |
# | the case study's recipe, as above | .99 | .576 (.561 to .591) |
# | names and exact synonyms of GO, matched |  | .712 (.693 to .730) |
# | TF-IDF, taught by the same sentences as the next |  | .882 (.862 to .904) |
# | gotune's recipe for papers | .99 | **.965 (.945 to .980)** |
#
# <!-- end of figures -->
#
# **99 % on definitions is worth nothing on papers.** The recipe for papers differs in more than its
# settings:

# %%
recipes = {"case study": gotune.Recipe.case_study(), "papers": gotune.Recipe.papers(["sentences.tsv"])}
both = pd.DataFrame({name: recipe.config.to_dict() for name, recipe in recipes.items()})
both[both["case study"] != both["papers"]].astype(str)

# %% [markdown]
# - `head`: each aspect is judged by itself, so a text may carry none, one or several.
# - `opening_cut`: 60 % of the definitions lose their first words, so that the model cannot live on
#   them.
# - `rationale_weight`: where a labelled sentence tells *which words* carry the aspect, the model
#   learns that too.
# - `lexicon`: what the names of terms in a text say is added to what the model says.
# - And it needs what no setting can replace: labelled sentences of papers.
#
# Where there are none, labels can come from the ontology itself. `label_weakly` finds names of terms,
# their synonyms and parts of them, and judges how far each can be trusted. No model and no labelled
# sentence is needed. On CRAFT such labels reach a ROC-AUC of .931, though their rules were made while
# looking at these papers. Here they are for the second half of our text, beside what the model says:

# %%
from gotune.datasets.weak_labels import label_weakly

weak = label_weakly(sentences["text"].tolist(), [paper.name] * len(sentences), ontology)
found = weak.table().set_index(sentences.index).rename(columns=short)
found["the model"] = sentences["aspects"]
found[["text", *short.values(), "the model"]].tail(13)

# %% [markdown]
# The ontology knows that the last sentences carry nothing, and that some carry two aspects. It errs
# as well: *grew* looks like the process of growth, but what grew were cultures. A model that learns
# from thousands of such labels, of your own papers, learns past many of these errors; [what was
# tried](../docs/experiments.md) has the figures.
#
# ## 10. Why did it say that?
#
# Two ways to ask. **Integrated gradients** begin with a blank text, let it grow step by step into the
# real one, and add up what each word contributes on the way. The contributions are in *log-odds*
# (+2.2 makes an even chance 90 %), and they add up to the score.

# %%
from gotune.explanation.attribution.report import plot_explanation

text = "Catalysis of the hydrolysis of ATP by a chaperone."
why = gotune.explain(classifier, text)
plot_explanation(why)

# %% [markdown]
# Nearly all of it comes from a single word.
#
# **Occlusion** is simpler: leave a word out, ask again, note the difference. It needs nothing but
# answers, so it works with any model. Where both agree, you may believe them more.

# %%
plot_explanation(gotune.explain(classifier, text, method="occlusion"))

# %% [markdown]
# A third way is to ask for examples: which of the definitions that it has learned from does the model
# take for the most alike?

# %%
from gotune.explanation.neighbours import NearestDefinitions

nearest = NearestDefinitions.of(classifier, ontology)
neighbours = nearest.nearest(text, 5)
pd.DataFrame(neighbours)

# %% [markdown]
# Look at the similarities, of which 1 is the largest: fine-tuning has pulled the functions so close
# together that the model hardly tells them apart. It was asked for three aspects, and keeps no more.
#
# All of it on one page:

# %%
from gotune.explanation.attribution.report import render_explanation

with (output / "why.html").open("w", encoding="utf-8") as page:
    page.write(render_explanation(why.with_neighbours(neighbours)))

# %% [markdown]
# An explanation tells what the *model* does. It does not tell that the model is right, nor what
# biology does.
#
# ## 11. The attention heads
#
# In each of its six layers the model has twelve **heads**. A head decides for every word piece how
# much it takes from each other one. Most heads cannot be read by people. A few can: this one lets
# every piece look at the piece before it, which is one way to know what stands beside what. (Layers
# and heads are counted from 0.)

# %%
from gotune.explanation.attention.report import plot_attention
from gotune.explanation.attention.run import attention_of

attention = attention_of(classifier, text)
plot_attention(attention, layer=0, head=2)

# %% [markdown]
# The answer is read from `[CLS]` after the last layer. What does `[CLS]` take there? In this head:

# %%
plot_attention(attention, layer=5, head=4)

# %% [markdown]
# Mostly the first pieces of the sentence, which are those of *Catalysis*. There are 72 heads. These
# two pages show them all, with [BertViz](https://github.com/jessevig/bertviz): in the first you
# choose layer and heads, and point at a word piece to see what it looks at; the second has all heads
# in small.

# %%
from gotune.explanation.attention.report import render_attention

for view in ("head", "model"):
    with (output / f"attention_{view}.html").open("w", encoding="utf-8") as page:
        page.write(render_attention(attention, view=view))

# %% [markdown]
# Attention shows where information flows. It is not an explanation: other weights can give the same
# answer ([Jain and Wallace 2019](https://doi.org/10.18653/v1/N19-1357)).
#
# ## 12. What can go wrong
#
# - **An accuracy without its baseline.** 65 % is what you get for nothing here, 96 % for counting
#   words.
# - **A random test part.** Near-copies stand on both sides. Hold out what will really be new: terms,
#   phrases, papers.
# - **Template words.** A model learns how texts are written before it learns what they say. Cut,
#   swap, deceive, and look again.
# - **Another kind of text.** Papers are no definitions, plants are no mice, and German is no English.
#   Measure where you will use it.
# - **No way to say "none".** Probabilities that must add up to one are not a measure of doubt.
# - **One aspect too few.** A sentence of a paper often carries two or three. A model that must choose
#   hides the others.
# - **Looking at the test part twice.** What you tune on a test part, it no longer measures.
# - **One seed.** Train again with another one before you believe a difference in the third digit.
# - **Mention is not evidence.** "Loss of the gene had no effect on apoptosis" mentions apoptosis.
#   What it shows, a curator has to read.
# - **Another release.** Terms come, go and change their definition. Write down which release you
#   used.
# - **Long texts.** What is behind the 128th piece was not read. gotune counts such texts and tells
#   you.
#
# ## 13. What was made, and where to go on
#
# Models, workbooks and pages. `print(output)` tells the folder. The pages are whole in themselves and
# need no network; `webbrowser.open((output / "attention_head.html").as_uri())` opens one, after
# `import webbrowser`.

# %%
for path in sorted(output.iterdir()):
    print(f"{path.name:24}", "folder" if path.is_dir() else f"{path.stat().st_size / 1000:,.0f} kB")

# %% [markdown]
# - Try your own sentences: `gotune.classify_text(classifier, "...")`, `gotune.explain(classifier, "...")`.
# - [What to try after this](../docs/how-to/student.md): the same from a shell, with questions to find
#   answers to.
# - [Read papers](../docs/how-to/curator.md), or [millions of texts](../docs/how-to/text-miner.md),
#   with the recipe made for them.
# - [What is measured, and how](../docs/science.md), with the literature; [what was
#   tried](../docs/experiments.md), with what did not work.
# - Take another encoder: `ENCODER = "bert-base-multilingual-uncased"` above is that of the case
#   study, and needs the Hugging Face hub and patience.
