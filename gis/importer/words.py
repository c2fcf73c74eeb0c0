"""The words for why a file or a row was not imported.

Owns: the message of every code the child may answer with. Promises: an unknown code still makes a
sentence. Must not know: how anything is found out.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from realtime.problems import Invalid

REASONS = {
    "no_file": gettext_noop("There is no such file."),
    "unknown_format": gettext_noop(
        "The content is not a shapefile, GeoPackage, GeoJSON or a zip archive of one."
    ),
    "unsafe_archive": gettext_noop("The archive is not safe to unpack."),
    "unsafe_database": gettext_noop("The GeoPackage holds parts that a layer does not need."),
    "too_large": gettext_noop("The file is larger than one import may be."),
    "damaged": gettext_noop("The file is damaged or incomplete."),
    "missing_part": gettext_noop("A part of the shapefile is missing."),
    "no_layer": gettext_noop("The file holds no layer."),
    "several_layers": gettext_noop("The file does not hold exactly one layer; name one of these."),
    "no_crs": gettext_noop(
        "The file does not say its coordinate system; declare it (wgs84, cgcs2000, gcj02, bd09"
        " or EPSG:number)."
    ),
    "unknown_crs": gettext_noop("The coordinate system is not known or does not fit the file."),
    "no_encoding": gettext_noop("The text is neither UTF-8 nor GBK; declare its encoding."),
    "no_column": gettext_noop("There is no such column."),
    "no_name_column": gettext_noop("No column looks like the name; say which of these it is."),
    "no_rows": gettext_noop("No row could be used."),
    "mixed_kinds": gettext_noop("The rows are of different kinds; say which kind to keep."),
    "timeout": gettext_noop("Reading took longer than allowed."),
    "memory": gettext_noop("Reading needed more memory than allowed."),
    "crashed": gettext_noop("The file could not be read."),
    "not_confined": gettext_noop(
        "This machine offers no way to take the network from the reading process, so nothing"
        " was opened."
    ),
}
ROW_REASONS = {
    "empty_geometry": gettext_noop("The geometry is empty or unreadable."),
    "too_many_vertices": gettext_noop("The geometry has too many vertices."),
    "not_finite": gettext_noop("The geometry has a coordinate that is not a finite number."),
    "missing_id": gettext_noop("The id is missing."),
    "duplicate_id": gettext_noop("The id occurs in an earlier row."),
    "missing_name": gettext_noop("The name is missing."),
    "unreadable_name": gettext_noop("The name cannot be read in this encoding."),
    "other_kind": gettext_noop("The geometry is of another kind than the layer."),
}


class ImportRefused(Invalid):
    """Nothing of the file was imported; `report` names the rows where there are any."""

    def __init__(self, code: str, detail: str = "", *, report: dict[str, Any] | None = None):
        self.reason = code
        self.report = report or {}
        said = reason(code)
        message = f"{said} ({detail})" if detail and detail != said else said
        super().__init__(message, fields={"file": message})


def reason(code: str) -> str:
    """Why the file was refused, in the user's language."""
    return _(REASONS.get(code, REASONS["crashed"]))


def row_reason(code: str) -> str:
    """Why a row was skipped, in the user's language."""
    return _(ROW_REASONS.get(code, code))
