"""Envelopes that wait: incidents and what is written about them, as services leave them.

Owns: nothing. Promises: every row goes through its service, many in one transaction, because it is
not the writing that is measured; prints how many.
"""

import json
import sys

import django

django.setup()

from django.db import transaction  # noqa: E402

from emergency.models import Officer  # noqa: E402
from emergency.services.entries import write_entry  # noqa: E402
from emergency.services.incidents import report_incident  # noqa: E402
from emergency.services.sharing import share_incident  # noqa: E402

ENTRIES = 15  # to one report, as a city's events divide
CHUNK = 500
TEXT = "现场有白色烟雾，交警已到场，周边道路管制，请求消防和环保部门支援。"


def main(count: int, *nodes: str) -> None:
    """Write them; each incident is shared with these nodes."""
    actor = Officer.objects.select_related("organisation").get(username="duty")
    incident, made = None, 0
    while made < count:
        with transaction.atomic():
            for number in range(made, min(count, made + CHUNK)):
                if number % (ENTRIES + 1) == 0:
                    incident, _new = report_incident(
                        actor=actor, title=f"积压 {number}", type_code="12D02", summary=TEXT * 3
                    )
                    for node in nodes:
                        share_incident(actor=actor, incident=incident, node=node)
                else:
                    write_entry(actor=actor, incident=incident, text=TEXT)
        made = min(count, made + CHUNK)
    print(json.dumps(made))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
