"""What the audit page calls things: topics, types, fields, kinds, in the language of the page.

Owns: the words and how one public part becomes lines to read. Promises: a value or name it does
not know is shown as it is, never hidden. Must not know: which rows may be read
(emergency/selectors_audit.py).
"""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

from .link_words import reason_text
from .models import Role
from .refusal_words import refusal_text

TOPICS = {
    "audit": gettext_noop("Audit"),
    "documents": gettext_noop("Documents"),
    "duty": gettext_noop("Duty"),
    "incidents": gettext_noop("Incidents"),
    "layers": gettext_noop("Layers"),
    "nodes": gettext_noop("Nodes"),
    "rollcalls": gettext_noop("Roll calls"),
    "shares": gettext_noop("Shares"),
}
TYPES = {
    "incident.handed_over": gettext_noop("Handed over"),
    "incident.taken_over": gettext_noop("Taken over"),
    "proposal.declined": gettext_noop("Proposal declined"),
    "receipt.opened": gettext_noop("Opened"),
    "receipt.acknowledged": gettext_noop("Acknowledged"),
    "request.made": gettext_noop("Request made"),
    "request.answered": gettext_noop("Request answered"),
    "share.erased": gettext_noop("Erased after a share ended"),
    "officer.changed": gettext_noop("Officer changed"),
    "session.started": gettext_noop("Signed in"),
    "session.ended": gettext_noop("Session ended"),
    "token.changed": gettext_noop("API token changed"),
    "password.changed": gettext_noop("Password changed"),
    "signin.changed": gettext_noop("Way to sign in changed"),
    "factor.asked": gettext_noop("Second factor asked by role"),
    "refusals.counted": gettext_noop("Refused"),
    "log.exported": gettext_noop("Log exported"),
    "log.verified": gettext_noop("Log verified"),
    "document.issued": gettext_noop("Document issued"),
    "incident.packed": gettext_noop("Archive package of an incident made"),
    "template.set": gettext_noop("Template of documents set"),
    "epoch.renewed": gettext_noop("New epoch of the log"),
    "table.changed": gettext_noop("Office value changed"),
    "incident.reported": gettext_noop("Incident reported"),
    "incident.changed": gettext_noop("Incident changed"),
    "incident.advanced": gettext_noop("Incident advanced"),
    "incident.opened_to": gettext_noop("Incident opened to an organisation"),
    "incident.closed_to": gettext_noop("Incident closed to an organisation"),
    "showing.begun": gettext_noop("Incident of another node shown to an organisation"),
    "showing.ended": gettext_noop("Incident of another node no longer shown"),
    "entry.written": gettext_noop("Entry written"),
    "entry.corrected": gettext_noop("Entry corrected"),
    "entry.struck": gettext_noop("Entry struck"),
    "attachment.added": gettext_noop("Attachment added"),
    "tie.made": gettext_noop("Surroundings surveyed"),
    "plan.activated": gettext_noop("Plan activated"),
    "plan.ended": gettext_noop("Response ended"),
    "task.issued": gettext_noop("Task issued"),
    "task.acknowledged": gettext_noop("Task acknowledged"),
    "task.feedback": gettext_noop("Feedback to a task"),
    "task.done": gettext_noop("Task done"),
    "report.made": gettext_noop("First report made"),
    "report.issued": gettext_noop("Report issued"),
    "report.taken": gettext_noop("Report taken"),
    "draft.submitted": gettext_noop("Report submitted for signature"),
    "draft.closed": gettext_noop("Report signed, returned or withdrawn"),
    "task.returned": gettext_noop("Feedback returned"),
    "task.reminded": gettext_noop("Reminded of a directive"),
    "directive.recorded": gettext_noop("Directive recorded"),
    "deadline.reminded": gettext_noop("Reminded of a report"),
    "deadline.met": gettext_noop("Report made, its limit ends"),
    "deadline.stopped": gettext_noop("Limit of a report ends without it"),
    "round.ordered": gettext_noop("Rounds of reports ordered"),
    "round.reported": gettext_noop("Reported in a round"),
    "round.reminded": gettext_noop("Missing in a round of reports"),
    "supplement.reminded": gettext_noop("Casualties not reported yet"),
    "duty.logged": gettext_noop("Duty entry written"),
    "handover.signed": gettext_noop("Shift handed over"),
    "handover.taken": gettext_noop("Shift taken over"),
    "rollcall.called": gettext_noop("Roll called"),
    "rollcall.answered": gettext_noop("Roll call answered"),
    "rollcall.closed": gettext_noop("Roll call closed"),
    "roster.opened": gettext_noop("Roster begun"),
    "shift.kept": gettext_noop("Shift kept"),
    "swap.changed": gettext_noop("Swap of a shift"),
    "layer.published": gettext_noop("Layer published"),
    "share.granted": gettext_noop("Shared with a node"),
    "share.ended": gettext_noop("Withdrawn from a node"),
    "node.introduced": gettext_noop("Node introduced"),
    "fork.found": gettext_noop("Two versions of one revision"),
    "key.rotated": gettext_noop("Key of a node changed"),
    "peer.changed": gettext_noop("Pairing changed"),
}
FIELDS = {
    "username": gettext_noop("Officer"),
    "role": gettext_noop("Role"),
    "organisation": gettext_noop("Organisation"),
    "active": gettext_noop("Active"),
    "valid_until": gettext_noop("Appointed until"),
    "rev": gettext_noop("Revision"),
    "address": gettext_noop("Address"),
    "kind": gettext_noop("How"),
    "label": gettext_noop("Label"),
    "count": gettext_noop("Count"),
    "asked": gettext_noop("Second factor asked of"),
    "asked_before": gettext_noop("Before that of"),
    "who": gettext_noop("Who"),
    "what": gettext_noop("What"),
    "first_at": gettext_noop("First at"),
    "last_at": gettext_noop("Last at"),
    "filters": gettext_noop("Filter"),
    "rows": gettext_noop("Rows"),
    "newest": gettext_noop("Newest row"),
    "oldest": gettext_noop("Oldest row"),
    "bad": gettext_noop("First bad row"),
    "reason": gettext_noop("Reason"),
    "chain": gettext_noop("Chain"),
    "table": gettext_noop("Table"),
    "key": gettext_noop("Row"),
    "name": gettext_noop("Called"),
    "name_en": gettext_noop("English name"),
    "in_use": gettext_noop("Offered"),
    "order": gettext_noop("Place in the list"),
    "words": gettext_noop("Words"),
    "needed": gettext_noop("Asked for"),
    "weight": gettext_noop("Weight"),
    "minutes": gettext_noop("Minutes"),
    "roles": gettext_noop("Who is reminded"),
    "source": gettext_noop("Where it comes from"),
    "verified": gettext_noop("checked"),
    "radius_m": gettext_noop("Radius in metres"),
    "west": gettext_noop("West"),
    "south": gettext_noop("South"),
    "east": gettext_noop("East"),
    "north": gettext_noop("North"),
    "topic": gettext_noop("Topic"),
    "type": gettext_noop("Type"),
    "actor": gettext_noop("Who"),
    "subject": gettext_noop("About what"),
    "since": gettext_noop("From"),
    "until": gettext_noop("To"),
    "epoch": gettext_noop("Epoch"),
    "position": gettext_noop("Position"),
    "marker": gettext_noop("Marker"),
    "node": gettext_noop("Node"),
    "upper": gettext_noop("It is above this node"),
    "cleared": gettext_noop("Personal details go there"),
    "type_prefix": gettext_noop("Classes"),
    "number": gettext_noop("Number of the document"),
    "type_codes": gettext_noop("Classes"),
    "phone_minutes": gettext_noop("First report by phone, minutes after receipt"),
    "written_minutes": gettext_noop("First report in writing, minutes after receipt"),
    "days": gettext_noop("Days after the accident"),
    "distance_m": gettext_noop("Metres apart"),
    "least_1": gettext_noop("Grade Ⅰ from"),
    "least_2": gettext_noop("Grade Ⅱ from"),
    "least_3": gettext_noop("Grade Ⅲ from"),
    "least_4": gettext_noop("Grade Ⅳ from"),
    "level": gettext_noop("Level"),
    "task": gettext_noop("Task"),
    "least_grade": gettext_noop("Grade and graver"),
}
VALUES = {
    ("kind", "password"): gettext_noop("by password"),
    ("kind", "code"): gettext_noop("by password and code"),
    ("kind", "recovery"): gettext_noop("by password and recovery code"),
    ("kind", "unified"): gettext_noop("by unified identity"),
    ("kind", "bound"): gettext_noop("unified identity bound"),
    ("kind", "let_go"): gettext_noop("unified identity let go by an administrator"),
    ("kind", "set_up"): gettext_noop("set up"),
    ("kind", "codes"): gettext_noop("other recovery codes"),
    ("kind", "removed"): gettext_noop("removed by the officer"),
    ("kind", "signed_out"): gettext_noop("signed out"),
    ("kind", "one"): gettext_noop("one session, ended by the officer"),
    ("kind", "all"): gettext_noop("every session, ended by the officer"),
    ("kind", "by_administrator"): gettext_noop("all, ended by an administrator"),
    ("kind", "issued"): gettext_noop("issued"),
    ("kind", "revoked"): gettext_noop("revoked"),
    ("kind", "reset"): gettext_noop("reset by an administrator"),
    ("kind", "changed"): gettext_noop("changed by the officer"),
    ("table", "incident_types"): gettext_noop("Incident classes"),
    ("table", "survey_rings"): gettext_noop("Survey rings"),
    ("table", "extents"): gettext_noop("Extents"),
    ("table", "sharing_rules"): gettext_noop("Sharing rules"),
    ("table", "report_elements"): gettext_noop("Elements of a report"),
    ("table", "limits"): gettext_noop("Limits of reports"),
    ("table", "reminders"): gettext_noop("Reminders"),
    ("table", "supplements"): gettext_noop("Supplements"),
    ("table", "grades"): gettext_noop("Grades"),
    ("table", "alike"): gettext_noop("Reports of one incident"),
    ("table", "duty_channels"): gettext_noop("Channels of the duty log"),
    ("table", "duty_posts"): gettext_noop("Posts of a shift"),
    ("table", "plans"): gettext_noop("Plans"),
    ("what", "code issued"): gettext_noop("code issued"),
    ("what", "paired"): gettext_noop("paired"),
    ("what", "confirmed"): gettext_noop("confirmed"),
    ("what", "key changed"): gettext_noop("key changed"),
    ("what", "revoked"): gettext_noop("revoked"),
}
LEFT_OUT = {"rev", "before", "after"}  # the position says the order; changes are told as such
ORDER = {name: place for place, name in enumerate(FIELDS)}


