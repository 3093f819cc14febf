"""What can be told of a text without a model: whether it is English, about biology, and prose at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Doubt(StrEnum):
    """Why what a model says about a text is not to be trusted."""

    TOO_SHORT = "too short"
    NOT_ENGLISH = "not English"
    NOT_BIOLOGY = "not about biology"


LEAST_WORDS = 4
"""Shorter texts, such as most headings, are too short to be judged."""

_LEAST_WORDS_BARE = 8  # so long a text without function words is no English sentence
_LEAST_ENGLISH = 0.05
_MOST_OTHER_LETTERS = 0.3  # Greek letters in English papers stay far below
_LEAST_BIOLOGY = 0.05
_DOCUMENT = 50  # content words; in a shorter text, one word of biology is enough

_WORD = re.compile(r"[^\W\d_]+")
_LAST_LATIN = "\u024f"

_ENDING = re.compile(
    r"\w{3,}[dlnrst]ases?"  # enzymes, not phrases or databases
    r"|\w+(?:cytes?|genesis|somes?|plasms?|opathy|ectomy|itis|blasts?|emia|philic|phobic|trophic|kinesis)"
    r"|\w*[dr]nas?"
)
_SYMBOL = re.compile(
    r"\b(?:[A-Z][a-z]{1,4}\d{1,3}[a-z]?|[A-Z]{2,6}\d{1,3}[A-Z]?\d?|p\d{2,3})\b"  # Tbx15, BRCA2, p53
    "|[+−-]/[+−-]"  # noqa: RUF001 (genotypes are written with the minus sign)
)
_NO_SYMBOL = re.compile(r"(?:UTF|ISO|IEEE|SHA|MD|PEP|RFC|CC|Fig|Figs|Tab|Eq)\d.*")


def assess(text: str) -> tuple[Doubt, ...]:
    """Return the reasons to doubt what a model says about a text; empty if there are none.

    A text that is too short is not judged further, and one that is not English not for its topic.

    Args:
        text: A sentence, or better a whole document.
    """
    words = Counter(word.lower() for word in _WORD.findall(text))
    if words.total() < LEAST_WORDS:
        return (Doubt.TOO_SHORT,)
    if not _is_english(words):
        return (Doubt.NOT_ENGLISH,)
    return () if _is_biology(words, text) else (Doubt.NOT_BIOLOGY,)


def _is_english(words: Counter[str]) -> bool:
    """Judge by letters, then by which language's function words are more."""
    letters = sum(len(word) * count for word, count in words.items())
    other = sum(
        count * sum(letter > _LAST_LATIN for letter in word)
        for word, count in words.items()
        if not word.isascii()
    )
    if other > _MOST_OTHER_LETTERS * letters:
        return False
    english, shared, foreign = (
        sum(count for word, count in words.items() if word in known) for known in (ENGLISH, SHARED, FOREIGN)
    )
    is_bare = words.total() >= _LEAST_WORDS_BARE and english < _LEAST_ENGLISH * words.total()
    return foreign <= english - shared and not is_bare


def _is_biology(words: Counter[str], text: str) -> bool:
    """Judge by the share of words, function words apart, that are of biology."""
    content = {word: count for word, count in words.items() if word not in ENGLISH and len(word) > 1}
    signs = sum(count for word, count in content.items() if _is_of_biology(word))
    signs += sum(not _NO_SYMBOL.fullmatch(symbol) for symbol in _SYMBOL.findall(text))
    total = sum(content.values())
    return signs >= (_LEAST_BIOLOGY * total if total >= _DOCUMENT else 1)


def _is_of_biology(word: str) -> bool:
    return word.startswith(BIOLOGY_STEMS) or word in BIOLOGY_WORDS or _ENDING.fullmatch(word) is not None


ENGLISH = frozenset(
    """
    a also an and are as at be been between both but by can during each for from had has have in into is
    it its not of on or other than that the their there these they this to was we were when which who
    will with would
    """.split()
)
"""Function words of English."""

SHARED = frozenset("a an as at in is it on or was we".split())
"""Those that are words of other languages too, such as German ``in``."""

