"""A script as a workbook (XLSX): written here, read in a confined child.

Owns: the way between a file and its rows. Promises: a foreign workbook is opened by the child
alone; no cell that is written is a formula. Must not know: what the columns mean.
"""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from emergency.csvout import FORMULA
from gis.importer.small import in_child
from realtime.problems import Invalid, TooLarge

from .child import LIMITS

LIMIT = 5 * 1024 * 1024  # bytes of a workbook
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write(sheets: dict[str, Sequence[Sequence[str | int | None]]]) -> bytes:
    """A workbook of these sheets, the first row of each as its head."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                cell = sheet.cell(number, place)
                cell.value = value
                if isinstance(value, str) and value.startswith(FORMULA):
                    cell.data_type = "s"  # the text, not what it would compute
                cell.alignment = Alignment(vertical="top", wrap_text=number > 1)
                if number == 1:
                    cell.font = Font(bold=True)
        for place, head in enumerate(rows[0] if rows else (), start=1):
            widest = max((len(str(row[place - 1] or "")) for row in rows), default=0)
            width = min(60, max(len(str(head)) * 2, widest) + 3)
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.freeze_panes = "B2"
        sheet.oddHeader.center.text = _("Exercise")  # on every printed page
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(content: bytes) -> dict[str, list[list[str | int | None]]]:
    """Title of each sheet to its rows. Raises TooLarge, Invalid."""
    if len(content) > LIMIT:
        raise TooLarge(_("A file may have at most %(size)s MB.") % {"size": LIMIT // 1024**2})
    said, _rest = in_child("drills.script.child", content, seconds=LIMITS.wall_seconds)
    if "sheets" in said:
        return said["sheets"]
    texts = {
        "too_large": _("The workbook is too large."),
        "sheets": _("The workbook has more than %(detail)s sheets."),
        "rows": _("There are too many rows: %(detail)s at most."),
        "columns": _("There are too many columns in %(detail)s."),
        "formula": _("%(detail)s is a formula. Give its value."),
        "error": _("%(detail)s holds an error."),
        "text": _("The text in %(detail)s is too long."),
        "unknown": _("This is no workbook (XLSX)."),
        "damaged": _("The workbook is damaged."),
        "not_confined": _("This node cannot read files safely. Tell the system administrator."),
    }
    text = texts.get(said["code"], texts["damaged"])
    message = text % {"detail": said["detail"]} if "%(" in text else text
    raise Invalid(message, fields={"file": message})
