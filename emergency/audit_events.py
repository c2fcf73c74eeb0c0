"""Event types for the audit: officers, sessions, tokens, passwords, and reads of the log itself.

Owns: their shapes and builders. Promises: names and phones of officers stand in the personal part;
`kind` is one of a few words that the audit page translates; no secret is in any of them. Must not
know: who may see it, how it is written; incidents (emergency/events.py).
"""

from typing import TypedDict

from realtime.registry import declare

from .models import Officer


class OfficerPersonal(TypedDict):
    """Who the officer is; never on the audit page."""

    name: str
    phone: str


class OfficerData(TypedDict):
    """An officer's rights."""

    username: str
    role: str
    organisation: str
    active: bool
    valid_until: str | None
    rev: int


class AccountData(TypedDict):
    """A session, token or password began, changed or ended; `count` says how many at once."""

    username: str
    address: str
    kind: str
    label: str
    count: int


class ExportData(TypedDict):
    """Rows of the log left as a file: by which filter, how many, from where to where."""

    filters: dict[str, str]
    rows: int
    newest: int | None
    oldest: int | None


class VerifiedData(TypedDict):
    """The log was checked row by row; `bad` is the first row that is not as it was written."""

    rows: int
    chain: str
    bad: int | None
    reason: str


OFFICER_CHANGED = declare(
    "officer.changed",
    version=1,
    topic="audit",
    data=OfficerData,
    personal=OfficerPersonal,
    rights=True,
)
SIGNED_IN = declare("session.started", version=1, topic="audit", data=AccountData)
SIGNED_OUT = declare("session.ended", version=1, topic="audit", data=AccountData, rights=True)
TOKEN_CHANGED = declare("token.changed", version=1, topic="audit", data=AccountData, rights=True)
PASSWORD_CHANGED = declare(
    "password.changed", version=1, topic="audit", data=AccountData, rights=True
)
LOG_EXPORTED = declare("log.exported", version=1, topic="audit", data=ExportData)
LOG_VERIFIED = declare("log.verified", version=1, topic="audit", data=VerifiedData)


def officer_data(officer: Officer) -> OfficerData:
    """An officer's rights."""
    return {
        "username": officer.username,
        "role": officer.role,
        "organisation": officer.organisation_id,
        "active": officer.is_active,
        "valid_until": officer.valid_until.isoformat() if officer.valid_until else None,
        "rev": officer.rev,
    }


def officer_personal(officer: Officer) -> OfficerPersonal:
    """Who the officer is."""
    return {"name": officer.name, "phone": officer.phone}
