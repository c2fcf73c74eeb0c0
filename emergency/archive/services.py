"""An archive package, made and sealed.

Owns: its making and its record. Promises: every file stands in the list of hashes and the list is
signed by the node; that a package left is in the log, with its hash; it is made of a closed
incident of this node alone, by who may archive one. Must not know: HTTP, what is in it.
"""

import hashlib
import json
import tempfile
import zipfile
from datetime import UTC, datetime
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from realtime import keys, log
from realtime.models import LogHead, NodeKey

from ..documents.selectors import documents_about
from ..errors import WrongState
from ..models import Incident, Officer
from ..permissions import require, require_home
from ..selectors import actor_text
from ..states import OPEN
from . import contents, events

SEAL = b"belltower archive\n"  # before what is signed, so that it is no other signature


def pack_incident(*, actor: Officer, incident: Incident) -> IO[bytes]:
    """The package as an open file. Raises WrongState for an incident that is still open,
    NotHomeNode, NotAllowed, NotFound."""
    require(actor, "incident.archive", incident)
    require_home(incident)
    if incident.state in OPEN:
        raise WrongState
    signer = keys.signer()
    keys.remember(signer)
    with transaction.atomic():
        log.lock()  # all of it is of one moment
        incident = Incident.objects.get(pk=incident.pk)
        told = contents.record(actor, incident, documents_about(actor, incident))
    file = tempfile.TemporaryFile(dir=_folder())
    sums = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.files(incident, told):
            package.writestr(name, content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        listed = "".join(sums).encode()
        package.writestr("SHA256SUMS", listed)
        package.writestr("SHA256SUMS.sig", _seal(signer, listed, incident))
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = file.tell()
    with transaction.atomic():
        log.append(
            events.INCIDENT_PACKED,
            subject=f"package/{incident.pk}",
            actor=actor_text(actor),
            realm=incident.realm,
            rev=1,
            public={
                "incident": str(incident.pk),
                "number": incident.number,
                "files": len(sums),
                "rows": len(told.rows),
                "sha256": digest,
                "size": size,
            },
        )
    file.seek(0)
    return file


def _folder() -> str:
    """Where it is made: on the node's own disk, for its owner alone."""
    folder = settings.FILES_DIR
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return str(folder)


def _seal(signer: keys.Signer, listed: bytes, incident: Incident) -> bytes:
    head, key = LogHead.objects.get(id=1), NodeKey.objects.get(id=signer.id)
    said: dict[str, Any] = {
        "node": settings.NODE_ID,
        "key": signer.id,
        "algorithm": key.algorithm,
        "public": bytes(key.public).hex(),
        "incident": incident.number,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "log": {"position": head.position, "chain": bytes(head.chain).hex()},
        "list": hashlib.sha256(listed).hexdigest(),
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return json.dumps({"seal": text, "signature": signer.sign(SEAL + text.encode()).hex()}).encode()
