"""``gotune genes``: terms suggested for genes, and how good the suggestions are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gotune.cli.console import Screen
from gotune.cli.options import (
    RELEASE,
    AssignedBy,
    Json,
    Offline,
    Quiet,
    Release,
    check_outputs,
    refuse_options,
)
from gotune.cli.shards import folder_of, run_shards
from gotune.cli.texts import keep_sources

if TYPE_CHECKING:
    from gotune.genes.annotator import GeneAnnotator
    from gotune.genes.gene import Gene
    from gotune.genes.suggestions import AnnotatedGene
    from gotune.ontology.ontology import Ontology

_SHOWN = 20
_HUMAN = "human"
_DASHES = 2


def genes(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="GENES",
            help="Table (.tsv, .csv, .jsonl, .parquet), UniProt FASTA, GAF, GPI or gene_info.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write: .tsv .jsonl .gaf .html .xlsx (to tick); a folder of shards, for very many "
            "genes (see docs/scale.md); a folder with --evaluate.",
        ),
    ] = None,
    reference: Annotated[
        Path | None,
        typer.Option(metavar="GAF", help="Annotated genes to go by; those of seven species if left out."),
    ] = None,
    release: Release = RELEASE,
    taxonomy: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="nodes.dmp of NCBI's taxdump, for a release with taxon constraints."
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            metavar="P",
            help="Least score of a suggestion; if left out, where F1 is best in each aspect, .2 to .3.",
        ),
    ] = None,
    min_depth: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Least number of steps from the root to a term; 2 if left out."
        ),
    ] = None,
    exclude_own: Annotated[
        bool,
        typer.Option(
            "--exclude-own",
            help="Write all scores (id, go_id, score), by nothing that a gene itself is annotated with.",
        ),
    ] = False,
    assigned_by: AssignedBy = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column", metavar="KEY=NAME", help="A column that is called otherwise, as often as needed."
        ),
    ] = None,
    evaluate: Annotated[
        str | None,
        typer.Option(
            metavar="human|GAF",
            help="Measure suggestions by what experiments told later: of human genes, or in a GAF.",
        ),
    ] = None,
    cutoff: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="With --evaluate GAF: its rows before this day are what was known."
        ),
    ] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Leave out bad rows of a GAF to go by, and count them.")
    ] = False,
    offline: Offline = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Suggest GO terms for genes, by their names, symbols and texts, each with its evidence.

    The score is the share of such terms that experiments told later, of genes of which they told anything.
    """
    screen = Screen(quiet=quiet, as_json=as_json)
    setting = _Setting(release, reference, taxonomy, lenient, offline, screen)
    if output is None:
        raise typer.BadParameter("expected -o with what to write, found none")
    if evaluate is not None:
        refuse_options({"GENES": source, "--exclude-own": exclude_own}, without="no --evaluate")
        refuse_options(
            {
                "--threshold": threshold, "--min-depth": min_depth, "--column": columns,
                "--taxonomy": taxonomy, "--assigned-by": assigned_by,
            },
            without="GENES",
        )  # fmt: skip
        _evaluate(evaluate, cutoff, output, setting)
        return
    refuse_options({"--cutoff": cutoff}, without="--evaluate GAF")
    if reference is None:
        refuse_options({"--lenient": lenient}, without="--reference GAF")
    if source is None:
        raise typer.BadParameter("expected GENES or --evaluate, found neither")
    if exclude_own:
        refuse_options({"--threshold": threshold, "--min-depth": min_depth}, without="no --exclude-own")
    if folder_of([output]) is not None:
        refuse_options(
            {"--exclude-own": exclude_own, "--assigned-by": assigned_by, "--lenient": lenient},
            without="-o FILE",
        )
        _run(source, _columns(columns), output, threshold, min_depth, setting)
        return
    setting.check_output(output, source, exclude_own=exclude_own, assigned_by=assigned_by)
    from gotune.genes.reading import read_genes

    found = read_genes(source, columns=_columns(columns))
    if exclude_own:
        _score(found, output, setting)
    else:
        _suggest(found, output, threshold, min_depth, assigned_by, setting)


