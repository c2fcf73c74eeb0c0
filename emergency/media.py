"""Files that people hand in: read in a confined child, never in a web process.

Owns: the limit of size, the words for the child's refusals, the name that
is shown. Promises: what comes out of `accept` was written by us (pictures: new pixels) or is a
whole PDF without script; everything else raises Invalid or TooLarge with a clear message. Must not
know: incidents, where files are kept, what a picture is (emergency/mediachild.py).
"""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gis.importer.small import in_child
from realtime.problems import Invalid, TooLarge

LIMIT = 10 * 1024 * 1024  # bytes of one file
WALL_SECONDS = 40


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
    if not content:
        raise _refused("empty")
    about, kept = in_child("emergency.mediachild", content, seconds=WALL_SECONDS)
    if code := about.get("code"):
        raise _refused(code)
    return Accepted(kept, about["media_type"], about["suffix"])


def display_name(name: str, suffix: str) -> str:
    """The name that is shown and offered for saving; the file is never stored under it."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return f"{stem[:120] or 'file'}.{suffix}"


def _refused(code: str) -> Invalid:
    texts = {
        "empty": _("The file is empty."),
        "unknown": _("Only pictures (JPEG, PNG, WebP, GIF) and PDF are taken."),
        "pixels": _("The picture has too many pixels."),
        "damaged": _("The picture is damaged."),
        "cut_off": _("The PDF is cut off."),
        "active": _("The PDF carries a script or another file. Print it to a new PDF first."),
        "encrypted": _("The PDF is encrypted. Save it without a password first."),
        "not_confined": _("This node cannot read files safely. Tell the system administrator."),
    }
    message = texts.get(code, texts["damaged"])
    return Invalid(message, fields={"file": message})
