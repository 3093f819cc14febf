#!/bin/sh
# The whole case study: release -> dataset -> pictures -> fine-tuned model -> figures -> classified document.
# Usage: sh scripts/demo.sh FOLDER
set -eu
out=${1:?folder to write}

step() { printf '\n\033[1m== %s\033[0m\n' "$1"; }

step "Dataset: the definitions of GO release 2021-12-15, labelled by aspect"
gotune dataset --release 2021-12-15 -o "$out/data"

step "Pictures of the dataset"
gotune explore dataset "$out/data" -o "$out/figures"
gotune explore term GO:0015986 -o "$out/figures/term.svg"

step "Fine-tuning all-MiniLM-L6-v2 on 2,000 definitions, 3 epochs"
gotune train "$out/data" -o "$out/model" --train-size 2000 --resume

step "A map of definitions that the model has not seen"
gotune explore map "$out/data" -m "$out/model" -o "$out/figures/map.png"

step "Measuring it on definitions held out: at random, new terms, unseen openings, unseen lineages"
gotune evaluate "$out/data" -m "$out/model" -o "$out/evaluation" --test-size 2000

step "What it leans on: cut openings, and texts that carry no aspect at all"
gotune stress "$out/data" -m "$out/model" -o "$out/stress" --max-definitions 300

step "What the ontology by itself says of a text: labels without a labeller"
gotune label examples -o "$out/weak.jsonl"

step "Classifying a sentence"
gotune classify "Life is a self-sustaining chemical system capable of Darwinian evolution." -m "$out/model"

step "Classifying a document, sentence by sentence"
gotune classify examples/heat_shock.txt -m "$out/model" -o "$out/heat_shock.xlsx" -o "$out/heat_shock.png"

step "The same document by a model that comes with gotune, which knows papers and can say \"none\""
gotune classify examples/heat_shock.txt -o "$out/heat_shock_papers.xlsx" -o "$out/heat_shock_papers.png"

step "Done. What was made:"
cat <<EOF
  $out/data/                  the dataset: Parquet, CSV, data card (README.md)
  $out/figures/               term graph, word cloud, lengths, aspect counts, a term and its ancestors, a map of terms
  $out/model/                 the fine-tuned model, a plain Hugging Face folder, with its card (README.md)
  $out/evaluation/            figures with intervals and baselines (Markdown, JSON), confusion table (PNG, SVG)
  $out/stress/                accuracy against words cut, and other stress tests (Markdown, JSON, PNG, SVG)
  $out/weak.jsonl             sentences labelled by the ontology alone
  $out/heat_shock.xlsx        the document's sentences with probabilities, and a chart
  $out/heat_shock.png         the document's aspect shares
  $out/heat_shock_papers.*    the same by the model \`papers\`, which comes with gotune

The model made here chooses one aspect for every text, also for those that carry none: good on definitions, useless on papers.
A tagger of papers of your own learns from labelled sentences, in an hour or two:

  gotune train -o tagger/ --preset papers --sentences FILE
EOF
