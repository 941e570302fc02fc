"""A text as PDF/A-3b (ISO 19005-3): the same text gives the same bytes.

reportlab draws the pages, pypdf adds what makes an archive's file of them: XMP metadata, an output intent, and the
attached files, each with its type and what it is to the document.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from crsmonitor.formats.pdfa.flow import A4_HEIGHT, A4_WIDTH, MARGIN, Block, Style, TextLine, paged
from crsmonitor.formats.pdfa.fonts import LATIN, Fonts
from crsmonitor.formats.pdfa.profile import NAME, srgb

_EDGE = Style(7)
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 pdfaid:part="3" pdfaid:conformance="B"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmp:CreateDate="{at}" xmp:ModifyDate="{at}" xmp:CreatorTool="{creator}"/>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Producer="{creator}"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside the document. `relation`: Source, Data, Alternative or Supplement, of ISO 19005-3."""

    name: str
    media_type: str
    description: str
    data: bytes
    relation: str = "Data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """What stands on every page: `head` above, `foot` below with %(page)s and %(pages)s."""

    head: str
    foot: str


def pdf_a(
    blocks: Sequence[Block], *, title: str, language: str, edges: Edges, made_at: datetime, fonts: Fonts,
    attachments: Sequence[Attachment] = (), creator: str = "crsmonitor",
) -> bytes:  # fmt: skip
    """The file. `language`: of its text, as RFC 5646 names it. `made_at`: the one time that it tells of itself."""
    drawn = _drawn(paged(blocks, fonts), edges, fonts)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(drawn)))
    writer.pdf_header = "%PDF-1.7"
    at = made_at.astimezone(UTC).replace(microsecond=0)
    words = {
        "title": title, "creator": creator, "language": language, "at": at.isoformat().replace("+00:00", "Z"),
    }  # fmt: skip
    root = writer.root_object
    root[NameObject("/Metadata")] = _stream(writer, _xmp(words), {"/Type": "/Metadata", "/Subtype": "/XML"})
    root[NameObject("/OutputIntents")] = ArrayObject([_intent(writer)])
    root[NameObject("/Lang")] = TextStringObject(language)
    for page in writer.pages:
        page.pop("/Trans", None)
    if attachments:
        _attach(writer, attachments, at)
    _set_info(writer, title=title, creator=creator, at=at)
    digest = hashlib.sha256(drawn + b"".join(one.data for one in attachments) + _xmp(words)).digest()[:16]
    writer._ID = ArrayObject([ByteStringObject(digest), ByteStringObject(digest)])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _drawn(pages: list[list[TextLine]], edges: Edges, fonts: Fonts) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(A4_WIDTH, A4_HEIGHT), invariant=1, pageCompression=1, initialFontName=LATIN)
    for number, lines in enumerate(pages, start=1):
        _write(canvas, edges.head, _EDGE, A4_HEIGHT - 30, fonts)
        for line in lines:
            _write(canvas, line.text, line.style, line.y, fonts)
        _write(canvas, edges.foot % {"page": number, "pages": len(pages)}, _EDGE, 26, fonts)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _write(canvas: Canvas, text: str, style: Style, y: float, fonts: Fonts) -> None:
    pen = canvas.beginText(MARGIN + style.indent, y)
    for run in fonts.runs(fonts.writable(text), bold=style.bold):
        pen.setFont(run.font, style.size)
        pen.textOut(run.text)
    canvas.drawText(pen)


def _xmp(words: dict[str, str]) -> bytes:
    return _XMP.format(**{name: escape(word) for name, word in words.items()}).encode()


def _stream(writer: PdfWriter, data: bytes, entries: dict[str, str], *, packed: bool = False) -> IndirectObject:
    """`packed`: by Flate. The metadata are not, so that any program finds them."""
    stream: StreamObject = DecodedStreamObject()
    stream.set_data(data)
    if packed:
        stream = stream.flate_encode()
    stream.update({NameObject(name): NameObject(value) for name, value in entries.items()})
    return writer._add_object(stream)


def _intent(writer: PdfWriter) -> IndirectObject:
    profile = _stream(writer, srgb(), {}, packed=True)
    profile.get_object()[NameObject("/N")] = NumberObject(3)
    return writer._add_object(_dictionary({
        "/Type": NameObject("/OutputIntent"), "/S": NameObject("/GTS_PDFA1"),
        "/OutputConditionIdentifier": TextStringObject(NAME), "/Info": TextStringObject(NAME),
        "/DestOutputProfile": profile,
    }))  # fmt: skip


def _attach(writer: PdfWriter, attachments: Sequence[Attachment], at: datetime) -> None:
    in_order = sorted(attachments, key=lambda one: one.name)
    files = [(one.name, _file(writer, one, at)) for one in in_order]
    names = ArrayObject([part for name, file in files for part in (TextStringObject(name), file)])
    tree = _dictionary({"/Names": names})
    writer.root_object[NameObject("/Names")] = _dictionary({"/EmbeddedFiles": writer._add_object(tree)})
    writer.root_object[NameObject("/AF")] = ArrayObject([file for _name, file in files])
    writer.root_object[NameObject("/PageMode")] = NameObject("/UseAttachments")


def _file(writer: PdfWriter, one: Attachment, at: datetime) -> IndirectObject:
    data = _stream(writer, one.data, {"/Type": "/EmbeddedFile"}, packed=True)
    data.get_object().update({
        NameObject("/Subtype"): NameObject(f"/{one.media_type}"),
        NameObject("/Params"): _dictionary({
            "/ModDate": TextStringObject(f"D:{at:%Y%m%d%H%M%S}Z"), "/Size": NumberObject(len(one.data)),
        }),
    })  # fmt: skip
    return writer._add_object(_dictionary({
        "/Type": NameObject("/Filespec"), "/F": TextStringObject(one.name), "/UF": TextStringObject(one.name),
        "/Desc": TextStringObject(one.description), "/AFRelationship": NameObject(f"/{one.relation}"),
        "/EF": _dictionary({"/F": data, "/UF": data}),
    }))  # fmt: skip


def _set_info(writer: PdfWriter, *, title: str, creator: str, at: datetime) -> None:
    """The old dictionary says the same as the XMP."""
    moment = f"D:{at:%Y%m%d%H%M%S}Z"
    writer._info = _dictionary({
        "/Title": TextStringObject(title), "/Author": TextStringObject(creator),
        "/Creator": TextStringObject(creator), "/Producer": TextStringObject(creator),
        "/CreationDate": TextStringObject(moment), "/ModDate": TextStringObject(moment),
    })  # fmt: skip


def _dictionary(entries: dict[str, PdfObject]) -> DictionaryObject:
    return DictionaryObject({NameObject(name): value for name, value in entries.items()})
