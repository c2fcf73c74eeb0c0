"""The templates that come with the platform, made from the blocks of a layout.

Owns: how such a document looks: A4 with the margins of official documents, a red head, 仿宋 for
words, 黑体 for headings. Promises: every tag stands where an office sees it and may move it; the
same layout, the same document. Must not know: what is said, who asks.
Source: margins and type sizes as in GB/T 9704-2012, as remembered; an office replaces the template.
"""

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .layout import LAYOUTS, Block, Fact, Sketch, Table, Words

RED = RGBColor(0xD7, 0x1F, 0x1F)
BODY, HEADING, TITLE = "仿宋", "黑体", "宋体"
WIDE = ("directives", "dutylog", "handover")  # on paper that lies
SIZE, MARGIN = (Mm(210), Mm(297)), (Mm(37), Mm(26), Mm(35), Mm(28))  # top, right, bottom, left


@cache
def template(kind: str) -> bytes:
    """The template of this kind, a .docx with tags."""
    document = Document()
    _page(document, lies=kind in WIDE)
    normal = document.styles["Normal"]
    normal.font.size = Pt(12 if kind in WIDE else 14)
    _font(normal, BODY)
    _head(document)
    for block in LAYOUTS[kind]:
        _block(document, block)
    _foot(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, *, lies: bool) -> None:
    section = document.sections[0]
    top, right, bottom, left = MARGIN
    section.page_width, section.page_height = SIZE
    if lies:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = SIZE[1], SIZE[0]
        top, right, bottom, left = left, top, right, bottom
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right


def _font(style: Any, name: str) -> None:
    """A Chinese font, for Chinese and for what stands between."""
    style.font.name = name
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _run(paragraph: Any, text: str, *, font: str = "", size: int = 0, red: bool = False) -> None:
    run = paragraph.add_run(text)
    if font:
        _font(run, font)
    if size:
        run.font.size = Pt(size)
    if red:
        run.font.color.rgb = RED


def _line(document: Any, text: str, *, middle: bool = False, **looks: Any) -> Any:
    line = document.add_paragraph()
    line.paragraph_format.space_after = Pt(4)
    if middle:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(line, text, **looks)
    return line


def _head(document: Any) -> None:
    _line(document, "{{ organisation }}", middle=True, font=TITLE, size=26, red=True)
    line = _line(document, "{{ number }}", middle=True)
    _rule(line)
    _line(document, "{{ title }}", middle=True, font=TITLE, size=20)
    _line(document, "{{ date }} {{ time }}", middle=True)


def _rule(line: Any) -> None:
    """The red line below the number."""
    borders = OxmlElement("w:pBdr")
    below = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", str(RED))):
        below.set(qn(f"w:{name}"), value)
    borders.append(below)
    line._p.get_or_add_pPr().append(borders)


def _foot(document: Any) -> None:
    _where(document, "recipients", lambda: _line(document, "报送：{{ recipients }}"))
    _where(document, "copies", lambda: _line(document, "抄送：{{ copies }}"))
    _line(document, "编发：{{ editor }}")


def _where(document: Any, tag: str, what: Any) -> None:
    """Only where this tag says something."""
    _line(document, f"{{%p if {tag} %}}")
    what()
    _line(document, "{%p endif %}")


def _block(document: Any, block: Block) -> None:
    if isinstance(block, Fact):
        tag = block.tag
        _where(document, tag, lambda: _line(document, f"{block.label}：{{{{ {tag} }}}}"))
    elif isinstance(block, Words):
        _where(document, block.tag, lambda: _words(document, block))
    elif isinstance(block, Table):
        _heading(document, block.heading)
        _table(document, block)
    elif isinstance(block, Sketch):
        _where(document, "picture", lambda: _sketch(document, block))


def _heading(document: Any, text: str) -> None:
    if text:
        _line(document, text, font=HEADING)


def _words(document: Any, block: Words) -> None:
    _heading(document, block.heading)
    _line(document, f"{{%p for line in {block.tag} %}}")
    line = _line(document, "{{ line }}")
    line.paragraph_format.first_line_indent = Pt(28)
    _line(document, "{%p endfor %}")


def _sketch(document: Any, block: Sketch) -> None:
    _heading(document, block.heading)
    _line(document, "{{ picture }}")
    _line(document, "{%p for one in places %}")
    _line(document, "{{ loop.index }}. {{ one.name }}")
    _line(document, "{%p endfor %}")


def _table(document: Any, block: Table) -> None:
    labels = [label for label, _tag, _share in block.columns]
    tags = [f"{{{{ row.{tag} }}}}" for _label, tag, _share in block.columns]
    width = len(labels)
    table = document.add_table(rows=0, cols=width, style="Table Grid")
    table.autofit = False
    _row(table, labels, HEADING)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _row(table, [f"{{%tr for row in {block.tag} %}}", *[""] * (width - 1)])
    _row(table, tags)
    _row(table, ["{%tr endfor %}", *[""] * (width - 1)])
    _row(table, [f"{{%tr if not {block.tag} %}}", *[""] * (width - 1)])
    _row(table, ["无", *[""] * (width - 1)])
    _row(table, ["{%tr endif %}", *[""] * (width - 1)])
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    whole = sum(share for _label, _tag, share in block.columns)
    for place, (_label, _tag, share) in enumerate(block.columns):
        for cell in table.columns[place].cells:
            cell.width = int(room * share / whole)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _row(table: Any, texts: Sequence[str], font: str = "") -> None:
    for cell, text in zip(table.add_row().cells, texts, strict=True):
        _run(cell.paragraphs[0], text, font=font, size=11)
