"""Learning vectors of phrases from what GO itself says of its terms.

Two wordings of one term shall lie nearer to each other than to those of the other terms of a batch, among
which are its siblings: the loss of sentence-transformers (multiple negatives ranking), which needs the rows
of a table alone here and so a few minutes on two cores. Wordings are names, synonyms of all scopes,
definitions or stretches of them, and names in which a part that is itself the name of a term is called by a
synonym.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from gotune.linking.labels import Kind, labels_of
from gotune.linking.vectors import PhraseVectors, pairs_of, parts_of, words_of
from gotune.protocols import Track, untracked

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from gotune.ontology.ontology import Ontology

_HELD_OUT = 12
"""Of 256 synonyms, those that the vectors do not learn from, so that ranking can be learned with them."""
_SHORTEST_PART = 5
"""Characters of a name that is exchanged within another."""
_MOST_EXCHANGED = 8
"""Wordings of a name with a part called otherwise."""
_SHORTEST_STRETCH = 5
"""Words of a stretch of a definition."""
_CLOSE = (Kind.EXACT, Kind.NARROW)
"""Synonyms that stand for a name within another."""
_LEAST_USE = 3
"""Definitions that have a word which no label has, for it to get a vector of its own."""


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """How vectors are learned; chosen on the synonyms held out of the release of 2020-01-01.

    Attributes:
        width: Numbers in a vector.
        pair_bits: Buckets of neighbouring words, as a power of two.
        part_bits: Buckets of parts of words, as a power of two.
        passes: How often each term is seen.
        batch: Terms that are told apart at once.
        family: Children of one term that stand together in a batch.
        rate: Of learning, at first; it falls to nothing.
        sharpness: What cosines are multiplied with.
        definitions: Share of the pairs that have a definition.
        seed: Governs all that is drawn.
    """

    width: int = 192
    pair_bits: int = 15
    part_bits: int = 14
    passes: int = 24
    batch: int = 2048
    family: int = 16
    rate: float = 5e-3
    sharpness: float = 20.0
    definitions: float = 0.3
    seed: int = 0


def is_held_out(synonym: str) -> bool:
    """Whether vectors do not learn from a synonym; the same in every release."""
    return blake2b(synonym.casefold().encode("utf-8"), digest_size=1).digest()[0] < _HELD_OUT


class _Wordings(NamedTuple):
    """What is said of one term."""

    name: str
    synonyms: tuple[str, ...]
    exchanged: tuple[str, ...]
    definition: str | None


def learn_vectors(
    ontology: Ontology, settings: VectorSettings = VectorSettings(), *, track: Track = untracked
) -> PhraseVectors:
    """Learn the vectors of phrases from a release.

    Args:
        ontology: The release.
        settings: How.
        track: Shows how far it is.
    """
    import torch

    random = Random(settings.seed)  # noqa: S311 (no secret)
    torch.manual_seed(settings.seed)
    wordings = _wordings(ontology)
    families = _families(ontology)
    rows = _Rows(_vocabulary(wordings), 1 << settings.pair_bits, 1 << settings.part_bits)
    table = torch.nn.EmbeddingBag(rows.count, settings.width, mode="sum")
    torch.nn.init.normal_(table.weight, std=0.1)
    with torch.no_grad():
        table.weight[len(rows.vocabulary) :] *= 0.3  # a word has many parts
    optimizer = torch.optim.Adam(table.parameters(), lr=settings.rate)
    n_steps = settings.passes * (len(wordings) // settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / n_steps)
    batches = _batches(families, settings, random)
    for batch in track(
        (next(batches) for _ in range(n_steps)), description="learning vectors", total=n_steps
    ):
        pairs = [_two_wordings(wordings[id_], settings.definitions, random) for id_ in batch]
        first, second = (_points(table, rows, [pair[side] for pair in pairs]) for side in (0, 1))
        nearness = settings.sharpness * first @ second.T
        right = torch.arange(len(pairs))
        loss = torch.nn.functional.cross_entropy(nearness, right)
        loss = loss + torch.nn.functional.cross_entropy(nearness.T, right)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return rows.vectors(table.weight.detach().numpy())


def _wordings(ontology: Ontology) -> dict[str, _Wordings]:
    synonyms: dict[str, tuple[str, ...]] = {}
    close: dict[str, tuple[str, ...]] = {}
    for term in ontology.terms():
        known = [label for label in labels_of(term) if label.kind is not Kind.NAME]
        known = [label for label in known if not is_held_out(label.text)]
        synonyms[term.id] = tuple(label.text for label in known)
        close[term.name] = tuple(label.text for label in known if label.kind in _CLOSE)
    return {
        term.id: _Wordings(
            term.name,
            synonyms[term.id],
            tuple(_exchanged(term.name, close, {term.name, *synonyms[term.id]})),
            term.definition,
        )
        for term in ontology.terms()
    }


def _exchanged(name: str, synonyms_of: dict[str, tuple[str, ...]], known: set[str]) -> list[str]:
    """Return a name with its end, if that is another term's name, called by the synonyms of that."""
    words = name.split(" ")
    for start in range(1, len(words)):
        end = " ".join(words[start:])
        if len(end) >= _SHORTEST_PART and end in synonyms_of:
            front = " ".join(words[:start])
            new = [f"{front} {synonym}" for synonym in synonyms_of[end]]
            return [text for text in new if text not in known and not is_held_out(text)][:_MOST_EXCHANGED]
    return []


