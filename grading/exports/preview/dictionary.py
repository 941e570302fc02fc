"""The dictionary as a page: the columns of one data set, or those of all in which every word that is sought stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from grading.exports.datasets.dataset import Column, Dataset

MOST = 300  # columns on one page


@dataclass(frozen=True, slots=True)
class DictionaryColumn:
    """`withheld`: it is null for this reader."""

    dataset: Dataset
    column: Column
    withheld: bool

    @property
    def kind(self) -> str:
        return "C" if self.column.is_text else self.column.kind

    @property
    def length(self) -> str:
        return self.column.kind[1:] if self.column.is_text else ""

    @property
    def codes(self) -> str:
        return ", ".join(self.column.codes)


def columns_with(
    words: str, datasets: Sequence[Dataset], withheld: dict[str, frozenset[str]]
) -> Iterator[DictionaryColumn]:
    """Without words all of them. A column is found by whatever the dictionary says of it and by its data set
    as the reader's language calls it, in capitals or not."""
    sought = words.casefold().split()
    for dataset in datasets:
        for column in dataset.columns:
            text = " ".join((
                dataset.name, dataset.label, gettext(dataset.label), column.name, column.label, column.unit,
                column.derivation, column.mapping, column.concept, *column.codes,
                *(term.label for term in column.terms),
            )).casefold()  # fmt: skip
            if all(word in text for word in sought):
                yield DictionaryColumn(dataset, column, column.name in withheld[dataset.name])