def learn(
    *,
    topics: dict[str, str],
    types: dict[str, str],
    fields: dict[str, str],
    values: dict[tuple[str, str], str],
) -> None:
    """Take in the words of an app that stands on this one, at the start of the process."""
    for known, more in ((TOPICS, topics), (TYPES, types), (FIELDS, fields), (VALUES, values)):
        known.update(more)


def type_word(name: str) -> str:
    """What a type of event is called."""
    return gettext(TYPES[name]) if name in TYPES else name


def topic_word(name: str) -> str:
    """What a topic is called."""
    return gettext(TOPICS[name]) if name in TOPICS else name


def field_word(name: str) -> str:
    """What a field is called."""
    word, blank, which = name.partition(" ")
    return gettext(FIELDS[word]) + blank + which if word in FIELDS else name


def role_word(name: str) -> str:
    """What a role is called."""
    return str(Role(name).label) if name in Role.values else name


def lines(public: dict[str, Any]) -> list[tuple[str, str]]:
    """A public part as label and text; of a changed row only what changed."""
    told = {name: value for name, value in public.items() if _tells(name, value, public)}
    shown = [
        (field_word(name), value_text(name, told[name]))
        for name in sorted(told, key=lambda name: ORDER.get(name, len(ORDER)))
    ]
    if "after" in public:
        shown += _changes(public.get("before"), public["after"])
    return shown


