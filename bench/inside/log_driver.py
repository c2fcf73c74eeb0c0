"""Appends one update to the node's log for every line it reads: the durable road to the hub.

Owns: nothing. Promises: each line is a transaction of its own that ends in `realtime.log.append`
with the data of a timeline entry, committed to disk and announced over Redis, as another process
of the node would do it. Only the row of the entry itself is left out.
"""

import sys
import uuid
from datetime import UTC, datetime

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402

from emergency import events  # noqa: E402
from realtime import log  # noqa: E402


def entry(text: str) -> dict:
    """The data of a timeline entry with this text."""
    now = datetime.now(UTC).isoformat()
    return {
        "id": str(uuid.uuid4()),
        "incident": str(uuid.UUID(int=1)),
        "home": settings.NODE_ID,
        "realm": "real",
        "rev": 1,
        "text": text,
        "author": "duty@xian",
        "author_name": "duty",
        "occurred_at": now,
        "recorded_at": now,
        "corrects": None,
        "corrected_by": None,
        "struck": None,
    }


def main() -> None:
    """Until the input ends."""
    for line in sys.stdin:
        data = entry(line.strip())
        with transaction.atomic():
            log.append(
                events.ENTRY_WRITTEN,
                subject=f"entry/{data['id']}",
                about=f"incident/{data['incident']}",
                actor="duty@xian duty_officer",
                realm="real",
                rev=1,
                public=data,
            )


if __name__ == "__main__":
    main()
