"""Vector tiles of layer versions as z/x/y, out of the PMTiles file of the version.

Owns: the archive's directory in memory (parsed once) and the HTTP rules of a tile. Promises: a
tile is passed on compressed as it is stored; an unknown version, a layer that is not visible and
coordinates outside of the pyramid answer alike (404, a refusal recorded for the second); a layer
for everybody may be kept by the browser, one with an audience is asked for again each time. Must
not know: how tiles are made, grounds of rights.
"""

import gzip
import mmap
import threading
from collections import OrderedDict
from http import HTTPStatus

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pmtiles.tile import Compression, deserialize_directory, deserialize_header, find_tile
from pmtiles.tile import zxy_to_tileid as tile_number

from realtime import access, refusals

from . import layers
from .models import LayerVersion, version_file

KEPT = 64  # archives with their directory in memory
DEEPEST = 24  # zoom levels that are looked up at all
YEAR = 31_536_000  # seconds
TYPE = "application/vnd.mapbox-vector-tile"


class Archive:
    """One PMTiles file; `get` returns a stored, compressed tile or None."""

    def __init__(self, path: str):
        with open(path, "rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._header = deserialize_header(self._data[:127])
        if self._header["tile_compression"] != Compression.GZIP:
            raise ValueError("tiles must be stored compressed")
        self._root = self._directory(self._header["root_offset"], self._header["root_length"])
        self._leaves: dict[int, list] = {}

    def _directory(self, offset: int, length: int) -> list:
        return deserialize_directory(self._data[offset : offset + length])

    def get(self, z: int, x: int, y: int) -> bytes | None:
        number, entries = tile_number(z, x, y), self._root
        while (entry := find_tile(entries, number)) is not None:
            if entry.run_length:
                start = self._header["tile_data_offset"] + entry.offset
                return self._data[start : start + entry.length]
            if (leaf := self._leaves.get(entry.offset)) is None:
                start = self._header["leaf_directory_offset"] + entry.offset
                leaf = self._leaves[entry.offset] = self._directory(start, entry.length)
            entries = leaf
        return None


_lock = threading.Lock()
_archives: OrderedDict[str, Archive] = OrderedDict()


def archive(slug: str, sha256: str) -> Archive:
    """The open archive of a version; the least used are let go."""
    path = str(version_file(slug, sha256, "pmtiles"))
    with _lock:
        if (found := _archives.get(path)) is None:
            found = _archives[path] = Archive(path)
        _archives.move_to_end(path)
        while len(_archives) > KEPT:
            _archives.popitem(last=False)
    return found


@require_safe
async def tile(
    request: HttpRequest, slug: str, sha256: str, z: int, x: int, y: int
) -> HttpResponse:
    """GET /tiles/<slug>/<version>/<z>/<x>/<y>"""
    found = await sync_to_async(_find)(request, slug, sha256)
    if isinstance(found, HttpResponse):
        return found
    if not (z <= DEEPEST and x < 2**z and y < 2**z):
        return _refusal(HTTPStatus.NOT_FOUND)
    tag = f'W/"{sha256[:32]}-{z}-{x}-{y}"'
    if _matches(request.headers.get("If-None-Match", ""), tag):
        return _cached(HttpResponse(status=HTTPStatus.NOT_MODIFIED), found, tag)
    data = archive(slug, sha256).get(z, x, y)
    if data is None:
        return _cached(HttpResponse(status=HTTPStatus.NO_CONTENT), found, tag)
    if _takes_gzip(request):
        response = HttpResponse(data, content_type=TYPE, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(data), content_type=TYPE)
    return _cached(response, found, tag)


def _find(request: HttpRequest, slug: str, sha256: str) -> LayerVersion | HttpResponse:
    """The version if the caller may see its layer, otherwise the answer to give."""
    rights = _rights(request)
    if rights is None:
        refusals.count(request.META.get("REMOTE_ADDR", ""), "tiles without a valid sign-in")
        return _refusal(HTTPStatus.UNAUTHORIZED)
    version = (
        LayerVersion.objects.select_related("layer")
        .filter(layer__slug=slug, sha256=sha256, layer__retired_at__isnull=True)
        .exclude(max_zoom=None)
        .first()
    )
    if version is None:
        return _refusal(HTTPStatus.NOT_FOUND)
    if not layers.with_rights(rights)(version.layer):
        address = request.META.get("REMOTE_ADDR", "")
        access.resolver().denied(request.user, address, f"tiles of layer {slug}")
        return _refusal(HTTPStatus.NOT_FOUND)
    return version


def _rights(request: HttpRequest) -> access.Rights | None:
    """Rights of the session's user, or of the credential that the headers carry."""
    resolver = access.resolver()
    if request.user.is_authenticated:
        return resolver.user_rights(request.user)
    headers = [
        (k.lower().encode(), v.encode("latin1", "replace")) for k, v in request.headers.items()
    ]
    credential = resolver.credential({"headers": headers})
    return resolver.rights([credential]).get(credential) if credential else None


def _takes_gzip(request: HttpRequest) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _matches(header: str, tag: str) -> bool:
    plain = tag.removeprefix("W/")
    given = {value.strip().removeprefix("W/") for value in header.split(",")}
    return "*" in given or plain in given


def _cached(response: HttpResponse, version: LayerVersion, tag: str) -> HttpResponse:
    open_to_all = not version.layer.audience
    response["ETag"] = tag
    response["Cache-Control"] = (
        f"private, max-age={YEAR}, immutable" if open_to_all else "private, no-cache"
    )
    patch_vary_headers(response, ["Accept-Encoding", "Cookie", "Authorization"])
    return response


def _refusal(status: HTTPStatus) -> HttpResponse:
    texts = {
        HTTPStatus.UNAUTHORIZED: ("not_signed_in", _("Sign in first.")),
        HTTPStatus.NOT_FOUND: ("not_found", _("Not found.")),
    }
    code, message = texts[status]
    body = {"code": code, "message": message, "fields": {}}
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
