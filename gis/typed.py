"""Coordinates as people type and paste them, turned into candidates.

Owns: the reading of decimal degrees, degrees-minutes-seconds, hemisphere letters and characters,
full-width digits, and the name of a coordinate system beside them. Promises: never raises for any
text; a candidate's numbers are finite and within bounds; both orders are offered where the text
leaves them open. Must not know: layers, places, which of the candidates is meant.
"""

import math
import re
import unicodedata
from dataclasses import dataclass, field

LONGEST = 200  # characters; more is prose, not a coordinate

_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,12})?"
_SECONDS = r"\d{1,2}(?:\.\d{1,9})?"
_DEGREES = (
    rf"(?P<degrees>{_NUMBER})\s*"
    rf"(?:°\s*(?:(?P<minutes>{_SECONDS})\s*'\s*(?:(?P<seconds>{_SECONDS})\s*\"\s*)?)?)?"
)
_ANGLES = (
    re.compile(rf"(?P<letter>[NSEW])\s*{_DEGREES}", re.ASCII),
    re.compile(rf"{_DEGREES}(?P<letter>[NSEW](?![A-Z]))?", re.ASCII),
)
_SYSTEMS = (
    ("gcj02", re.compile(r"GCJ-?\s?0?2|火星|高德|腾讯|AMAP|GAODE|TENCENT")),
    ("bd09", re.compile(r"BD-?\s?0?9(?:-?LL)?|百度|BAIDU")),
    ("cgcs2000", re.compile(r"CGCS-?\s?2000|国家2000|大地2000|EPSG:?\s?4490")),
    ("wgs84", re.compile(r"WGS-?\s?(?:19)?84|GPS|EPSG:?\s?4326")),
)
_WORDS = (
    *(("经纬度", " "), ("坐标系", " "), ("坐标", " "), ("纬度", " LAT "), ("经度", " LON ")),
    *(("北纬", "N"), ("南纬", "S"), ("东经", "E"), ("西经", "W")),
    *(("度", "°"), ("分", "'"), ("秒", '"'), ("º", "°"), ("˚", "°"), ("−", "-")),
    *(("′", "'"), ("’", "'"), ("‘", "'"), ("''", '"'), ("″", '"'), ("”", '"'), ("“", '"')),
    *(("、", ","), ("，", ","), ("。", ".")),
)
_LABELS = re.compile(r"\b(?:LONGITUDE|LATITUDE|LNG|LON|LAT)\b\s*[:=]?")
_SEPARATORS = re.compile(r"[\s,;/|()\[\]:=]*")


@dataclass(frozen=True)
class Candidate:
    """One reading of the text. `crs` is None where the text names no system.

    `assumed_order` is "lat_lon" where latitude is taken to come first though the text does not say
    so: whoever takes this reading has to be told.
    """

    lon: float
    lat: float
    crs: str | None
    assumed_order: str = field(default="", compare=False)


def parse_coordinates(text: str) -> list[Candidate]:
    """The readings of a text that is one pair of coordinates and nothing else; [] otherwise.

    Longitude first is offered before latitude first where the text does not say which is which
    and both are within bounds.
    """
    text, crs = _named_system(_flat(text))
    for word, sign in _WORDS:
        text = text.replace(word, sign)
    first_is_latitude = _order_of_labels(text)
    text = _LABELS.sub(" ", text)
    angles = []
    position = _SEPARATORS.match(text).end()
    while position < len(text):
        match = _ANGLES[0].match(text, position) or _ANGLES[1].match(text, position)
        if match is None or len(angles) == 2:
            return []
        angles.append(match)
        position = _SEPARATORS.match(text, match.end()).end()
    if len(angles) != 2:
        return []
    values = [_value(match) for match in angles]
    if None in values:
        return []
    return _ordered(values[0], values[1], first_is_latitude, crs)


def _flat(text: str) -> str:
    """Full-width forms made plain; text that is too long to be a coordinate is nothing."""
    text = unicodedata.normalize("NFKC", text[: LONGEST + 1])
    return text.upper().strip() if len(text) <= LONGEST else ""


def _named_system(text: str) -> tuple[str, str | None]:
    for code, pattern in _SYSTEMS:
        if match := pattern.search(text):
            return f"{text[: match.start()]} {text[match.end() :]}".strip(), code
    return text, None


def _order_of_labels(text: str) -> bool | None:
    """True when a label says that latitude comes first, None without labels."""
    labels = [match.group()[:2] for match in _LABELS.finditer(text)]
    return labels[0] == "LA" if labels else None


def _value(match: re.Match[str]) -> tuple[float, str] | None:
    """Signed degrees and the axis ("lon", "lat" or ""), None where they contradict."""
    degrees = float(match["degrees"])
    minutes, seconds = float(match["minutes"] or 0), float(match["seconds"] or 0)
    letter = match["letter"] or ""
    if minutes >= 60 or seconds >= 60:
        return None
    if match["minutes"] and not degrees.is_integer():
        return None
    if letter and degrees < 0:
        return None
    value = math.copysign(abs(degrees) + minutes / 60 + seconds / 3600, degrees) + 0.0
    axis = {"N": "lat", "S": "lat", "E": "lon", "W": "lon"}.get(letter, "")
    return (0.0 - value if letter in ("S", "W") else value), axis


def _ordered(
    first: tuple[float, str],
    second: tuple[float, str],
    latitude_first: bool | None,
    crs: str | None,
) -> list[Candidate]:
    (a, a_axis), (b, b_axis) = first, second
    if a_axis and a_axis == b_axis:
        return []
    if a_axis or b_axis:
        latitude_first = a_axis == "lat" or b_axis == "lon"
    pairs = [(a, b, ""), (b, a, "lat_lon")]
    if latitude_first is not None:
        pairs = [(*pairs[latitude_first][:2], "")]
    found = [
        Candidate(lon, lat, crs, order)
        for lon, lat, order in pairs
        if abs(lon) <= 180 and abs(lat) <= 90
    ]
    return list(dict.fromkeys(found))
