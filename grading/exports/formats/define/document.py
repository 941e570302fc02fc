"""Define-XML 2.1: the columns of every data set, how each is derived, its values and NCIt's names for them.

Written from the one table of columns, with the standard library's XML. Names and order of the elements: CDISC
Define-XML 2.1.10 over ODM 1.3.2; a test holds the result to their XML schemas.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO
from xml.etree import ElementTree as ET

from crsmonitor import __version__
from grading.exports.datasets.dataset import Column, Dataset, Term
from grading.exports.formats import oids
from grading.exports.formats.cells import in_utc, is_analysis, is_instant, length_of, unit_of
from grading.exports.formats.define.terms import NCIT, CodeList, code_list
from grading.exports.formats.define.values import ValueLevel, value_levels

NAMESPACES = {
    "xmlns": "http://www.cdisc.org/ns/odm/v1.3",
    "xmlns:def": "http://www.cdisc.org/ns/def/v2.1",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
}
ADAM, SDTM, TERMS = "STD.ADaMIG", "STD.SDTMIG", "STD.CT"
STANDARDS = (
    {"OID": ADAM, "Name": "ADaMIG", "Type": "IG", "Version": "1.3", "Status": "Final"},
    {"OID": SDTM, "Name": "SDTMIG", "Type": "IG", "Version": "3.4", "Status": "Final"},
    {"OID": TERMS, "Name": "CDISC/NCI", "Type": "CT", "PublishingSet": "SDTM", "Version": "2026-03-27",
     "Status": "Final"},
)  # fmt: skip
# A number has up to three decimals (docs/conventions.md, C1a) and up to twelve characters.
NUMBER_LENGTH, NUMBER_DECIMALS = "12", "3"


def write(datasets: Sequence[Dataset], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    """Deterministic: `made_at` is the cut."""
    root = ET.Element("ODM", NAMESPACES | {
        "ODMVersion": "1.3.2", "FileType": "Snapshot", "FileOID": f"{oids.study_oid(study)}/define/{in_utc(made_at)}",
        "CreationDateTime": in_utc(made_at), "AsOfDateTime": in_utc(made_at), "Originator": "crsmonitor",
        "SourceSystem": "crsmonitor", "SourceSystemVersion": __version__, "def:Context": "Other",
    })  # fmt: skip
    of_study = ET.SubElement(root, "Study", OID=oids.study_oid(study))
    names = ET.SubElement(of_study, "GlobalVariables")
    for tag, text in (
        ("StudyName", study),
        ("StudyDescription", "ASTCT grades of CRS and ICANS, dose by dose"),
        ("ProtocolName", study),
    ):
        ET.SubElement(names, tag).text = text
    version = ET.SubElement(
        of_study, "MetaDataVersion",
        {"OID": oids.version_oid(study), "Name": f"{study}, data definitions", "def:DefineVersion": "2.1.10"},
    )  # fmt: skip
    version.extend(_definitions(datasets))
    ET.indent(root)
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8") + b"\n")


def _definitions(datasets: Sequence[Dataset]) -> Iterator[ET.Element]:
    """In the order in which the schema wants them."""
    levels = [(dataset, level) for dataset in datasets for level in value_levels(dataset)]
    columns = [(dataset, column) for dataset in datasets for column in dataset.columns]
    standards = ET.Element("def:Standards")
    standards.extend([ET.Element("def:Standard", about) for about in STANDARDS])
    yield standards
    for dataset, level in levels:
        yield _value_list(dataset, level)
    yield from {where.attrib["OID"]: where for one in levels for where in _where(*one)}.values()
    for dataset in datasets:
        yield _group(dataset)
    for dataset, column in columns:
        yield _item(dataset, column, lists=[level for of, level in levels if of is dataset])
    for dataset, level in levels:
        yield from (_value_item(dataset, level.column, term) for term in level.terms)
    lists = (code_list(dataset, column) for dataset, column in columns)
    yield from (_code_list(one) for one in {known.oid: known for known in lists if known}.values())
    yield from (_method(dataset, column) for dataset, column in columns if column.derivation)
    for oid, text in (_units(datasets, levels) | _lacks(datasets)).items():
        comment = ET.Element("def:CommentDef", OID=oid)
        _describe(comment, text)
        yield comment


def _describe(element: ET.Element, text: str) -> None:
    about = ET.SubElement(ET.SubElement(element, "Description"), "TranslatedText", {"xml:lang": "en"})
    about.text = text


# --- Data sets ----------------------------------------------------------------------------------


def _group(dataset: Dataset) -> ET.Element:
    name, analysis = dataset.name.upper(), is_analysis(dataset)
    leaf = f"LF.{name}"
    about = {
        "OID": oids.group_oid(dataset), "Name": name, "Repeating": "Yes" if len(dataset.keys) > 2 else "No",
        "IsReferenceData": "No", "SASDatasetName": name, "Purpose": "Analysis" if analysis else "Tabulation",
        "def:Structure": f"One record per {', '.join(dataset.keys)}", "def:StandardOID": ADAM if analysis else SDTM,
        "def:ArchiveLocationID": leaf,
    }  # fmt: skip
    group = ET.Element("ItemGroupDef", about if analysis else {"Domain": name} | about)
    _describe(group, dataset.label)
    for place, column in enumerate(dataset.columns, start=1):
        ET.SubElement(group, "ItemRef", _reference(dataset, column, place))
    ET.SubElement(group, "def:Class", Name=dataset.structure)
    file = ET.SubElement(group, "def:leaf", {"ID": leaf, "xlink:href": f"{dataset.name}.json"})
    ET.SubElement(file, "def:title").text = f"{dataset.name}.json"
    return group


def _reference(dataset: Dataset, column: Column, place: int) -> dict[str, str]:
    is_key = column.name in dataset.keys
    about = {
        "ItemOID": oids.item_oid(dataset, column), "OrderNumber": str(place), "Mandatory": "Yes" if is_key else "No",
    }  # fmt: skip
    if is_key:
        about["KeySequence"] = str(dataset.keys.index(column.name) + 1)
    if column.derivation:
        about["MethodOID"] = _method_oid(dataset, column)
    if column.lack:
        about["def:HasNoData"] = "Yes"
    return about


# --- Columns ------------------------------------------------------------------------------------


def _item(dataset: Dataset, column: Column, *, lists: Sequence[ValueLevel]) -> ET.Element:
    item = _described(dataset, column, comment=_comment_oid(dataset, column))
    known = code_list(dataset, column)
    if known is not None:
        ET.SubElement(item, "CodeListRef", CodeListOID=known.oid)
    if column.concept:
        ET.SubElement(item, "Alias", Context=NCIT, Name=column.concept)
    item.append(_origin(dataset, column))
    if any(level.column is column for level in lists):
        ET.SubElement(item, "def:ValueListRef", ValueListOID=_value_list_oid(dataset, column))
    return item


def _value_item(dataset: Dataset, column: Column, term: Term) -> ET.Element:
    """What the column holds in the rows about one quantity."""
    item = _described(dataset, column, comment=_unit_oid(dataset, term.unit), term=term)
    if term.concept:
        ET.SubElement(item, "Alias", Context=NCIT, Name=term.concept)
    item.append(_origin(dataset, column))
    return item


def _described(dataset: Dataset, column: Column, *, comment: str, term: Term | None = None) -> ET.Element:
    value = term.code if term else ""
    about = {"OID": oids.item_oid(dataset, column, value), "Name": value or column.name} | _type(dataset, column)
    about["SASFieldName"] = column.name
    if comment:
        about["def:CommentOID"] = comment
    item = ET.Element("ItemDef", about)
    _describe(item, (term.label or term.code) if term else column.label)
    return item


def _type(dataset: Dataset, column: Column) -> dict[str, str]:
    if column.is_text:
        return {"DataType": "text", "Length": str(length_of(column))}
    if is_instant(column):
        shown = {"def:DisplayFormat": "E8601DT."} if is_analysis(dataset) else {}
        return {"DataType": "datetime"} | shown
    if column.is_whole:
        shown = {"def:DisplayFormat": "E8601DA."} if column.is_date else {}
        return {"DataType": "integer", "Length": NUMBER_LENGTH} | shown
    return {"DataType": "float", "Length": NUMBER_LENGTH, "SignificantDigits": NUMBER_DECIMALS}


def _origin(dataset: Dataset, column: Column) -> ET.Element:
    """Where the values come from: a derivation, another data set, or somebody who wrote them down."""
    if column.derivation:
        about = {"Type": "Derived", "Source": "Sponsor"}
    elif is_analysis(dataset) and "." in column.mapping:
        about = {"Type": "Predecessor"}
    elif is_analysis(dataset):
        about = {"Type": "Assigned", "Source": "Sponsor"}
    else:
        about = {"Type": "Collected", "Source": "Investigator"}
    origin = ET.Element("def:Origin", about)
    if column.mapping:
        _describe(origin, column.mapping)
    return origin


def _method_oid(dataset: Dataset, column: Column) -> str:
    return f"MT.{dataset.name.upper()}.{column.name}"


def _method(dataset: Dataset, column: Column) -> ET.Element:
    method = ET.Element(
        "MethodDef", OID=_method_oid(dataset, column), Name=f"{dataset.name.upper()}.{column.name}", Type="Computation"
    )
    _describe(method, column.derivation)
    return method


def _unit_oid(dataset: Dataset, unit: str) -> str:
    """One comment a unit; where another column says the unit, that column is one of this data set. "" without one."""
    if not unit:
        return ""
    return f"COM.UNIT.{dataset.name.upper()}.{unit}" if _is_column(dataset, unit) else f"COM.UNIT.{unit}"


def _comment_oid(dataset: Dataset, column: Column) -> str:
    """Of what Define-XML has no other place for: why a column is empty, else the unit. "" where there is neither."""
    if column.lack:
        return f"COM.LACK.{dataset.name.upper()}.{column.name}"
    return _unit_oid(dataset, unit_of(column))


def _is_column(dataset: Dataset, unit: str) -> bool:
    return any(column.name == unit for column in dataset.columns)


def _units(datasets: Sequence[Dataset], levels: Sequence[tuple[Dataset, ValueLevel]]) -> dict[str, str]:
    """The comments that say a unit, by their OIDs: Define-XML has no other place for it."""
    used = [(dataset, unit_of(column)) for dataset in datasets for column in dataset.columns if not column.lack]
    used += [(dataset, term.unit) for dataset, level in levels for term in level.terms]
    return {
        _unit_oid(dataset, unit): f"Unit: that of {unit}" if _is_column(dataset, unit) else f"Unit: {unit}"
        for dataset, unit in used
        if unit
    }


def _lacks(datasets: Sequence[Dataset]) -> dict[str, str]:
    return {
        _comment_oid(dataset, column): f"No data: {column.lack}"
        for dataset in datasets
        for column in dataset.columns
        if column.lack
    }


# --- Values -------------------------------------------------------------------------------------


def _code_list(known: CodeList) -> ET.Element:
    about = {"OID": known.oid, "Name": known.name, "DataType": "text"}
    standard = {"def:StandardOID": TERMS} if known.concept else {"def:IsNonStandard": "Yes"}
    element = ET.Element("CodeList", about | standard)
    decoded = all(term.label for term in known.terms)  # a list says what all of its values mean, or of none
    for place, term in enumerate(known.terms, start=1):
        of_item = {"CodedValue": term.code, "OrderNumber": str(place)}
        item = ET.SubElement(element, "CodeListItem" if decoded else "EnumeratedItem", of_item)
        if decoded:
            decode = ET.SubElement(ET.SubElement(item, "Decode"), "TranslatedText", {"xml:lang": "en"})
            decode.text = term.label
        if term.concept:
            ET.SubElement(item, "Alias", Context=NCIT, Name=term.concept)
    if known.concept:
        ET.SubElement(element, "Alias", Context=NCIT, Name=known.concept)
    return element


def _value_list_oid(dataset: Dataset, column: Column) -> str:
    return f"VL.{dataset.name.upper()}.{column.name}"


def _where_oid(dataset: Dataset, by: Column, value: str) -> str:
    return f"WC.{dataset.name.upper()}.{by.name}.{value}"


def _value_list(dataset: Dataset, level: ValueLevel) -> ET.Element:
    element = ET.Element("def:ValueListDef", OID=_value_list_oid(dataset, level.column))
    for place, term in enumerate(level.terms, start=1):
        about = {
            "ItemOID": oids.item_oid(dataset, level.column, term.code), "OrderNumber": str(place), "Mandatory": "No",
        }  # fmt: skip
        if level.column.derivation:
            about["MethodOID"] = _method_oid(dataset, level.column)
        reference = ET.SubElement(element, "ItemRef", about)
        ET.SubElement(reference, "def:WhereClauseRef", WhereClauseOID=_where_oid(dataset, level.by, term.code))
    return element


def _where(dataset: Dataset, level: ValueLevel) -> Iterator[ET.Element]:
    for term in level.terms:
        clause = ET.Element("def:WhereClauseDef", OID=_where_oid(dataset, level.by, term.code))
        about = {"Comparator": "EQ", "SoftHard": "Soft", "def:ItemOID": oids.item_oid(dataset, level.by)}
        check = ET.SubElement(clause, "RangeCheck", about)
        ET.SubElement(check, "CheckValue").text = term.code
        yield clause
