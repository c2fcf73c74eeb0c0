"""The replay of an exercise as one HTML file that opens from disk and asks no host for anything.

Owns: its form. Promises: Leaflet stands in the file itself; whatever people wrote is data and never
markup; 演练 stands on it; incidents are on the map as they stood at the moment of the slider. Must
not know: HTTP, how moments are worked out.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import folium
import shapely
from branca.element import Element, Template
from django.conf import settings
from django.utils.translation import gettext as _

from emergency.audit_words import type_word
from gis import layers
from gis.models import Role

from .content import Report

LEAFLET = settings.BASE_DIR / "node_modules" / "leaflet" / "dist"
GRADES = {1: "#b01e28", 2: "#d9730d", 3: "#c9a400", 4: "#1f5fbf", 0: "#6b6f76"}
OWN = Path(__file__).resolve().parent
SECOND = 1000  # milliseconds
SIMPLE = 0.0008  # degrees: outlines are for orientation


class Raw(Element):
    """Text that is written as it is: a plain Element would run it as a template."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str):
        super().__init__()
        self.text = text


class Plain(folium.Map):
    """A map whose libraries are given by hand."""

    default_js: Sequence[tuple[str, str]] = []
    default_css: Sequence[tuple[str, str]] = []


def write(report: Report) -> bytes:
    """The file, UTF-8."""
    made = Plain(location=[34.26, 108.94], zoom_start=10, tiles=None, prefer_canvas=True)
    made.options["attribution_control"] = False
    folium.GeoJson(
        _outlines(),
        style_function=lambda _feature: {"color": "#8c8a80", "weight": 1.5, "fillOpacity": 0.03},
    ).add_to(made)
    box = _box(report)
    if box:
        made.fit_bounds(box, max_zoom=12)
    page = made.get_root()
    title = f"{_('Exercise')} {report.exercise.title}"
    page.title = escape(title)
    page.header.add_child(Raw(f"<style>{_library('leaflet.css')}{_own('replay.css')}</style>"))
    page.header.add_child(Raw(f"<script>{_library('leaflet.js')}</script>"))
    page.html.add_child(Raw(_bar(title, report)))
    page.html.add_child(Raw(f'<script type="application/json" id="told">{_told(report, made)}'
                                "</script>"))  # fmt: skip
    page.script.add_child(Raw(_own("replay.js")))
    return page.render().encode()


def _bar(title: str, report: Report) -> str:
    return (
        f'{_mark()}<div id="frame" aria-hidden="true"></div><div id="bar">'
        f"<strong>{escape(title)}</strong> {escape(report.total)} {escape(report.grade)}<br>"
        f'<label>{escape(_("Clock of the exercise"))} <input type="range" id="at" min="0" '
        'step="1000"></label> <output id="clock"></output><ul id="list"></ul></div>'
    )


def _told(report: Report, made: folium.Map) -> str:
    """What the script reads; no `<` in it, so that nothing ends the element early."""
    last = report.moments[-1].at if report.moments else 0
    told = {
        "map": made.get_name(),
        "ended": max(report.ended, last) // SECOND * SECOND,  # the slider has whole seconds
        "colours": GRADES,
        "moments": [asdict(one) | {"what": type_word(one.type)} for one in report.moments],
    }
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


def _box(report: Report) -> list[list[float]] | None:
    places = [
        (one.state["lat"], one.state["lon"])
        for one in report.moments
        if one.state and one.state["lon"] is not None
    ]
    if not places:
        return None
    lats, lons = zip(*places, strict=True)
    return [[min(lats) - 0.05, min(lons) - 0.05], [max(lats) + 0.05, max(lons) + 0.05]]


def _outlines() -> dict[str, Any]:
    shapes = [
        shapely.simplify(shape, SIMPLE)
        for layer in layers.current_layers(roles=[Role.DISTRICT])
        for shape in layers.shapes_of(layer).wgs84
    ]
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
        for shape in shapes
    ]
    return {"type": "FeatureCollection", "features": features}


@cache
def _library(name: str) -> str:
    """A file of Leaflet, without the pictures and the map of its source that it would ask for."""
    text = (LEAFLET / name).read_text(encoding="utf-8")
    text = re.sub(r"//# sourceMappingURL=.*", "", text)
    return re.sub(r"url\([^)]*\)", "none", text) if name.endswith(".css") else text


@cache
def _mark() -> str:
    """The word that lies over the map of the desk of an exercise too."""
    word = (settings.BASE_DIR / "static" / "watermark.svg").read_text(encoding="utf-8")
    size = 'width="320" height="200" patternUnits="userSpaceOnUse"'
    return (
        f'<svg id="mark" aria-hidden="true"><pattern id="word" {size}>{word}</pattern>'
        '<rect width="100%" height="100%" fill="url(#word)"/></svg>'
    )


@cache
def _own(name: str) -> str:
    return (OWN / name).read_text(encoding="utf-8")
