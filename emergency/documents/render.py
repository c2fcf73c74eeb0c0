"""A template and what it is to say, made into a document by a confined child.

Owns: what the child is handed, the words for its refusals. Promises: a template is foreign, also
one that the office made, and is never opened in a web process; a refusal names the tag. Must not
know: which kinds there are, where files lie.
"""

import json
from typing import Any

from django.utils.translation import gettext as _

from gis.importer.small import in_child
from realtime.problems import Invalid, TooLarge

LIMIT = 5 * 1024 * 1024  # bytes of a template
SECONDS = 40
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def filled(
    template: bytes, said: dict[str, Any], *, author: str, mark: str = "", picture: bytes = b""
) -> bytes:
    """The document; `mark` stands in the head of every page. Raises TooLarge, Invalid."""
    if len(template) > LIMIT:
        raise TooLarge(_("A file may have at most %(size)s MB.") % {"size": LIMIT // 1024**2})
    asked = {"said": said, "mark": mark, "author": author, "picture": len(picture)}
    content = json.dumps(asked).encode() + b"\n" + picture + template
    about, made = in_child("emergency.documents.child", content, seconds=SECONDS)
    if code := about.get("code"):
        raise _refused(code, about.get("detail", ""))
    return made


def _refused(code: str, detail: str) -> Invalid:
    texts = {
        "unknown": _("This is no document (.docx)."),
        "too_large": _("The document is too large."),
        "active": _("The document holds what runs, or loads something, by itself: %(detail)s"),
        "tag": _("There is no such tag: %(detail)s"),
        "syntax": _("A tag is broken: %(detail)s"),
        "forbidden": _("A tag asks for what no template may have: %(detail)s"),
        "fails": _("A tag cannot be filled in: %(detail)s"),
        "damaged": _("The document is damaged, or takes too long to fill in."),
        "not_confined": _("This node cannot read files safely. Tell the system administrator."),
    }
    text = texts.get(code, texts["damaged"])
    message = text % {"detail": detail} if "%(" in text else text
    return Invalid(message, fields={"file": message})
