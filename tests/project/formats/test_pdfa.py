"""A document for the archive, held against what ISO 19005-3 asks of its structure.

veraPDF holds a real one against all of it (tests/copies/test_archive.py).
"""

import hashlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from crsmonitor.formats.pdfa.document import Attachment, Edges, pdf_a
from crsmonitor.formats.pdfa.flow import A4_WIDTH, MARGIN, STYLES, Block, paged, wrapped
from crsmonitor.formats.pdfa.fonts import Fonts, asian_font
from crsmonitor.formats.pdfa.profile import srgb

AT = datetime(2026, 3, 2, 9, 0, 30, 250_000, tzinfo=UTC)
DATA = b'{"temperature_c": "38.6"}'
LONG = "Systolic pressure 84 mmHg, entered late because the network was down. " * 4


def document(blocks, *, asian="", **changes) -> bytes:
    words = {"title": "A & B", "language": "en", "made_at": AT, "fonts": Fonts(asian),
             "edges": Edges(head="DEMO-001", foot="page %(page)s of %(pages)s"),
             "attachments": [Attachment(name="copy.json", media_type="application/json", description="d", data=DATA)],
             }  # fmt: skip
    return pdf_a(blocks, **words | changes)


def test_the_archive_finds_its_metadata_its_colours_and_its_files():
    pdf = document([Block("Record", "title"), Block(LONG)])

    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3" pdfaid:conformance="B"' in xmp
    assert "A &amp; B" in xmp
    assert 'xmp:CreateDate="2026-03-02T09:00:30Z"' in xmp
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert intent.get_object()["/DestOutputProfile"].get_data() == srgb()
    (file,) = root["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Data"
    assert file.get_object()["/EF"]["/F"].get_object()["/Subtype"] == "/application/json"
    assert root["/Names"]["/EmbeddedFiles"]["/Names"][0] == "copy.json"
    assert PdfReader(BytesIO(pdf)).attachments == {"copy.json": [DATA]}


def test_nothing_is_encrypted_run_or_left_to_the_viewer():
    reader = PdfReader(BytesIO(document([Block("Grade 2 ≥ 38.0 °C")])))

    assert not reader.is_encrypted
    assert len(reader.trailer["/ID"]) == 2
    assert reader.trailer["/Root"].keys().isdisjoint({"/OpenAction", "/AA", "/AcroForm"})
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


@pytest.mark.skipif(not asian_font(""), reason="no font for Chinese here (Debian: fonts-wqy-zenhei)")
def test_chinese_is_embedded_and_read_out_again():
    reader = PdfReader(BytesIO(document([Block("收縮壓 84 mmHg，已更正", "entry")], asian=asian_font(""))))

    assert "收縮壓 84 mmHg，已更正" in reader.pages[0].extract_text()
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_without_a_font_for_it_a_character_is_its_code_point_and_nothing_is_lost():
    text = PdfReader(BytesIO(document([Block("床 12")]))).pages[0].extract_text()

    assert "[U+5E8A] 12" in text  # 床 is U+5E8A


def test_the_same_text_is_the_same_file_and_another_one_another():
    def digest(*texts, **changes):
        return hashlib.sha256(document([Block(text) for text in texts], **changes)).hexdigest()

    assert digest("a") == digest("a")
    assert digest("a") != digest("b")
    assert digest("a") != digest("a", attachments=[])


def test_a_line_fits_and_no_word_and_no_hash_is_lost():
    fonts, room = Fonts(""), A4_WIDTH - 2 * MARGIN - STYLES["text"].indent
    text = LONG + "f" * 300

    lines = list(wrapped(text, STYLES["text"], fonts))

    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert sum(fonts.width(one, bold=False) for one in line) * STYLES["text"].size <= room
    assert not any(line.startswith((",", ".")) for line in lines)


def test_a_heading_is_not_the_last_of_a_page_and_every_page_says_which_it_is():
    blocks = [block for n in range(60) for block in (Block(f"Set {n}", "head"), Block(LONG))]

    pages = paged(blocks, Fonts(""))
    texts = [page.extract_text() for page in PdfReader(BytesIO(document(blocks))).pages]

    assert len(pages) == len(texts) > 3
    assert not any(lines[-1].style is STYLES["head"] for lines in pages)
    for number, text in enumerate(texts, start=1):
        assert f"page {number} of {len(texts)}" in text
        assert "DEMO-001" in text


def test_the_profile_is_srgb():
    profile = srgb()

    assert len(profile) == int.from_bytes(profile[:4], "big")
    assert profile[12:24] == b"mntrRGB XYZ "
    assert profile[36:40] == b"acsp"
    curve = profile.index(b"curv")
    middle = int.from_bytes(profile[curve + 12 + 2 * 512 : curve + 14 + 2 * 512], "big")
    assert abs(middle / 65535 - 0.2145) < 0.0003  # 512/1023 of sRGB: ((0.50049 + 0.055) / 1.055) ** 2.4
