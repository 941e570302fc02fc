"""What the Dataset-JSON API tells of studies, data sets and cuts, by the names of its description (CDISC, v1.0)."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from crsmonitor.errors import NotFound
from grading.exports.datasets import ALL
from grading.exports.datasets.dataset import Dataset
from grading.exports.formats import oids
from grading.exports.formats.cells import in_utc, is_analysis
from grading.exports.rows import Scope
from grading.models import DataCut
from regimens.models import Study

BASE = "/api/v1/dataset-json"
STANDARDS = ("sdtmig", "sendig", "adamig", "other")

TEXT = serializers.CharField
Fields = dict[str, serializers.Field[Any, Any, Any, Any]]
_DATASET: Fields = {
    "itemGroupOID": TEXT(), "name": TEXT(), "label": TEXT(), "standard": serializers.ChoiceField(STANDARDS),
    "records": serializers.IntegerField(), "href": TEXT(),
}  # fmt: skip
_DEFINE: Fields = {"label": TEXT(), "href": TEXT()}
_SNAPSHOT: Fields = {
    "label": TEXT(), "snapshotID": TEXT(), "snapshotCreationDateTime": serializers.DateTimeField(), "href": TEXT(),
}  # fmt: skip
_STUDY: Fields = {"studyOID": TEXT(), "name": TEXT(), "label": TEXT(), "href": TEXT()}

STUDIES = inline_serializer("PulledStudy", _STUDY, many=True)
STUDY = inline_serializer("PulledStudyDetails", _STUDY | {
    "snapshots": inline_serializer("PulledStudySnapshot", _SNAPSHOT, many=True),
    "metaDataRef": inline_serializer("PulledStudyDefine", _DEFINE, many=True),
})  # fmt: skip
DATASETS = inline_serializer("PulledDataset", _DATASET, many=True)
SNAPSHOTS = inline_serializer("PulledSnapshot", _SNAPSHOT, many=True)
SNAPSHOT = inline_serializer("PulledSnapshotDetails", _STUDY | {
    "studyCreationDateTime": serializers.DateTimeField(),
    "dates": serializers.ChoiceField(("recorded", "shifted"), help_text="Ours: as recorded, or moved for this key."),
    "metaDataRef": inline_serializer("PulledSnapshotDefine", _DEFINE, many=True),
    "datasets": inline_serializer("PulledSnapshotDataset", _DATASET, many=True),
})  # fmt: skip
DEFINES = inline_serializer("PulledDefine", _DEFINE, many=True)
_XML: Fields = {"label": TEXT(), "defineXML": TEXT(help_text="Define-XML 2.1.")}
DEFINE = inline_serializer("PulledDefineXml", _XML)


def study(one: Study) -> dict[str, Any]:
    oid = oids.study_oid(one.code)
    return {"studyOID": oid, "name": one.code, "label": one.title, "href": address_of(one)}


def address_of(one: Study) -> str:
    return f"{BASE}/studies/{oids.study_oid(one.code)}"


def dataset(one: Dataset, *, below: str, records: int) -> dict[str, Any]:
    """`below`: the address of the study, or of its snapshot."""
    group = oids.group_oid(one)
    return {
        "itemGroupOID": group, "name": one.name.upper(), "label": one.label,
        "standard": "adamig" if is_analysis(one) else "sdtmig", "records": records, "href": f"{below}/datasets/{group}",
    }  # fmt: skip


def snapshot(cut: DataCut) -> dict[str, Any]:
    return {
        "label": cut.label, "snapshotID": cut.label, "snapshotCreationDateTime": in_utc(cut.made_at),
        "href": f"{address_of(cut.study)}/snapshots/{cut.label}",
    }  # fmt: skip


def define(cut: DataCut) -> dict[str, Any]:
    return {"label": cut.label, "href": f"{address_of(cut.study)}/defines/{cut.label}"}


def held(scope: Scope) -> list[Dataset]:
    return [one for one in ALL if scope.holds(one.name)]


def chosen(scope: Scope, name: str) -> Dataset:
    """By its name in an address. Raises NotFound."""
    one = next((one for one in held(scope) if one.name.upper() == name), None)
    if one is None:
        raise NotFound("no_such_record")
    return one
