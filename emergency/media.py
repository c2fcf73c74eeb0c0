"""What an uploaded file really is, decided by its content; pictures are encoded anew.

Owns: the kinds that are taken in and their limits. Promises: what comes out of `accept` was
written by us (pictures: new pixels, no metadata, no trailing bytes) or is a whole PDF without
script; everything else raises Invalid or TooLarge with a clear message. Must not know: incidents,
where files are kept.
"""

import io
import unicodedata
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from realtime.problems import Invalid, TooLarge

LIMIT = 10 * 1024 * 1024  # bytes of one file
PIXELS = 50_000_000
SIDE = 3000  # pixels of the longer side that is kept
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
ACTIVE = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


@dataclass(frozen=True)
class Accepted:
    """Content as it will be kept."""

    content: bytes
    media_type: str
    suffix: str


def accept(content: bytes) -> Accepted:
    """The content to keep. Raises TooLarge, Invalid."""
    if len(content) > LIMIT:
        raise TooLarge(_("A file may have at most %(size)s MB.") % {"size": LIMIT // 1024**2})
    if content[:5] == b"%PDF-":
        return _pdf(content)
    return _picture(content)


def display_name(name: str, suffix: str) -> str:
    """The name that is shown and offered for saving; the file is never stored under it."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return f"{stem[:120] or 'file'}.{suffix}"


def _pdf(content: bytes) -> Accepted:
    if b"%%EOF" not in content[-1024:]:
        raise _bad(_("The PDF is cut off."))
    if any(word in content for word in ACTIVE):
        raise _bad(_("The PDF carries a script or another file. Print it to a new PDF first."))
    return Accepted(content, "application/pdf", "pdf")


def _picture(content: bytes) -> Accepted:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > PIXELS:
                    raise _bad(_("The picture has too many pixels."))
                image.draft("RGB", (SIDE, SIDE))
                image.load()
                return _encoded(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        raise _bad(_("Only pictures (JPEG, PNG, WebP, GIF) and PDF are taken.")) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _bad(_("The picture has too many pixels.")) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise _bad(_("The picture is damaged.")) from error


def _encoded(image: Image.Image) -> Accepted:
    image.thumbnail((SIDE, SIDE))
    transparent = "A" in image.getbands() or "transparency" in image.info
    pixels = image.convert("RGBA" if transparent else "RGB")
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    buffer = io.BytesIO()
    if transparent:
        clean.save(buffer, "PNG")
        return Accepted(buffer.getvalue(), "image/png", "png")
    clean.save(buffer, "JPEG", quality=88)
    return Accepted(buffer.getvalue(), "image/jpeg", "jpg")


def _bad(message: str) -> Invalid:
    return Invalid(message, fields={"file": message})
