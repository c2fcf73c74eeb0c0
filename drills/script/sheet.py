"""A script as rows of a spreadsheet, and rows as a script.

Owns: how each cell is written and read. Promises: what was written out comes back the same; every
cell that cannot be read is named by sheet, row and column, and then nothing is taken. Pure. Must
not know: files (book.py), where a script is kept, what is wrong with it as a script (lint.py).
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from emergency.schemas import clean, one_line
from gis import coordinates
from gis.typed import parse_coordinates

from .columns import EXPECTED, INJECTS, NEEDED, OF_EXPECTED, OF_INJECT, WORDS

MOST, EXPECTATIONS = 500, 2_000
PEOPLE = ("dead", "injured", "missing", "trapped")
LONGEST = {"phase": 40, "sender": 60, "place": 200, "content": 2_000, "type_code": 5, "level": 20,
           "note": 200, "metric": 4}  # fmt: skip
RANGES = {"number": (1, 9_999), "minutes": (0, 4_320), "weight": (0, 1_000),
          "target": (0, 100_000), "limit": (0, 100_000)}  # fmt: skip
Rows = Sequence[Sequence[str | int | None]]


class Unreadable(ValueError):
    """What is wrong, one line for each cell; at most twenty and how many more."""

    def __init__(self, faults: Sequence[str]):
        more = len(faults) - 20
        said = [*faults[:20], _("and %s more") % more] if more > 0 else list(faults)
        super().__init__("; ".join(said))
        self.faults = said


def written(injects: Sequence[dict[str, Any]], names: dict[str, str]) -> dict[str, list[list]]:
    """Title of a sheet to its rows, headings first, in the language of this moment."""
    own = 0 if (get_language() or "").startswith("zh") else 1
    head = [heading[own] for heading in OF_INJECT.values()]
    rows = [[_out(name, flat(one), names, own) for name in OF_INJECT] for one in injects]
    lines = [
        [_out(name, {"number": one["number"]} | line, names, own) for name in OF_EXPECTED]
        for one in injects
        for line in one["expected"]
    ]
    other = [heading[own] for heading in OF_EXPECTED.values()]
    return {INJECTS[own]: [head, *rows], EXPECTED[own]: [other, *lines]}


def read(sheets: dict[str, Rows], codes: dict[str, str]) -> list[dict[str, Any]]:
    """The injects of a workbook, in the shape in which they are kept. `codes`: name of an
    organisation to its code. Raises Unreadable."""
    faults: list[str] = []
    known = codes | {code: code for code in codes.values()}
    injects = _table(sheets, INJECTS, OF_INJECT, known, faults)
    lines = _table(sheets, EXPECTED, OF_EXPECTED, known, faults)
    if len(injects) > MOST or len(lines) > EXPECTATIONS:
        said = _("At most %(injects)s injects and %(lines)s expected actions.")
        raise Unreadable([said % {"injects": MOST, "lines": EXPECTATIONS}])
    made = {one["number"]: deep(one) for one in injects if one.get("number") is not None}
    if len(made) < len(injects) and not faults:
        faults.append(_("A number of an inject is there twice."))
    for line in lines:
        number = line.pop("number", None)
        if number in made:
            made[number]["expected"].append(line)
        elif not faults:
            said = _("Something is expected by inject %s, which is not there.")
            faults.append(said % number)
    if not injects and not faults:
        faults.append(_("There is no inject in it."))
    if faults:
        raise Unreadable(faults)
    return sorted(made.values(), key=lambda one: one["number"])


def _table(
    sheets: dict[str, Rows],
    titles: tuple[str, str],
    columns: dict[str, tuple[str, str]],
    codes: dict[str, str],
    faults: list[str],
) -> list[dict[str, Any]]:
    title = next((one for one in titles if one in sheets), None)
    if title is None:
        faults.append(_("The sheet %s is missing.") % titles[0])
        return []
    rows = sheets[title]
    head = [str(cell or "").strip() for cell in (rows[0] if rows else [])]
    places: dict[str, int] = {}
    for name, headings in columns.items():
        found = [place for place, heading in enumerate(head) if heading in headings]
        where = {"sheet": title, "column": headings[0]}
        if len(found) > 1:
            faults.append(_("%(sheet)s: the column %(column)s is there twice.") % where)
        elif found:
            places[name] = found[0]
        elif name in NEEDED:
            faults.append(_("%(sheet)s: the column %(column)s is missing.") % where)
    strange = {one for one in head if one} - {each for pair in columns.values() for each in pair}
    for heading in sorted(strange):
        where = {"sheet": title, "column": heading[:60]}
        faults.append(_("%(sheet)s: the column %(column)s is unknown.") % where)
    if faults:
        return []
    found = []
    for at, row in enumerate(rows[1:], start=2):
        if not any(cell is not None for cell in row):
            continue
        line: dict[str, Any] = {}
        for name, place in places.items():
            cell = row[place] if place < len(row) else None
            try:
                line[name] = _in(name, cell, codes)
            except ValueError as error:
                where = {"sheet": title, "row": at, "column": columns[name][0], "why": error}
                faults.append(_("%(sheet)s, row %(row)s, %(column)s: %(why)s") % where)
        found.append({name: _in(name, None, codes) for name in columns.keys() - NEEDED} | line)
    return found


def _out(name: str, one: dict[str, Any], names: dict[str, str], own: int) -> str | int | None:
    value = one.get(name)
    if name == "position":
        return f"{one['lon']}, {one['lat']}" if one.get("lon") is not None else None
    if name in WORDS:
        return None if value is None else WORDS[name][value][own]
    if name in ("recipients", "share_with"):
        return "、".join(names.get(code, code) for code in value or ()) or None
    if name == "organisation":
        return names.get(value, value)
    return None if value == "" else value


def _in(name: str, cell: str | int | None, codes: dict[str, str]) -> Any:
    """The value of a cell. Raises ValueError with what is wrong."""
    if name in ("recipients", "share_with"):
        return _organisations(cell, codes)
    if name == "organisation":
        return _one(_organisations(cell, codes))
    if name == "position":
        return position(str(cell)) if cell is not None else (None, None)
    if name in WORDS:
        return _word(name, cell)
    if name in PEOPLE:
        return None if cell is None else number(cell, 0, 10_000_000)
    if name == "minutes" and isinstance(cell, str) and ":" in cell:
        hours, _colon, minutes = cell.partition(":")
        return number(number(hours, 0, 72) * 60 + number(minutes, 0, 59), *RANGES[name])
    if name in RANGES:
        return number(cell, *RANGES[name])
    text = (clean if name == "content" else one_line)(str(cell) if cell is not None else "")
    if len(text) > LONGEST[name]:
        raise ValueError(_("at most %s characters") % LONGEST[name])
    return text


def number(cell: str | int | None, least: int, most: int) -> int:
    """A whole number within its bounds. Raises ValueError."""
    text = str(cell if cell is not None else "").strip()
    figure = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
    if not least <= figure <= most:
        said = _("a whole number from %(least)s to %(most)s")
        raise ValueError(said % {"least": least, "most": most})
    return figure


def position(text: str) -> tuple[float, float]:
    """A pair of coordinates in any of the four systems, as WGS 84. Raises ValueError."""
    found = parse_coordinates(text)
    if not found:
        raise ValueError(_("no pair of coordinates"))
    lon, lat = coordinates.convert(
        found[0].lon, found[0].lat, source=found[0].crs or "wgs84", target="wgs84"
    )
    return round(float(lon), 7), round(float(lat), 7)


def _word(name: str, cell: str | int | None) -> Any:
    if cell is None:
        defaults: dict[str, Any] = {"late": "send", "optional": False, "grade": None}
        if name in defaults:
            return defaults[name]
    for value, words in WORDS[name].items():
        if str(cell).strip() in (*words, str(value)):
            return bool(value) if name == "optional" else value
    raise ValueError(_("one of: %s") % "、".join(words[0] for words in WORDS[name].values()))


def _organisations(cell: str | int | None, codes: dict[str, str]) -> list[str]:
    text = str(cell if cell is not None else "")
    for mark in ",，;；\n":
        text = text.replace(mark, "、")
    said = [part.strip() for part in text.split("、") if part.strip()]
    for name in said:
        if name not in codes:
            raise ValueError(_("%s takes no part in this exercise") % name[:60])
    return list(dict.fromkeys(codes[name] for name in said))


def _one(found: list[str]) -> str:
    if len(found) != 1:
        raise ValueError(_("exactly one organisation"))
    return found[0]


TRUTH = ("type_code", "grade", "level", *PEOPLE, "share_with")


def deep(line: dict[str, Any]) -> dict[str, Any]:
    """A row of columns as an inject."""
    lon, lat = line.pop("position", None) or (None, None)
    truth = {name: line.pop(name) for name in TRUTH} | {"lon": lon, "lat": lat}
    return line | {"truth": truth, "expected": []}


def flat(one: dict[str, Any]) -> dict[str, Any]:
    """An inject as a row of columns."""
    return {name: value for name, value in one.items() if name != "truth"} | one["truth"]
