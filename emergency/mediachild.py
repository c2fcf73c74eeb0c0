"""The child: `python -m emergency.mediachild`, confined before it looks at the file on its stdin.

Owns: what a file really is, decided by its content. Promises: a picture comes out as new pixels
without metadata or trailing bytes, a PDF as it is and only without script, files and encryption;
stdout is one line of JSON (`{code}` or `{media_type, suffix}`) and then the content. Must not
know: Django, incidents, in which words a refusal is told (emergency/media.py).
"""

import io
import json
import re
import sys
import warnings
import zlib

from PIL import Image, ImageOps, UnidentifiedImageError

from gis.importer.confine import lock
from gis.importer.limits import MIB, Limits, Refused

LIMITS = Limits(memory_bytes=640 * MIB, cpu_seconds=30, wall_seconds=40)
PIXELS = 50_000_000
SIDE = 3000  # pixels of the longer side that is kept
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|OpenAction\s*<<[^>]*/S\s*/URI)\b"
)
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
OBJECTS = re.compile(rb"\s*\d+\s+\d+\s")  # how a stream of objects begins
UNPACKED = 64 * MIB  # bytes of a PDF's streams that are looked at
Taken = tuple[dict[str, str], bytes]


def main() -> None:
    content = sys.stdin.buffer.read()
    try:
        lock(LIMITS, in_namespace=sys.argv[1:] == ["in-namespace"])
        about, kept = _pdf(content) if content[:5] == b"%PDF-" else _picture(content)
    except Refused as refusal:
        about, kept = {"code": refusal.code}, b""
    except MemoryError:
        about, kept = {"code": "pixels"}, b""
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + kept)


def _pdf(content: bytes) -> Taken:
    if b"%%EOF" not in content[-1024:]:
        raise Refused("cut_off")
    budget = UNPACKED
    texts = [content]
    for packed in STREAM.finditer(content):  # names may hide in compressed object streams
        unpacker = zlib.decompressobj()
        try:
            text = unpacker.decompress(packed[1], budget)
        except zlib.error:
            continue
        budget -= len(text)
        if budget <= 0:
            raise Refused("active")
        if OBJECTS.match(text):
            texts.append(text)
    for text in texts:
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes.fromhex(code[1].decode()), text)
        if ACTIVE.search(plain):
            raise Refused("active")
        if b"/Encrypt" in plain:
            raise Refused("encrypted")
    return {"media_type": "application/pdf", "suffix": "pdf"}, content


def _picture(content: bytes) -> Taken:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > PIXELS:
                    raise Refused("pixels")
                image.draft("RGB", (SIDE, SIDE))
                image.load()
                return _encoded(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        raise Refused("unknown") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("pixels") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused("damaged") from error


def _encoded(image: Image.Image) -> Taken:
    image.thumbnail((SIDE, SIDE))
    transparent = "A" in image.getbands() or "transparency" in image.info
    pixels = image.convert("RGBA" if transparent else "RGB")
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    buffer = io.BytesIO()
    if transparent:
        clean.save(buffer, "PNG")
        return {"media_type": "image/png", "suffix": "png"}, buffer.getvalue()
    clean.save(buffer, "JPEG", quality=88)
    return {"media_type": "image/jpeg", "suffix": "jpg"}, buffer.getvalue()


if __name__ == "__main__":
    main()