FOREIGN = frozenset(
    """
    af al alla ao att au auf aux cette che com como con da dans das dat de dei del della dem den der des
    det di dos du een ein eine einem einen einer el elle em en est för für gli het ikke il im ist jest
    la las le les los met mit na nel nella nicht nie niet nous não och oraz os par para pas per por pour
    på que qui sind się som sono sont su sur te til um uma un una und une van von voor wij wir zijn zu
    är è
    """.split()
)
"""Function words of German, French, Spanish, Italian, Dutch, Portuguese, Swedish, Danish and Polish.

Left out are those that are English words too or, like the French ``et``, frequent in references.
"""

BIOLOGY_WORDS = frozenset(
    """
    acid acids actin blasts cdna cell cells dna eye eyes gene genes germ gfp ion ions kda lens lenses
    limb limbs loci locus mrna organ organs pcr qtl rat rats rna solute solutes stem strains tail tails
    teeth tooth
    """.split()
)
"""Whole words that are seldom met outside biology and medicine."""

BIOLOGY_STEMS = tuple(
    """
    abdom acetyl adenos adenyl adipo adren agonist albumin allel allerg amin amplicon amyloid anabol
    anaesth anaphase anatom androg anemi anesth angio animal antagonis anterior antibod antigen antisens
    aort apical apopto arabidopsis arter assay astrocyt autophag autoradiogra autosom axon bacter basal
    basoph biochem biolog biops biosyn blood bone bovine brain breed bronch calci cancer carbohydr
    carbon carcinom cardi cartilag catabol catal centriol centromer centrosom cerebel cerebr chemokin
    chlorid cholester chondr chorion chromat chromosom cilia cilium clon cochlea codon collagen confocal
    congenital cort crani crypt cuticl cycloheximid cyto degrad dehydr dendrit dental dermal dermis
    diabet differentiat digest digoxigenin diploid disease distal dopamin dorsal drosophila duct
    ectoderm ectop effector electrophor elegans embry endocr endocyt endoderm endogen endoplasm endosom
    endothel enzym eosin epicard epiderm epigen epithel epitop erythr esterif estrogen eukaryot euthani
    exocyt exon extracell fatty femal femur ferment fertil fetal fetus fibril fibro fluoresc follic
    forebrain forelimb gamet ganglia ganglion gastr genetic genom genotyp germin germline gland glia
    globin gluc glutam glyc golgi gonad granul growth guanin guanyl haem hair haplo heart helicase hemat
    hemizyg hepat herit heterozyg hindbrain hindlimb hippocamp histochem histolog histon homeo homolog
    homozyg hormon hybridi hydrol hydrox immun incubat infect inflam inhibit insulin integrin intercross
    interleukin interneuron intestin intracell intron invagin isoform keratin kidney kinase kinesin
    knockdown knockout laminin larva lateral ligament ligand lipid lipo littermate liver lumen lung
    lymph lys macrophag mammal mammar marrow mating medial meio melan membran meristem mesench mesoderm
    metabol metaphas metast methyl mice microarray microbi microglia microscop microtubul microvill
    midbrain mitochond mitosis mitotic molar molecul monoclonal monocyt morph motif motor mouse mucos
    murine muscle muscul mutagen mutant mutation myelin myo nasal necro nematod neonat nephr nerv neural
    neurit neuro neutroph nitro nociceptiv notochord nuclear nuclei nucleo nucleus nutri obes ocular
    odorant olfact oligo ontogen oocyt opsin organel organism organogen osmo ossif osteo ovar oviduct
    ovul oxid oxygen pancrea parasit patholog pathw patient pectin penetran peptid pericard perinat
    peroxi petal phag pharyn phenotyp phosph photorecep phylogen physiolog pigment pituit placent plant
    plasm platelet pollen polymer polymorph polypeptid posterior postnat potassium prenat primer
    progenitor prokary prolif promoter prophas protea protei proteo proxim psycho pulmon receptor
    recombinant recombinase recombination redox renal repli respir retin rhesus ribo rodent saccharomyc
    saliv sarcom schwann seizur semin sensory sepal serotype serum sexual siblings skelet skin skull
    sodium soma somit species sperm spinal spindle spleen spore sterile stero stom striat substrate
    subunit sucrose sugar sulf symbio symptom synap syndrome synthas telomer tendon testes testicular
    testis tetanus therap thorac thym thyroid tissue toxi trachea transcri transduc transgen translocat
    transmembrane transporter tryp tubul tumor tumour tyros ubiquit umbilic ureter uridin urin uter
    vacuol vagin vascul vein ventral ventric vertebr vesic vestib viral virus vitamin vitro vivo
    wildtype wnt xenop yeast yolk zebrafish zinc zygot
    """.split()
)
"""Beginnings of such words."""