def value_text(name: str, value: Any) -> str:
    """One value as text; "" of none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return "; ".join(f"{field_word(key)} {value_text(key, one)}" for key, one in value.items())
    if isinstance(value, list):
        return " ".join(role_word(one) if name[:5] == "asked" else str(one) for one in value)
    if name == "role":
        return role_word(value)
    if name == "type":
        return type_word(value)
    if name == "reason":
        return reason_text(str(value))
    if name == "topic":
        return topic_word(value)
    if name in ("valid_until", "first_at", "last_at", "since", "until"):
        return _moment(value)
    if name == "what" and (name, value) not in VALUES:
        return refusal_text(str(value))
    known = VALUES.get((name, value))
    return gettext(known) if known else str(value)


def _tells(name: str, value: Any, public: dict[str, Any]) -> bool:
    """Is there something to read in this field?"""
    if name in LEFT_OUT or value in ("", None, {}, []):
        return False
    if name == "last_at":
        return value != public.get("first_at")
    return not (name == "count" and value == 1)


def _changes(before: dict | None, after: dict | None) -> list[tuple[str, str]]:
    if before is None or after is None:
        word = gettext("Added") if before is None else gettext("Removed")
        return [(word, value_text("", after or before or {}))]
    return [
        (
            field_word(name),
            f"{value_text(name, before.get(name)) or '–'} → {value_text(name, value) or '–'}",
        )
        for name, value in after.items()
        if before.get(name) != value
    ]


def _moment(value: Any) -> str:
    try:
        return date_format(localtime(datetime.fromisoformat(value)), "Y-m-d H:i:s")
    except (TypeError, ValueError):
        return str(value)