def _families(ontology: Ontology) -> list[list[str]]:
    """Return the terms by their first parent."""
    found = defaultdict(list)
    for id_ in ontology:
        found[next(iter(ontology.parents(id_)), id_)].append(id_)
    return list(found.values())


def _vocabulary(wordings: dict[str, _Wordings]) -> list[str]:
    of_labels: Counter[str] = Counter()
    of_definitions: Counter[str] = Counter()
    for term in wordings.values():
        for text in (term.name, *term.synonyms):
            of_labels.update(set(words_of(text)))
        of_definitions.update(set(words_of(term.definition or "")))
    both = of_labels + of_definitions
    return [word for word, _ in both.most_common() if word in of_labels or of_definitions[word] >= _LEAST_USE]


class _Rows:
    """Which rows of the table a text has: words, pairs of them, and parts of all words.

    A word that has a row is the sum of it and of its parts, so that parts learn from words.
    """

    def __init__(self, vocabulary: Sequence[str], pair_buckets: int, part_buckets: int) -> None:
        self.vocabulary = {word: number for number, word in enumerate(vocabulary)}
        self._pairs, self._parts = pair_buckets, part_buckets
        self._behind_words = len(vocabulary)
        self._behind_pairs = len(vocabulary) + pair_buckets
        self.count = self._behind_pairs + part_buckets
        self._known: dict[str, NDArray[np.int64]] = {}

    def of(self, text: str) -> NDArray[np.int64]:
        """Return the rows of a text; the first row stands for a text without words."""
        import numpy as np

        found = self._known.get(text)
        if found is None:
            words = words_of(text)
            rows = [self.vocabulary[word] for word in words if word in self.vocabulary]
            rows += [self._behind_words + bucket for bucket in pairs_of(words, self._pairs)]
            for word in words:
                rows += [self._behind_pairs + bucket for bucket in parts_of(word, self._parts)]
            found = self._known[text] = np.array(rows or [0], np.int64)
        return found

    def vectors(self, table: NDArray[np.float32]) -> PhraseVectors:
        """Return what was learned, each word with its parts in one row."""
        import numpy as np

        of_words, of_pairs, of_parts = np.split(table, [self._behind_words, self._behind_pairs])
        whole = np.stack(
            [
                row + of_parts[parts_of(word, self._parts)].sum(axis=0)
                for word, row in zip(self.vocabulary, of_words, strict=True)
            ]
        )
        return PhraseVectors(list(self.vocabulary), whole, of_pairs, of_parts)


def _batches(families: list[list[str]], settings: VectorSettings, random: Random) -> Iterator[list[str]]:
    """Yield terms, siblings beside each other, pass after pass without end."""
    while True:
        groups = []
        for family in families:
            members = random.sample(family, len(family))
            groups += [members[at : at + settings.family] for at in range(0, len(members), settings.family)]
        random.shuffle(groups)
        terms = [term for group in groups for term in group]
        for start in range(0, len(terms) - settings.batch + 1, settings.batch):
            yield terms[start : start + settings.batch]


def _two_wordings(term: _Wordings, definitions: float, random: Random) -> tuple[str, str]:
    """Draw two wordings of a term, different ones if there are."""
    labels = (term.name, *term.synonyms)
    if term.definition and (random.random() < definitions or len(labels) + len(term.exchanged) == 1):
        return _stretch(term.definition, random), random.choice(labels)
    first = random.choice([*term.synonyms, *term.exchanged] or [term.name])
    others = [label for label in labels if label != first]
    return first, term.name if random.random() < 0.6 or not others else random.choice(others)


def _stretch(definition: str, random: Random) -> str:
    words = definition.split()
    if len(words) < _SHORTEST_STRETCH + 3 or random.random() < 0.4:
        return definition
    length = random.randint(_SHORTEST_STRETCH, len(words))
    start = random.randint(0, len(words) - length)
    return " ".join(words[start : start + length])


def _points(table: torch.nn.EmbeddingBag, rows: _Rows, texts: Sequence[str]) -> torch.Tensor:
    import numpy as np
    import torch

    of_texts = [rows.of(text) for text in texts]
    starts = np.cumsum([0, *map(len, of_texts[:-1])])
    sums = table(torch.from_numpy(np.concatenate(of_texts)), torch.from_numpy(starts))
    return torch.nn.functional.normalize(sums, dim=1)
