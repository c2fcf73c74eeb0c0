"""Attachments: what a file is, is decided by its content; it is kept and offered, never shown."""

import hashlib
import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from emergency import media, mediachild
from emergency.models import Attachment
from realtime.blobs import path_of
from realtime.models import Envelope
from tests import factories
from tests.emergency import pictures
from tests.emergency.desk import Api

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def bomb(side: int) -> bytes:
    """A PNG that says it is very large and holds little."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(10_000_000), 9)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def located() -> bytes:
    """A JPEG with a place, a maker and a turn in its EXIF, and a note after its end."""
    image = Image.open(pictures.jpeg((40, 20), open=True))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (34.0, 15.0, 40.0)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, comment=b"SecretNote")
    return buffer.getvalue() + b"<script>trailing</script>"


REFUSED = {
    "empty": b"",
    "svg": SVG,
    "html as jpg": HTML,
    "zip": b"PK\x03\x04" + bytes(100),
    "executable": b"\x7fELF" + bytes(100),
    "eicar": EICAR,
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(100),
    "mp4": b"\x00\x00\x00\x18ftypmp42" + bytes(100),
    "tiff": b"II*\x00" + bytes(100),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "only a magic number": b"\xff\xd8\xff\xe0",
    "cut off jpeg": pictures.jpeg((400, 300))[:3000],
    "cut off png": pictures.png((400, 300))[:3000],
    "pixel bomb": bomb(65_000),
    "smaller bomb": bomb(8000),
    "cut off pdf": pictures.pdf()[:-8],
    "pdf with script": pictures.pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
    "pdf with hidden script": pictures.pdf(b"/OpenAction<</S/J#61vaScript/J#53(app.alert(1))>>"),
    "pdf with packed script": pictures.packed(b"0 <</S/JavaScript/JS(app.alert(1))>>"),
    "pdf that launches": pictures.pdf(b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "pdf with a file": pictures.pdf(b"/Names<</EmbeddedFiles 9 0 R>>"),
    "encrypted pdf": pictures.pdf(b"/Encrypt 9 0 R"),
}


@pytest.fixture
def api(duty) -> Api:
    """The duty officer's program."""
    return Api(duty)


@pytest.fixture
def incident(duty) -> str:
    """An incident's id."""
    return str(factories.incident(duty).pk)


def files() -> list[Path]:
    """Everything that is kept."""
    return [path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", REFUSED)
def test_a_bad_file_is_refused_with_words_and_nothing_is_kept(api, incident, kind):
    answer = api.attach(incident, REFUSED[kind])
    assert answer.status_code == 422, answer.content
    assert answer.json()["fields"]["file"]
    assert Attachment.objects.count() == 0 and files() == []
    assert not Envelope.objects.filter(type="attachment.added").exists()


def test_a_picture_is_made_of_new_pixels_alone(api, incident):
    answer = api.attach(incident, located())
    assert answer.status_code == 201
    (path,) = files()
    kept = path.read_bytes()
    for secret in (b"SecretPhone", b"SecretNote", b"trailing", b"Exif", b"GPS"):
        assert secret not in kept
    image = Image.open(io.BytesIO(kept))
    assert image.size == (20, 40), "the turn is carried out"
    assert not image.getexif()


def test_a_picture_that_is_also_a_script_is_only_a_picture(api, incident):
    gif = io.BytesIO()
    Image.new("P", (9, 9)).save(gif, "GIF")
    polyglot = gif.getvalue().replace(b"GIF89a", b"GIF89a") + b"/*<script>*/=1;alert(1)//"
    told = api.attach(incident, polyglot, "a.gif").json()
    assert told["media_type"] in ("image/png", "image/jpeg")
    assert b"alert" not in files()[0].read_bytes()


def test_a_large_picture_is_made_smaller(api, incident):
    told = api.attach(incident, pictures.jpeg((4000, 1000))).json()
    assert max(Image.open(path_of(told["sha256"])).size) == mediachild.SIDE


def test_a_pdf_is_kept_as_it_is(api, incident):
    told = api.attach(incident, pictures.pdf(), "预案.pdf").json()
    assert (told["media_type"], told["name"]) == ("application/pdf", "预案.pdf")
    assert path_of(told["sha256"]).read_bytes() == pictures.pdf()


def test_a_packed_pdf_without_script_is_taken(api, incident):
    assert api.attach(incident, pictures.packed(b"0 <</Type/Font>>")).status_code == 201


def test_a_file_over_the_limit_is_refused(api, incident):
    answer = api.attach(incident, pictures.jpeg() + bytes(media.LIMIT))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert files() == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../etc/passwd", "passwd.jpg"), ("a.php.jpg", "a.php.jpg"),
     ("长" * 200, "长" * 120 + ".jpg"),
     ("a\nb\x1b[2J.jpg", "ab[2J.jpg"), ("\u202egpj.exe", "gpj.jpg"), ("CON", "CON.jpg"),
     ("x" * 255, "x" * 120 + ".jpg"), ("C:\\x\\y.png", "y.jpg"), ("...", "file.jpg")],
)  # fmt: skip
def test_a_name_is_for_showing_and_nothing_is_kept_under_it(name, shown):
    assert media.display_name(name, "jpg") == shown


