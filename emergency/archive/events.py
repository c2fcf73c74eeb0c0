"""The event type of an archive package.

Owns: its shape. Promises: that one left, and its hash, is in the log of this node. Must not know:
what is in it.
"""

from typing import TypedDict

from realtime.registry import declare


class PackageData(TypedDict):
    """A package that was made: of which incident, how much is in it, its hash."""

    incident: str
    number: str
    files: int
    rows: int
    sha256: str
    size: int


INCIDENT_PACKED = declare("incident.packed", version=1, topic="documents", data=PackageData)
