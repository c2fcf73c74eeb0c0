"""Which nodes are or were the home of incidents.

Owns: that query. Promises: by the log alone; what another node wrote about an incident makes it no
home. Must not know: what a home may write.
"""

import uuid
from collections.abc import Collection

from realtime.models import Envelope

from .models import Incident


def homes(found: Collection[Incident]) -> set[tuple[uuid.UUID, str]]:
    """These incidents, each with every node that is or was its home."""
    subjects = {f"incident/{one.pk}": one.pk for one in found}
    rows = Envelope.objects.filter(subject__in=subjects, parked=None)
    told = {(one.pk, one.home) for one in found}
    return told | {
        (subjects[subject], source)
        for subject, source in rows.values_list("subject", "source").distinct()
    }
