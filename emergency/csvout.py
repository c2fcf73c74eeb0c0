"""Rows as CSV that a spreadsheet cannot take for formulas.

Owns: the one way in which tables leave as CSV. Promises: UTF-8 with a mark (Excel and WPS read
Chinese then), every cell on one line, no cell that begins like a formula, in half or full width.
Must not know: what the rows are.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

FORMULA = tuple("=+-@＝＋－＠﹢﹣﹦﹫−")
MARK = "\ufeff"


def neutral(cell: object) -> str:
    """A cell's text on one line; what a spreadsheet would compute gets an apostrophe before it."""
    text = "".join(
        " " if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char
        for char in str(cell)
    ).strip()
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A whole table with its head."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([neutral(cell) for cell in head])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return MARK + file.getvalue()
