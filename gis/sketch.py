"""A sketch of where something is, as a picture for a document and as a drawing for a page.

Owns: how it is drawn. Promises: outlines of districts, places as numbered marks in the order of
their table; the picture has no text but figures, because a node needs no fonts; that of an exercise
has a striped frame that says so; the drawing has names. Coordinates: WGS 84, longitudes shortened
by the latitude of the middle. Must not know: pages, documents, what is at a place.
"""

import io
import math
from collections.abc import Sequence
from typing import Any

import shapely
from django.utils.translation import get_language
from PIL import Image, ImageDraw, ImageFont

from . import layers
from .models import Role

SIZE, FRAME, LEAST = (1400, 1000), 14, 0.35  # pixels; degrees that are shown at least
SIMPLE = 0.0005  # degrees
GROUND, LINE, MARK, TEXT = "#f4f2ec", "#8c8a80", "#b01e28", "#ffffff"
STRIPES = ("#c1272d", "#f2c14e")


def picture(places: Sequence[dict[str, Any]], *, exercise: bool) -> bytes:
    """A PNG of these places ({lon, lat}), numbered from 1."""
    image = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(image)
    outlines = _outlines()
    to_pixel = _projection(places, outlines)
    for outline in outlines:
        for ring in _rings(outline):
            draw.line([to_pixel(lon, lat) for lon, lat in ring], fill=LINE, width=3)
    font = ImageFont.load_default(size=26)
    for number, place in enumerate(places, 1):
        x, y = to_pixel(place["lon"], place["lat"])
        draw.ellipse((x - 22, y - 22, x + 22, y + 22), fill=MARK, outline=TEXT, width=4)
        draw.text((x, y), str(number), fill=TEXT, font=font, anchor="mm")
    if exercise:
        _frame(draw)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def drawing(places: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The same in SIZE, for the reader's own fonts: `paths` of outlines, `names` of districts and
    `marks`, each with x and y."""
    outlines, names = _outlines(), []
    to_pixel = _projection(places, outlines)
    paths = [
        "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in (to_pixel(lon, lat) for lon, lat in ring))
        for outline in outlines
        for ring in _rings(shapely.simplify(outline, SIMPLE))
    ]
    for layer in layers.current_layers(roles=[Role.DISTRICT]):
        shapes = layers.shapes_of(layer)
        called = shapes.names if (get_language() or "").startswith("zh") else shapes.names_en
        for name, (lon, lat) in zip(called, shapes.anchors, strict=True):
            x, y = to_pixel(lon, lat)
            if 0 < x < SIZE[0] and 0 < y < SIZE[1]:
                names.append({"name": name, "x": round(x), "y": round(y)})
    points = [to_pixel(place["lon"], place["lat"]) for place in places]
    marks = [{"x": round(x), "y": round(y)} for x, y in points]
    return {"paths": paths, "names": names, "marks": marks, "width": SIZE[0], "height": SIZE[1]}


def _outlines() -> list[Any]:
    found = layers.current_layers(roles=[Role.DISTRICT])
    return [shape for layer in found for shape in layers.shapes_of(layer).wgs84]


def _rings(shape: Any) -> list[Any]:
    return [shapely.get_coordinates(ring) for ring in shapely.get_parts(shapely.boundary(shape))]


def _projection(places: Sequence[dict[str, Any]], outlines: list[Any]) -> Any:
    """Longitude and latitude to pixels, so that all places are inside."""
    points = [(place["lon"], place["lat"]) for place in places]
    if points:
        lons, lats = zip(*points, strict=True)
        box = [min(lons), min(lats), max(lons), max(lats)]
    else:
        box = list(shapely.total_bounds(outlines)) if outlines else [108.0, 33.7, 109.8, 34.8]
    middle_lon, middle_lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    shrink = math.cos(math.radians(middle_lat))
    high = max(LEAST, (box[3] - box[1]) * 1.3, (box[2] - box[0]) * 1.3 * shrink * SIZE[1] / SIZE[0])
    scale = (SIZE[1] - 4 * FRAME) / high

    def to_pixel(lon: float, lat: float) -> tuple[float, float]:
        x = SIZE[0] / 2 + (lon - middle_lon) * shrink * scale
        return x, SIZE[1] / 2 - (lat - middle_lat) * scale

    return to_pixel


def _frame(draw: ImageDraw.ImageDraw) -> None:
    width, height = SIZE
    for place, start in enumerate(range(0, max(SIZE), 28)):
        colour = STRIPES[place % 2]
        for box in (
            (start, 0, start + 28, FRAME), (start, height - FRAME, start + 28, height),
            (0, start, FRAME, start + 28), (width - FRAME, start, width, start + 28),
        ):  # fmt: skip
            draw.rectangle(box, fill=colour)
    font = ImageFont.load_default(size=30)
    draw.text((FRAME + 14, FRAME + 10), "EXERCISE", fill=STRIPES[0], font=font)
