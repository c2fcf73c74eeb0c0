"""What one import may cost, and the words in which the child says why it refused.

Owns: plain numbers and codes, shared by parent and child. Promises: imports nothing but the
standard library. Must not know: Django, how a limit is enforced.
"""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one import; the child gets them as JSON."""

    input_bytes: int = 300 * MIB
    unpacked_bytes: int = 600 * MIB
    entries: int = 200
    ratio: int = 200  # unpacked to packed, above RATIO_FROM
    rows: int = 300_000
    vertices: int = 500_000  # of one feature
    all_vertices: int = 5_000_000
    columns: int = 300
    text: int = 2_000  # characters of one attribute
    result_bytes: int = 600 * MIB
    memory_bytes: int = 448 * MIB  # private memory of the child
    space_bytes: int = 4096 * MIB  # its address space, libraries included
    cpu_seconds: int = 120
    wall_seconds: int = 180


RATIO_FROM = 20 * MIB  # small archives may compress as well as they like
SIDE_FILES = {".prj": 64 * 1024, ".cpg": 1024}
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
DRIVERS = {"shp": "ESRI Shapefile", "gpkg": "GPKG", "geojson": "GeoJSON"}


class Refused(Exception):
    """The file is not imported: a code of `parent.REASONS` and what it is about."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail[:500]
