"""The names by which Define-XML and Dataset-JSON know one thing: written once, so that the two agree."""

from grading.exports.datasets.dataset import Column, Dataset


def study_oid(study: str) -> str:
    return f"STDY.{study}"


def version_oid(study: str) -> str:
    """Of the metadata: one version a packet."""
    return f"MDV.{study}"


def group_oid(dataset: Dataset) -> str:
    return f"IG.{dataset.name.upper()}"


def item_oid(dataset: Dataset, column: Column, value: str = "") -> str:
    """`value`: the code that tells which rows of the column are meant, as TEMP of AVAL."""
    return ".".join(filter(None, ("IT", dataset.name.upper(), column.name, value)))
