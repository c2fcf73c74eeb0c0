"""The child: `python -m drills.script.child`, confined before it looks at the workbook on stdin.

Owns: which cells a workbook holds. Promises: stdout is one line of JSON (`{code, detail}` or
`{sheets: {title: rows}}`), cells are text, whole numbers or null; a formula, too many sheets, rows
or columns, and what is no workbook are refused. Must not know: Django, what the columns mean.
"""

import datetime
import io
import json
import sys
import zipfile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gis.importer.confine import lock
from gis.importer.limits import MIB, Limits, Refused

LIMITS = Limits(memory_bytes=384 * MIB, cpu_seconds=20, wall_seconds=30)
SHEETS, ROWS, COLUMNS, LONGEST = 4, 2_001, 40, 4_000
UNPACKED = 64 * MIB


def main() -> None:
    content = sys.stdin.buffer.read()
    try:
        lock(LIMITS, in_namespace=sys.argv[1:] == ["in-namespace"])
        said = {"sheets": _sheets(content)}
    except Refused as refusal:
        said = {"code": refusal.code, "detail": refusal.detail}
    except MemoryError:
        said = {"code": "too_large", "detail": ""}
    sys.stdout.write(json.dumps(said) + "\n")


def _sheets(content: bytes) -> dict[str, list[list[str | int | None]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > UNPACKED:
                raise Refused("too_large")
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        if len(book.worksheets) > SHEETS:
            raise Refused("sheets", str(SHEETS))
        return {sheet.title: _rows(sheet) for sheet in book.worksheets}
    except (Refused, MemoryError):
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError) as error:
        raise Refused("unknown") from error
    except Exception as error:  # whatever a broken part of a workbook makes the library raise
        raise Refused("damaged") from error


def _rows(sheet) -> list[list[str | int | None]]:
    rows = []
    for row in sheet.iter_rows():
        cells = [_cell(sheet.title, cell) for cell in row if cell is not None]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > COLUMNS:
            raise Refused("columns", sheet.title)
        rows.append(cells)
        if len(rows) > ROWS and any(rows[ROWS:]):
            raise Refused("rows", f"{sheet.title} {ROWS - 1}")
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cell(title: str, cell) -> str | int | None:
    value = cell.value
    if value is None or value == "":
        return None
    where = f"{title} {cell.coordinate}"
    if cell.data_type == "f":
        raise Refused("formula", where)
    if cell.data_type == "e":
        raise Refused("error", where)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime.time):  # 1:20 is a time for a spreadsheet, 80 minutes here
        return f"{value.hour}:{value.minute:02d}"
    if isinstance(value, datetime.timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    text = value if isinstance(value, int) else str(value)
    if isinstance(text, str) and len(text) > LONGEST:
        raise Refused("text", where)
    return text


if __name__ == "__main__":
    main()
