"""Define-XML 2.1: valid by the schemas of CDISC, and saying what the columns say."""

import io
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from odmlib.odm_parser import ODMSchemaValidator

from grading.exports.datasets import ALL
from grading.exports.formats.table import DOCUMENTS
from tests.exports.formats.examples import ADVS, CUT, STUDY, VS, column, with_column

NAMES = {"odm": "http://www.cdisc.org/ns/odm/v1.3", "def": "http://www.cdisc.org/ns/def/v2.1"}
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
NCIT = "nci:ExtCodeID"


def document(name, datasets=(ADVS,)):
    (one,) = (known for known in DOCUMENTS if known.name == name)
    out = io.BytesIO()
    one.write(datasets, out, made_at=CUT, study=STUDY)
    return out.getvalue()


@pytest.fixture(scope="module")
def validator():
    return ODMSchemaValidator(standard="define", version="2.1")


@pytest.fixture(scope="module")
def whole():
    return ET.fromstring(document("define.xml", ALL))


@pytest.fixture
def root():
    return ET.fromstring(document("define.xml"))


def refusals(validator, root):
    return list(validator.xsd.iter_errors(root))


@pytest.mark.long
@pytest.mark.parametrize("datasets", [(ADVS,), (ADVS, VS), ALL], ids=["one", "both standards", "the packet's"])
def test_it_is_valid(validator, datasets):
    assert refusals(validator, ET.fromstring(document("define.xml", datasets))) == []


@pytest.mark.parametrize(
    ("path", "attribute", "value"),
    [
        (".//odm:ItemRef", "Mandatory", "Perhaps"),
        (".//odm:ItemDef", "DataType", "number"),
        (".//odm:ItemDef", "Length", "long"),
        (".//def:Class", "Name", "OUR OWN"),
        (".//def:Origin", "Type", "Somewhere"),
        (".//odm:RangeCheck", "Comparator", "LIKE"),
    ],
)
def test_the_schema_refuses_what_is_wrong(validator, root, path, attribute, value):
    root.find(path, NAMES).set(attribute, value)

    assert refusals(validator, root) != []


def test_the_schema_refuses_a_variable_without_a_name(validator, root):
    del root.find(".//odm:ItemDef", NAMES).attrib["Name"]

    assert refusals(validator, root) != []


def test_everything_that_is_referred_to_is_there(root):
    """What a schema cannot say of OIDs."""
    defined = {one.get("OID") for one in root.iter() if one.get("OID")}
    pointing = {
        value
        for one in root.iter()
        for name, value in one.attrib.items()
        if name.rpartition("}")[2] in (
            "ItemOID", "MethodOID", "CodeListOID", "WhereClauseOID", "ValueListOID", "CommentOID", "StandardOID",
        )
    }  # fmt: skip

    assert pointing - defined == set()
    assert len(defined) == len([one for one in root.iter() if one.get("OID")])


def test_keys_methods_lists_and_concepts_are_those_of_the_columns(root):
    keys = {
        one.get("KeySequence"): one.get("ItemOID")
        for one in root.iterfind(".//odm:ItemGroupDef/odm:ItemRef[@KeySequence]", NAMES)
    }
    value = root.find(".//odm:ItemDef[@OID='IT.ADVS.AVAL']", NAMES)
    method = root.find(".//odm:MethodDef[@OID='MT.ADVS.AVAL']//odm:TranslatedText", NAMES)
    flag = root.find(".//odm:ItemDef[@Name='ANL01FL']/odm:CodeListRef", NAMES)
    terms = root.findall(f".//odm:CodeList[@OID='{flag.get('CodeListOID')}']/odm:EnumeratedItem", NAMES)

    assert keys == {"1": "IT.ADVS.STUDYID", "2": "IT.ADVS.USUBJID", "3": "IT.ADVS.PARAMCD", "4": "IT.ADVS.ADTM"}
    assert method.text == "Where <38.0 & standing, as measured"
    assert value.find("odm:Alias", NAMES).attrib == {"Context": NCIT, "Name": "C25208"}
    # NCIt C66742: No is C49487, Yes is C49488
    assert [(one.get("CodedValue"), one.find("odm:Alias", NAMES).get("Name")) for one in terms] == [
        ("N", "C49487"), ("Y", "C49488"),
    ]  # fmt: skip


def test_each_parameter_has_metadata_of_its_own(root):
    by = root.find(".//odm:ItemDef[@OID='IT.ADVS.AVAL']/def:ValueListRef", NAMES).get("ValueListOID")
    references = root.findall(f".//def:ValueListDef[@OID='{by}']/odm:ItemRef", NAMES)
    clauses = [one.find("def:WhereClauseRef", NAMES).get("WhereClauseOID") for one in references]
    checks = [root.find(f".//def:WhereClauseDef[@OID='{one}']/odm:RangeCheck", NAMES) for one in clauses]

    assert [one.get("ItemOID") for one in references] == ["IT.ADVS.AVAL.TEMP", "IT.ADVS.AVAL.SYSBP"]
    assert [(one.get(f"{DEF}ItemOID"), one.findtext("odm:CheckValue", namespaces=NAMES)) for one in checks] == [
        ("IT.ADVS.PARAMCD", "TEMP"), ("IT.ADVS.PARAMCD", "SYSBP"),
    ]  # fmt: skip


