"""Event types of documents and their templates.

Owns: their shapes and builders. Promises: what a document says is not in the log, its hash is; it
stays on this node and nobody is told of it live. Must not know: who may issue one.
"""

import hashlib
import json
from typing import Any, TypedDict

from realtime.registry import declare

from ..models import Document, DocumentTemplate


class DocumentData(TypedDict):
    """A document that was issued: its number, what it tells, the hash of its file."""

    id: str
    home: str
    rev: int
    kind: str
    organisation: str
    year: int
    number: int
    shown_number: str
    of: str
    incident: str | None
    template: str | None
    sha256: str
    size: int
    said: str  # hash of what it says, for the page


class TemplateData(TypedDict):
    """A template that the office put in force; none, without a version, for the one that comes
    with the platform."""

    kind: str
    version: int | None
    note: str
    sha256: str
    size: int


DOCUMENT_ISSUED = declare("document.issued", version=1, topic="documents", data=DocumentData)
TEMPLATE_SET = declare("template.set", version=1, topic="documents", data=TemplateData)
PLAIN = "home kind organisation year number shown_number of sha256 size".split()


def said_hash(one: Document) -> str:
    """SHA-256 of what a document says and to whom, in one form."""
    said = [one.said, one.title, one.recipients, one.copies, one.author, one.author_name]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def document_data(one: Document) -> dict[str, Any]:
    """A document without what it says."""
    return {name: getattr(one, name) for name in PLAIN} | {
        "id": str(one.pk),
        "rev": 1,
        "incident": str(one.incident) if one.incident else None,
        "template": str(one.template) if one.template else None,
        "said": said_hash(one),
    }


def template_data(kind: str, one: DocumentTemplate | None) -> dict[str, Any]:
    """What is in force for a kind from now on."""
    return {
        "kind": kind,
        "version": one.version if one else None,
        "note": one.note if one else "",
        "sha256": one.sha256 if one else "",
        "size": one.size if one else 0,
    }
