"""What an archive package holds, file by file.

Owns: the names of its files and what stands in each. Promises: the log rows are the exact bytes
that were signed, with what is needed to check each without this node; tables are safe to open in a
spreadsheet; what this node does not hold is named, not left out in silence. Must not know: how the
package is sealed, who may have it.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from gis import sketch
from realtime.models import Envelope, NodeKey

from ..audit_words import type_word
from ..csvout import csv_text
from ..documents.selectors import content_of
from ..documents.sources import LANGUAGE
from ..models import Document, Incident, Officer, Task, TaskStep
from ..realms import REAL
from ..reporting.elements import LABELS
from ..selectors import detail

README = """\
事件归档材料包 / Archive package of an incident

incident.json      事件及其全部记录 / the incident with all that was written about it
log.jsonl          日志原文，每行一条已签名记录 / rows of the log, the exact signed bytes
keys.json          签名公钥 / public keys of the signatures
timeline.csv       时间线 / timeline
tasks.csv          任务与落实情况 / tasks and how far they came
documents/         印发的公文 / documents that were issued
attachments/       附件，以SHA-256命名 / attachments, named by their SHA-256
map.png            位置示意 / where it was
missing.txt        本节点没有的内容 / what this node does not hold
SHA256SUMS         各文件指纹 / hash of every file
SHA256SUMS.sig     节点对指纹表的签名 / the node's signature over that list

核验 / To check:
  sha256sum -c SHA256SUMS
  python check_archive.py FILE        (scripts/check_archive.py of the platform; needs no node)
"""
File = tuple[str, bytes]
WORDS = {  # lists of what is written about an incident
    "entries": "记录", "attachments": "附件", "requests": "请求", "receipts": "回执",
    "answers": "答复", "activations": "启动预案", "ends": "终止响应", "tasks": "任务",
    "task_steps": "任务进展", "reports": "报告", "report_receipts": "报告签收", "drafts": "送签",
    "directives": "批示", "round_reports": "定时报告", "ties": "周边",
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """What the database says, read in one transaction while nothing is written."""

    whole: dict[str, Any]  # the incident in full
    rows: list[Envelope]  # of the log, about it and about its documents
    keys: list[NodeKey]
    documents: list[Document]  # those that are in the package
    withheld: list[Document]  # of other organisations of this node: named, not in it
    tasks: str


def record(officer: Officer, incident: Incident, readable: list[Document]) -> Record:
    """Part of the caller's transaction, which holds the log."""
    known = {one.pk for one in readable}
    others = Document.objects.filter(incident=incident.pk).exclude(pk__in=known)
    about = f"incident/{incident.pk}"
    issued = [f"document/{pk}" for pk in (*known, *(one.pk for one in others))]
    wanted = Q(about=about) | Q(subject=about) | Q(subject__in=issued)
    rows = list(Envelope.objects.filter(wanted).order_by("position"))
    keys = NodeKey.objects.filter(id__in={one.key for one in rows}).order_by("id")
    with override(LANGUAGE):
        whole, tasks = detail(officer, incident), _tasks(incident)
    return Record(whole, rows, list(keys), readable, list(others), tasks)


def files(incident: Incident, told: Record) -> Iterator[File]:
    """Every file but the list of hashes and its seal."""
    missing = [f"{_name(one)} {one.sha256}" for one in told.withheld]
    yield "README.txt", README.encode()
    yield "incident.json", _json(told.whole)
    with override(LANGUAGE):
        yield "timeline.csv", _timeline(told.whole).encode()
    yield "tasks.csv", told.tasks.encode()
    yield "log.jsonl", b"".join(map(_row, told.rows))
    yield "keys.json", _json([_key(one) for one in told.keys])
    named = {_name(one): one.sha256 for one in told.documents}
    for row in told.rows:
        attached = orjson.loads(bytes(row.header))["blobs"]
        named |= {f"attachments/{one['sha256']}": one["sha256"] for one in attached}
    for name, sha256 in sorted(named.items()):
        content = content_of(sha256)
        if content is None:
            missing.append(f"{name} {sha256}")
        else:
            yield name, content
    if incident.lon is not None:
        place = {"name": incident.address, "lon": incident.lon, "lat": incident.lat}
        yield "map.png", sketch.picture([place], exercise=incident.realm != REAL)
    yield "missing.txt", "".join(f"{line}\n" for line in missing).encode()


def _name(one: Document) -> str:
    return f"documents/{one.shown_number.replace('/', '-')} {one.sha256[:12]}.docx"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode() + b"\n"


def _key(one: NodeKey) -> dict[str, str]:
    public = bytes(one.public).hex()
    return {"id": one.id, "node": one.node, "algorithm": one.algorithm, "public": public}


def _row(one: Envelope) -> bytes:
    """A row: what was signed, by which key, its parts with their salts, its place in the chain."""
    said = {
        "position": one.position,
        "header": _text(one.header),
        "signature": bytes(one.signature).hex(),
        "key": one.key,
        "chain": bytes(one.chain).hex(),
        "parts": {
            name: {"salt": bytes(salt).hex(), "body": _text(body)}
            for name, salt, body in (
                ("public", one.public_salt, one.public),
                ("personal", one.personal_salt, one.personal),
            )
            if body is not None
        },
    }
    return json.dumps(said).encode() + b"\n"


def _text(data: bytes) -> str:
    return base64.b64encode(bytes(data)).decode()


def _timeline(whole: dict[str, Any]) -> str:
    """Who wrote what, when: the history of the incident, and what was written about it."""
    lines = []
    for one in whole["history"]:
        changed = "、".join(str(LABELS.get(name, name)) for name in one["changed"])
        who = one["actor_name"] or one["actor"]
        lines.append((one["time"], who, type_word(one["type"]), changed))
    for name, kept in whole.items():
        for one in kept if isinstance(kept, list) else ():
            if isinstance(one, dict) and "recorded_at" in one and "author_name" in one:
                said = one.get("text") or one.get("name") or one.get("matter") or ""
                if struck := one.get("struck"):
                    said = f"（已划去：{struck['reason']}）{said}"
                lines.append((one["recorded_at"], one["author_name"], WORDS.get(name, name), said))
    lines.sort(key=lambda line: datetime.fromisoformat(line[0]))
    shown = [(_local(datetime.fromisoformat(at)), *rest) for at, *rest in lines]
    return csv_text(["时间", "记录人", "类型", "内容"], shown)


def _tasks(incident: Incident) -> str:
    rows = []
    for task in Task.objects.filter(incident=incident):
        steps = TaskStep.objects.filter(task=task.pk, incident=incident).order_by("recorded_at")
        told = "；".join(
            f"{_local(one.recorded_at)} {one.get_kind_display()} {one.text}".strip()
            for one in steps
        )
        rows.append((task.organisation_name, task.text, _local(task.due_at), told))
    return csv_text(["单位", "任务", "时限", "落实情况"], rows)


def _local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