def test_a_file_is_kept_under_its_hash_readable_by_the_node_alone(api, incident):
    told = api.attach(incident, pictures.jpeg(), "evil.php").json()
    (path,) = files()
    assert path.name == told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.parent.stat().st_mode & 0o077 == 0
    assert os.fspath(settings.BASE_DIR / "static") not in os.fspath(path)


def test_the_same_picture_twice_is_kept_once(api, incident):
    for _time in range(2):
        assert api.attach(incident, pictures.jpeg()).status_code == 201
    assert len(files()) == 1 and Attachment.objects.count() == 2


def test_the_number_of_attachments_is_bounded(api, incident, monkeypatch):
    monkeypatch.setattr("emergency.services.attachments.PER_INCIDENT", 1)
    assert api.attach(incident, pictures.jpeg()).status_code == 201
    assert api.attach(incident, pictures.jpeg()).status_code == 413


def test_a_file_is_offered_for_saving_and_never_shown_as_a_page(api, incident):
    told = api.attach(incident, pictures.jpeg(), '照"片\r\nX: y.jpg').json()
    answer = api.get(f"/attachments/{told['id']}")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer["Content-Disposition"] and "X" not in answer.headers
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == "image/jpeg"
    assert "private" in answer["Cache-Control"]
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == told["sha256"]


def test_a_file_of_another_district_is_not_there(api, incident):
    told = api.attach(incident, pictures.jpeg()).json()
    stranger = Api(factories.officer("district_officer", "610122"))
    assert stranger.get(f"/attachments/{told['id']}").status_code == 404


def test_a_file_that_is_missing_on_disk_is_told_as_missing(api, incident):
    told = api.attach(incident, pictures.jpeg()).json()
    path_of(told["sha256"]).unlink()
    assert api.get(f"/attachments/{told['id']}").status_code == 404


def test_an_upload_without_a_file_or_as_json_is_refused(api, incident):
    assert api.client.post(f"/api/incidents/{incident}/attachments").status_code == 422
    assert api.post(f"/incidents/{incident}/attachments", file="x").status_code == 422


def test_files_are_read_behind_walls_or_not_at_all(monkeypatch):
    seen = []
    run = subprocess.run

    def watched(command, **how):
        seen.append(command)
        return run(command, **how)

    monkeypatch.setattr("gis.importer.small.subprocess.run", watched)
    assert media.accept(pictures.jpeg()).media_type == "image/jpeg"
    assert "emergency.mediachild" in seen[-1]
    # without any wall the child answers that it cannot, instead of reading
    text = (
        "import gis.importer.confine as c; c._filter_calls = lambda: False\n"
        "import runpy; runpy.run_module('emergency.mediachild', run_name='__main__')"
    )
    command = [sys.executable, "-c", text]
    done = run(command, input=pictures.jpeg(), capture_output=True, cwd=settings.BASE_DIR)
    assert done.stdout.splitlines()[0] == b'{"code": "not_confined"}'