def test_a_parameter_says_its_label_unit_and_concept(root):
    value = root.find(".//odm:ItemDef[@OID='IT.ADVS.AVAL.TEMP']", NAMES)
    unit = root.find(f".//def:CommentDef[@OID='{value.get(f'{DEF}CommentOID')}']//odm:TranslatedText", NAMES)
    terms = root.findall(".//odm:CodeList[@OID='CL.ADVS.PARAMCD']/odm:CodeListItem", NAMES)

    assert value.findtext(".//odm:TranslatedText", namespaces=NAMES) == "Temperature"
    assert value.find("odm:Alias", NAMES).attrib == {"Context": NCIT, "Name": "C174446"}
    assert unit.text == "Unit: C"
    assert [one.findtext(".//odm:TranslatedText", namespaces=NAMES) for one in terms] == [
        "Temperature", "Systolic Blood Pressure",
    ]  # fmt: skip


# NCIt, as docs/export.md cites it: the consensus grading of CRS, the ICE assessment, and CAPD.
@pytest.mark.parametrize(
    ("column", "concept"),
    [("ADCRSP.CRSMAXGR", "C201867"), ("ADCRSP.ICEMIN", "C162916"), ("ADNEURO.CAPD", "C201866")],
)
def test_grades_and_scores_name_their_concept(whole, column, concept):
    assert whole.find(f".//odm:ItemDef[@OID='IT.{column}']/odm:Alias", NAMES).get("Name") == concept


def test_a_column_without_data_says_why(validator):
    empty = column("SIGNDTM", "DT", lack="nothing is signed yet")
    root = ET.fromstring(document("define.xml", (with_column(empty),)))
    item = root.find(".//odm:ItemDef[@Name='SIGNDTM']", NAMES)
    reference = root.find(".//odm:ItemGroupDef/odm:ItemRef[@ItemOID='IT.ADVS.SIGNDTM']", NAMES)
    comment = root.find(f".//def:CommentDef[@OID='{item.get(f'{DEF}CommentOID')}']//odm:TranslatedText", NAMES)

    assert (reference.get(f"{DEF}HasNoData"), comment.text) == ("Yes", "No data: nothing is signed yet")
    assert refusals(validator, root) == []
    assert b"nothing is signed yet" in document("define.html", (with_column(empty),))
    assert b"nothing is signed yet" in document("dictionary.csv", (with_column(empty),))


def test_what_is_known_of_codes_is_of_each_of_them():
    columns = [one for dataset in ALL for one in dataset.columns if one.terms]

    assert [one.name for one in columns if tuple(term.code for term in one.terms) != one.codes] == []
    assert columns


def test_a_unit_that_another_column_says_names_it():
    root = ET.fromstring(document("define.xml", (with_column(column("ADOSE", "N", unit="NOTE")),)))
    value = root.find(".//odm:ItemDef[@OID='IT.ADVS.ADOSE']", NAMES)
    unit = root.find(f".//def:CommentDef[@OID='{value.get(f'{DEF}CommentOID')}']//odm:TranslatedText", NAMES)

    assert unit.text == "Unit: that of NOTE"


@pytest.mark.parametrize("name", [one.name for one in DOCUMENTS])
def test_the_same_cut_gives_the_same_bytes(name):
    assert document(name) == document(name)


class Texts(HTMLParser):
    """The texts of a page, and what it would fetch."""

    def __init__(self):
        super().__init__()
        self.texts, self.fetched = [], []

    def handle_data(self, data):
        self.texts.append(data)

    def handle_starttag(self, tag, attrs):
        links = [value for name, value in attrs if name in ("src", "href") and not value.startswith("#")]
        self.fetched += links + ([tag] if tag in ("script", "link") else [])


def test_the_page_says_each_column_and_fetches_nothing():
    page = Texts()
    page.feed(document("define.html").decode())

    assert {*[one.name for one in ADVS.columns], "Where <38.0 & standing, as measured", "N | Y", "by PARAMCD"} <= {
        *page.texts
    }
    assert page.fetched == []


def test_the_dictionary_lists_every_column_of_every_data_set():
    lines = document("dictionary.csv", (ADVS, VS)).decode().splitlines()

    assert len(lines) == 1 + 2 * len(ADVS.columns)
    assert lines[3] == "ADVS,PARAMCD,A label,C8,,,,,TEMP | SYSBP,,"
    assert b'"dataset": "VS"' in document("dictionary.json", (ADVS, VS))
