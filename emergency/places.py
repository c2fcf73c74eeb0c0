"""From a location as it was given to columns of an incident, asking where it looks wrong.

Owns: the conversion of an incoming point and its survey. Promises: what is stored is WGS 84 and
what was given is kept beside it; a doubtful point raises DoubtfulLocation until it is confirmed.
Must not know: how doubts are found (gis.doubts), who writes.
"""

from typing import Any

from gis import coordinates
from gis.doubts import doubts

from .errors import DoubtfulLocation
from .schemas import LocationIn
from .services.ties import surroundings


def located(location: LocationIn | None, address: str) -> dict[str, Any]:
    """Columns lon, lat, declared, accuracy_m and the two surveys of this point.

    Raises DoubtfulLocation unless confirmed, Invalid for numbers that are no position.
    """
    if location is None:
        return {"lon": None, "lat": None, "declared": None, "accuracy_m": None}
    if not location.confirmed:
        hints = doubts(location.lon, location.lat, crs=location.crs, address=address)
        if hints:
            raise DoubtfulLocation(hints)
    lon, lat = coordinates.convert(location.lon, location.lat, source=location.crs, target="wgs84")
    lon, lat = round(float(lon), 7), round(float(lat), 7)
    return {
        "lon": lon,
        "lat": lat,
        "declared": {"lon": location.lon, "lat": location.lat, "crs": location.crs},
        "accuracy_m": location.accuracy_m,
        "around": surroundings(lon, lat),
    }