EXAMPLES = 3
"""Texts shown of each kind."""

_LONGEST_SHOWN = 80
_LEAST_CELLS = 5  # a shorter text, such as "24 h" or "Figure 1", says nothing about a table
_CELLS_SHARE = 0.6

_TAGS = (
    "a|abbr|b|big|br|center|div|em|font|h[1-6]|hr|i|img|italic|bold|li|ol|p|pre|q|s|small|span|strong|su[bp]"
    "|table|t[bdhr]|tbody|thead|tt|u|ul|xref"
)
_HTML = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|&(?:[a-z]{{2,8}}|#\d{{2,6}}|#x[0-9a-f]{{2,5}});", re.I)
_LATEX = re.compile(
    r"\\(?:[a-zA-Z]+\*?\s*\{|begin\b|alpha\b|beta\b|gamma\b|mu\b|pm\b|times\b)|\$[^$\\^_{]*+[\\^_{][^$]*+\$"
)
# Year, volume and page, as in "1998;12(3):456-60"; a bare identifier; or authors with initials and a year.
_REFERENCE = re.compile(
    r"\b(?:19|20)\d\d\s?[;,]\s?(?:vol\.?\s?)?\d+\s?(?:\(\d+[^)]{0,12}\))?\s?[:,]\s?(?:pp?\.\s?)?[A-Z]?\d+"
    r"|^\W*(?:doi:?\s?|https?://(?:dx\.)?doi\.org/)10\.\d{4,}/\S++\W*+$|^\W*PMI?D:?\s?\d{4,}\W*$"
    r"|^(?:\[?\d{1,3}[\].]\s?)?[A-Z][\w'-]+,? [A-Z]{1,3}(?:\.|,)(?:.{0,400}\b(?:19|20)\d\d\b)",
)
_NUMBER_CELL = re.compile(r"[^\w\s]*\d[^A-Za-z\s]*[a-z%]{0,3}|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Remains:
    """Texts of one kind that are no prose: how many, and the first few of them, cut to be shown."""

    n: int
    examples: tuple[str, ...]


def find_remains(texts: Sequence[str]) -> dict[str, Remains]:
    """Count the texts with remains of HTML or LaTeX, and those that are references or rows of tables.

    Rules of thumb that warn; nothing is refused for them.

    Returns:
        By kind (``HTML``, ``LaTeX``, ``reference``, ``table``), only what was found. A text can be of two.
    """
    found = {kind: [text for text in texts if is_one(text)] for kind, is_one in _KINDS.items()}
    return {
        kind: Remains(len(ones), tuple(_cut(text) for text in ones[:EXAMPLES]))
        for kind, ones in found.items()
        if ones
    }


def _is_table(text: str) -> bool:
    """Whether tabs or bars divide the text, or most of its words are numbers."""
    if text.count("\t") >= 2 or text.count("|") >= 3:
        return True
    cells = text.split()
    n_numbers = sum(_NUMBER_CELL.fullmatch(cell) is not None for cell in cells)
    return len(cells) >= _LEAST_CELLS and n_numbers >= _CELLS_SHARE * len(cells)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


_KINDS: dict[str, Callable[[str], bool]] = {
    "HTML": lambda text: _HTML.search(text) is not None,
    "LaTeX": lambda text: _LATEX.search(text) is not None,
    "reference": lambda text: _REFERENCE.search(text) is not None,
    "table": _is_table,
}
