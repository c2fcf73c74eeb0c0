"""The report of an exercise as a .docx that an office edits and signs.

Owns: its form. Promises: 演练 stands in the head of every page; bars are shaded cells, so that WPS
and Word show and print them alike; the same content as the page. Must not know: HTTP, how anything
was measured.
"""

import io
import re
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from ..models import Clock
from .content import Report

RED, BAR, REST = RGBColor(0xC1, 0x27, 0x2D), "2F7F79", "E6ECEB"
CELLS = 20  # of a bar: five points each
CONTROL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # not XML
SERIF, SANS = "SimSun", "SimHei"


def write(report: Report, picture: bytes, places: Sequence[str], clock: Clock | None) -> bytes:
    """The document; `picture` is the map as PNG, `places` the names of its numbers."""
    document = Document()
    _fonts(document)
    _head(document, report)
    _about(document, report, clock)
    _score(document, report)
    _map(document, picture, places)
    _timeline(document, report)
    _findings(document, report)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _fonts(document: Any) -> None:
    fonts = {"Normal": SERIF, "Title": SANS, "Heading 1": SANS, "Heading 2": SANS}
    for name, font in fonts.items():
        style = document.styles[name]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    document.styles["Normal"].font.size = Pt(10.5)


def _head(document: Any, report: Report) -> None:
    head = document.sections[0].header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(_("Exercise"))
    run.bold, run.font.size, run.font.color.rgb = True, Pt(14), RED
    head.add_run(_clean(f"  {report.exercise.title}"))
    document.add_heading(_("Report of the exercise"), 0)
    document.add_paragraph(_clean(report.exercise.title))


def _about(document: Any, report: Report, clock: Clock | None) -> None:
    one = report.exercise
    document.add_heading(_("The exercise"), 1)
    begin, version = timezone.localtime(one.starts_at), _("version %s") % one.plan_version
    ran = [f"{timezone.localtime(at):%Y-%m-%d %H:%M}" for at in report.ran or () if at]
    facts = [
        (_("Plan"), f"{one.plan_name} {version}"),
        (_("Starts at"), f"{begin:%Y-%m-%d %H:%M}"),
        (_("Took place"), " – ".join(ran)),
        (_("Form"), one.get_form_display()),
        (_("Content"), one.get_scope_display()),
        (_("Purpose"), one.get_purpose_display()),
        (_("Objectives"), "\n".join(one.objectives)),
        (_("Injects"), str(report.injects)),
        (_("State"), clock.get_state_display() if clock else one.get_state_display()),
    ]
    _table(document, [], facts)
    document.add_heading(_("Who takes part"), 2)
    _table(
        document,
        [_("Organisation"), _("Takes part as"), _("Node")],
        [
            (each["organisation_name"], each["part_name"], each["node_name"])
            for each in report.people
        ],
    )


def _score(document: Any, report: Report) -> None:
    document.add_heading(_("Score"), 1)
    total = document.add_paragraph()
    run = total.add_run(f"{report.total}  {report.grade}")
    run.bold, run.font.size = True, Pt(22)
    if report.outstanding:
        note = _("The score is provisional: it is worked out anew when the rest is here.")
        for line in (*report.outstanding, note):
            document.add_paragraph(line)
    if report.told_by_home:
        document.add_paragraph(report.told_by_home)
    for words, numbers in (
        (_("Vetoed, which makes the whole poor. Items:"), report.score.vetoed),
        (_("Not judged yet, and not in the total. Items:"), report.score.unjudged),
        (_("Injects without any answer:"), report.score.unanswered),
    ):
        if numbers:
            document.add_paragraph(f"{words} {'、'.join(str(each) for each in numbers)}")
    for title, bars in (
        (_("Organisation"), report.units),
        (_("Objectives"), report.objectives),
    ):
        if bars:
            document.add_heading(title, 2)
            _bars(document, bars)
    document.add_heading(_("What was expected, and what was done"), 2)
    _table(
        document,
        [_("Inject"), _("Metric"), _("Organisation"), _("Target"), _("Measured"), _("Marks")],
        [
            (str(each["row"].number), f"{each['row'].metric} {each['metric']}",
             each["organisation"], f"{each['target']} / {each['limit']}",
             f"{each['measured']} {each['reason']}", _marks(each, each["own"]))
            for each in report.rows
        ],
    )  # fmt: skip
    if report.items:
        document.add_heading(_("What evaluators judged"), 2)
        _table(
            document,
            [_("No."), _("What is judged"), _("Organisation"), _("Marks")],
            [
                (str(each["item"].number), each["item"].text,
                 each["organisation"] or _("the exercise as a whole"), _marks(each, ""))
                for each in report.items
            ],
        )  # fmt: skip


def _marks(row: dict[str, Any], own: str) -> str:
    """The marks that count, what was measured where they differ, and who says so and why."""
    lines = [row["marks"] + (f" ({_('Measured')} {own})" if row["given"] and own else "")]
    for one in row["given"]:
        lines.append(f"{one['evaluator']}: {one['value']} {one['note']}".rstrip())
    return "\n".join(lines)


def _map(document: Any, picture: bytes, places: Sequence[str]) -> None:
    document.add_heading(_("Map"), 1)
    document.add_picture(io.BytesIO(picture), width=Cm(15.5))
    for number, place in enumerate(places, 1):
        document.add_paragraph(_clean(f"{number}. {place}"))


def _timeline(document: Any, report: Report) -> None:
    document.add_heading(_("Timeline"), 1)
    rows = [(each["at"], each["what"], each["words"], f"{each['who']} {each['node']}".strip())
            for each in report.lines]  # fmt: skip
    _table(document, [_("Clock of the exercise"), _("What was done"), _("Content"), _("By")], rows)
    if report.left_out:
        said = _("%s more lines are in the replay.") % report.left_out
        document.add_paragraph(said)


def _findings(document: Any, report: Report) -> None:
    document.add_heading(_("Findings"), 1)
    if not report.findings:
        document.add_paragraph(_("Nothing was found yet."))
        return
    _table(
        document,
        [_("What was found"), _("Cause"), _("Correction"), _("Owner"), _("Due on"), _("State")],
        [
            (each.improvement.text, each.improvement.cause, each.improvement.action,
             each.owner_name, f"{each.improvement.due:%Y-%m-%d}", each.state_word)
            for each in report.findings
        ],
    )  # fmt: skip


def _table(document: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    width = len(head) or (len(rows[0]) if rows else 1)
    table = document.add_table(rows=0, cols=width, style="Table Grid")
    for line in [head, *rows] if head else rows:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = _clean(text)
    if head:
        for cell in table.rows[0].cells:
            _shade(cell, REST)
        mark = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(mark)


def _bars(document: Any, bars: Sequence[dict[str, Any]]) -> None:
    """A row each: name, marks, and a bar of shaded cells."""
    table = document.add_table(rows=0, cols=2 + CELLS)
    for bar in bars:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _clean(bar["name"]), f"{bar['marks']} {bar['grade']}"
        filled = round(bar["points"] * CELLS / 100)
        for place, cell in enumerate(cells[2:]):
            _shade(cell, BAR if place < filled else REST)
    for row in table.rows:
        for place, cell in enumerate(row.cells):
            cell.width = Cm(4 if place == 0 else 2.6 if place == 1 else 0.4)


def _clean(text: str) -> str:
    return CONTROL.sub("", text)


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
