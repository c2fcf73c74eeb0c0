"""What the tests of the pages share: reading a page, and what a field may be fed.

Owns: no rules.
"""

import re
from html import unescape

from django.http import HttpResponse

from realtime.models import Envelope

HOSTILE = [
    "<svg onload=alert(1)>", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% now 'Y' %}", "' or 1=1--", "&lt;b&gt;", "</title><script>1</script>",
]  # fmt: skip
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1+1",
    "\t=1+1",
    "\r=1+1",
    " =1",
    "=cmd|' /C calc'!A0",
]


def text(answer: HttpResponse) -> str:
    """A page as a person reads it: no tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


def once(answer: HttpResponse) -> str:
    """The secret that stands on this answer."""
    return re.search(r'id="once">([^<]+)<', answer.content.decode())[1]


def everything_told() -> str:
    """Every byte of the log's parts and headers."""
    rows = Envelope.objects.order_by("position")
    parts = (part for row in rows for part in (row.header, row.public, row.personal) if part)
    return b"\n".join(bytes(part) for part in parts).decode()


def told(kind: str) -> list[Envelope]:
    """Rows of the log of this type, oldest first."""
    return list(Envelope.objects.filter(type=kind).order_by("position"))
