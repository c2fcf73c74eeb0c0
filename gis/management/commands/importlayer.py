"""`manage.py importlayer FILE`: publish a foreign file as a layer, with a report by row.

Owns: the command line. Promises: progress on stderr, the report on stdout (and as JSON with
--report), exit 1 when nothing was imported. Must not know: how files are read or published.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from gis.importer.words import ImportRefused
from gis.models import Kind, LayerVersion, Role
from gis.services import import_file
from gis.services.imports import CheckPoint
from realtime.problems import Problem

ACTOR = "operator"
SHOWN = 50  # rows named on the screen; --report has them all
TEXTS = ("title_en", "note", "attribution", "source", "symbol")


class Command(BaseCommand):
    help = "Import a shapefile (.shp with its parts, or .zip), GeoPackage or GeoJSON as a layer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", default="", help="the layer's name in addresses")
        parser.add_argument("--title", default="")
        for name in TEXTS:
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name)
        parser.add_argument("--crs", default="", help="wgs84, cgcs2000, gcj02, bd09 or EPSG:n")
        parser.add_argument("--kind", choices=[kind for kind in Kind.values if kind != "grid"])
        parser.add_argument("--role", choices=[r for r in Role.values if r != "population"])
        parser.add_argument("--nearest", type=int, help="how many nearest ones a survey names")
        parser.add_argument("--audience", nargs="*", help="tags; none = everybody signed in")
        parser.add_argument("--order", type=int)
        parser.add_argument("--min-zoom", type=int)
        parser.add_argument("--max-zoom", type=int)
        parser.add_argument("--encoding", default="", help="of a shapefile's text")
        parser.add_argument("--layer", default="", help="which layer of the file")
        parser.add_argument("--id-column", default="")
        parser.add_argument("--name-column", default="")
        parser.add_argument("--check", help='"lon,lat=name": WGS 84 position of a named feature')
        parser.add_argument("--actor", default=ACTOR)
        parser.add_argument("--report", type=Path, help="write the whole report here as JSON")

    def handle(self, *, file: Path, report: Path | None, **options: Any) -> None:
        slug = options["slug"] or slugify(" ".join(lazy_pinyin(file.stem)))[:60]
        given = {name: options[name] for name in (*TEXTS, "kind", "role", "nearest", "order")}
        given |= {name: options[name] for name in ("audience", "min_zoom", "max_zoom")}
        if options["audience"] is not None:
            given["audience"] = sorted(options["audience"])
        try:
            version = import_file(
                file,
                slug=slug,
                title=options["title"],
                actor=options["actor"],
                declared_crs=_crs(options["crs"]),
                encoding=options["encoding"],
                layer_name=options["layer"],
                id_column=options["id_column"],
                name_column=options["name_column"],
                check=_check_point(options["check"]),
                progress=self._progress,
                **given,
            )
        except Problem as problem:
            self.stderr.write("")
            rows = problem.report if isinstance(problem, ImportRefused) else {}
            self._write(report, {"refused": str(problem.message), **rows})
            self._rows(rows)
            details = "; ".join(f"{name}: {text}" for name, text in problem.fields.items())
            said = str(problem.message)
            raise CommandError(
                said if details in ("", f"file: {said}") else f"{said} {details}"
            ) from problem
        self.stderr.write("")
        self._write(report, version.report)
        self._rows(version.report)
        self._summary(version)

    def _progress(self, step: str, done: int, total: int) -> None:
        self.stderr.write(f"\r{step:8} {done}/{total}   ", ending="")
        self.stderr.flush()

    def _rows(self, report: dict[str, Any]) -> None:
        skipped = report.get("skipped", [])
        for row in skipped[:SHOWN]:
            name = row["name"] or row["id"]
            self.stdout.write(
                _("row %(row)s (%(name)s) left out: %(reason)s")
                % {"row": row["row"], "name": name, "reason": row["reason"]}
            )
        if len(skipped) > SHOWN:
            self.stdout.write(_("… and %(count)s more") % {"count": len(skipped) - SHOWN})

    def _summary(self, version: LayerVersion) -> None:
        report = version.report
        lines = [
            _("layer %(slug)s, version %(version)s")
            % {"slug": version.layer.slug, "version": version.sha256[:12]},
            _("rows: %(total)s, kept %(kept)s, left out %(skipped)s")
            % {
                "total": report["total"],
                "kept": report["kept"],
                "skipped": len(report["skipped"]),
            },
            _("coordinates: declared %(declared)s, conversion: %(conversion)s")
            % {
                "declared": version.declared_crs,
                "conversion": version.conversion or _("not needed"),
            },
            _("read inside: %(walls)s") % {"walls": ", ".join(report["confinement"])},
        ]
        if check := report.get("check"):
            lines.append(
                _("check point %(name)s: %(metres)s m away")
                % {"name": check["name"], "metres": check["residual_m"]}
            )
            lines += [
                _("read as %(crs)s it would be %(metres)s m away: was another system meant?")
                % {"crs": crs, "metres": metres}
                for crs, metres in check["read_as"].items()
                if metres * 3 < check["residual_m"]
            ]
        for line in lines:
            self.stdout.write(line)

    def _write(self, path: Path | None, report: dict[str, Any]) -> None:
        if path is not None:
            path.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


def _crs(text: str) -> str:
    return text.upper() if text.lower().startswith("epsg:") else text.lower()


def _check_point(text: str | None) -> CheckPoint | None:
    if not text:
        return None
    try:
        position, name = text.split("=", 1)
        lon, lat = (float(part) for part in position.split(","))
    except ValueError as error:
        raise CommandError(_('--check is "longitude,latitude=name"')) from error
    return CheckPoint(lon, lat, name.strip())