def _run(
    source: Path,
    columns: dict[str, str] | None,
    folder: Path,
    threshold: float | None,
    min_depth: int | None,
    setting: _Setting,
) -> None:
    """Write shards, or go on with what a run that was stopped has left."""
    from gotune.genes.annotator import MIN_DEPTH
    from gotune.scale.genes import GeneCorpus, GenesTask
    from gotune.scale.manifest import check_run_folder

    check_run_folder(folder)
    corpus = GeneCorpus(source, columns)
    task = GenesTask(
        setting.release,
        setting.reference,
        setting.taxonomy,
        setting.offline,
        threshold,
        MIN_DEPTH if min_depth is None else min_depth,
    )
    for caveat in task.constraints().caveats(corpus.genes):
        setting.screen.warn(caveat)
    run_shards(task, corpus, folder, setting.screen, what="gene")


def _score(found: list[Gene], output: Path, setting: _Setting) -> None:
    from gotune.genes.writing import write_scores

    annotator = setting.annotator()
    write_scores(output, annotator, found, track=setting.screen.track)
    setting.tell(annotator, found, output, {"genes": len(found)})


def _suggest(
    found: list[Gene],
    output: Path,
    threshold: float | None,
    min_depth: int | None,
    assigned_by: str | None,
    setting: _Setting,
) -> None:
    from gotune.genes.annotator import MIN_DEPTH
    from gotune.genes.suggestions import ASSIGNED_BY, check_gene
    from gotune.genes.writing import GAF, write_suggestions
    from gotune.render.wording import counted

    annotator = setting.annotator()
    found = list(map(annotator.completed, found))
    if output.name.lower().endswith(GAF):
        for gene in found:
            check_gene(gene)
    elif output.suffix.lower() == ".xlsx" and (n := sum(map(_makes_no_gaf, found))):
        setting.screen.warn(
            f"{counted(n, 'gene')} with no database in the id, such as UniProtKB:P12345, or no taxon: what "
            "is ticked of these becomes a table, but no GAF."
        )
    counts = _Counts()
    suggested = annotator.annotate(
        found,
        threshold=threshold,
        min_depth=MIN_DEPTH if min_depth is None else min_depth,
        track=setting.screen.track,
    )
    release, said = annotator.ontology.release, assigned_by or ASSIGNED_BY
    write_suggestions(output, counts.counted(suggested), release, assigned_by=said)
    counts.tell(setting.screen, len(found))
    told = {"genes": len(found), "suggestions": counts.suggestions, "without": counts.without}
    setting.tell(annotator, found, output, told)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What suggestions and their measurement share."""

    release: str
    reference: Path | None
    taxonomy: Path | None
    lenient: bool
    offline: bool
    screen: Screen

    def check_output(self, output: Path, source: Path, *, exclude_own: bool, assigned_by: str | None) -> None:
        """Refuse a file that cannot be written, or one that is read."""
        from gotune.genes.writing import GAF, SUFFIXES

        check_outputs([output], (".tsv",) if exclude_own else SUFFIXES)
        if not output.name.lower().endswith(GAF):
            refuse_options({"--assigned-by": assigned_by}, without="-o FILE.gaf")
        keep_sources([output], filter(None, (source, self.reference, self.taxonomy)))

    def tell(self, annotator: GeneAnnotator, found: list[Gene], output: Path, counts: dict[str, int]) -> None:
        """Tell what was written, and of which release."""
        self.tell_left_out(annotator)
        for caveat in annotator.constraints.caveats(found):
            self.screen.warn(caveat)
        self.screen.say(f"Written to {output}")
        self.screen.result({"release": annotator.ontology.release, **counts, "file": str(output)})

    def ontology(self) -> Ontology:
        from gotune.ontology.loading import load_ontology

        with self.screen.doing(f"reading {self.release}"):
            return load_ontology(self.release, offline=self.offline)

    def annotator(self) -> GeneAnnotator:
        from gotune.genes.annotator import GeneAnnotator

        return GeneAnnotator.load(
            self.ontology(),
            reference=self.reference,
            taxonomy=self.taxonomy,
            lenient=self.lenient,
            offline=self.offline,
            track=self.screen.track,
        )

    def tell_left_out(self, annotator: GeneAnnotator) -> None:
        left_out = annotator.reference.left_out
        if n := sum(left_out.values()):
            reasons = ", ".join(f"{n:,} as {reason}" for reason, n in sorted(left_out.items()))
            self.screen.explain(f"{n:,} annotations of the reference were left out: {reasons}.")


@dataclass(slots=True)
class _Counts:
    """How much was suggested, and what to show of it."""

    suggestions: int = 0
    without: int = 0
    first: AnnotatedGene | None = None

    def counted(self, annotated: Iterable[AnnotatedGene]) -> Iterator[AnnotatedGene]:
        for one in annotated:
            self.suggestions += len(one.suggestions)
            self.without += not one.suggestions
            if one.suggestions:
                self.first = self.first or one
            yield one

    def tell(self, screen: Screen, n_genes: int) -> None:
        if self.first is not None:
            _tell(self.first, screen)
        screen.say(
            f"{self.suggestions:,} suggestions for {n_genes:,} genes, {self.without:,} of them without any."
        )


def _makes_no_gaf(gene: Gene) -> bool:
    from gotune.errors import GeneError
    from gotune.genes.suggestions import check_gene

    try:
        check_gene(gene)
    except GeneError:
        return True
    return False


def _evaluate(evaluate: str, cutoff: str | None, output: Path, setting: _Setting) -> None:
    from gotune.files import check_folder
    from gotune.genes.evaluation import evaluate_genes
    from gotune.genes.evaluation_report import describe_evaluation, summary_tables, write_evaluation
    from gotune.genes.past import human_in_2019, known_before, known_in
    from gotune.render.wording import counted

    if evaluate == _HUMAN:
        refuse_options({"--lenient": setting.lenient}, without="--evaluate GAF")
    _check_evaluation(evaluate, cutoff, setting.reference)
    check_folder(output)
    screen = setting.screen
    ontology = setting.ontology()
    if evaluate == _HUMAN:
        past = human_in_2019(ontology, offline=setting.offline, track=screen.track)
    elif cutoff is not None:
        past = known_before(cutoff, Path(evaluate), ontology, lenient=setting.lenient, track=screen.track)
    else:
        before = Path(str(setting.reference))
        past = known_in(before, Path(evaluate), ontology, lenient=setting.lenient, track=screen.track)
    evaluation = evaluate_genes(past.annotator, past.later, track=screen.track)
    setting.tell_left_out(past.annotator)
    if past.n_bad:
        screen.explain(f"Left out of {evaluate}: {counted(past.n_bad, 'bad row')}.")
    screen.show(*summary_tables(evaluation))
    screen.explain(describe_evaluation(evaluation, past.known))
    for path in write_evaluation(evaluation, past.known, output):
        screen.say(str(path))
    screen.result({"known": past.known, **evaluation.to_dict()})


def _check_evaluation(evaluate: str, cutoff: str | None, reference: Path | None) -> None:
    if evaluate == _HUMAN:
        from gotune.genes.species import DATE

        if reference is not None or cutoff not in (None, DATE, DATE[:7]):
            raise typer.BadParameter(
                f"--evaluate {_HUMAN}: expected no --reference and no --cutoff but {DATE[:7]}, of which the "
                "annotations are"
            )
    elif (cutoff is None) == (reference is None):
        raise typer.BadParameter(
            "--evaluate GAF: expected either --cutoff, the day before which its rows were known, or "
            f"--reference, what was known; found {'neither' if cutoff is None else 'both'}"
        )
    elif cutoff is not None and not _is_day(cutoff):
        raise typer.BadParameter(f"--cutoff: expected a date, such as 2019-01 or 2019-01-29, found {cutoff}")


def _is_day(text: str) -> bool:
    """Return whether a text is a day or a month, as 2019-01."""
    day = text if text.count("-") == _DASHES else f"{text}-01"
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _columns(pairs: list[str] | None) -> dict[str, str] | None:
    if not pairs:
        return None
    found: dict[str, str] = {}
    for pair in pairs:
        key, separator, name = pair.partition("=")
        if not separator:
            raise typer.BadParameter(f"--column: expected KEY=NAME, such as name=Protein, found {pair}")
        if key in found:
            raise typer.BadParameter(f"--column: expected each key once, found {key} twice")
        found[key] = name
    return found


def _tell(one: AnnotatedGene, screen: Screen) -> None:
    rows = [
        (term.go_id, term.name, term.aspect.short, f"{term.score:.2f}", term.evidence)
        for term in one.suggestions[:_SHOWN]
    ]
    title = f"{one.gene.symbol or one.gene.id} {one.gene.name}".strip()
    screen.show_rows(("term", "name", "aspect", "score", "evidence"), rows, title=title)
