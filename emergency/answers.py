"""What the API of the duty desk answers with, for its description.

Owns: the shapes of answers, put together from the shapes of the events. Promises: a test compares
them with what is answered. Must not know: how anything is answered.
"""

from typing import Any

from typing_extensions import TypedDict

from realtime.link.sharing import ShareData

from .deadlines.events import MetData, ReminderData, StoppedData
from .directives.events import DirectiveData, TaskReminderData
from .events import AttachmentData, EntryData, IncidentData, LimitData, TieData
from .plans.events import ActivationData, EndData, StepData, TaskData
from .receipt_events import ReceiptData
from .reporting.answers import NextReport, WholeDraft
from .reporting.events import DraftData, IssuedData, ReportData, TakenData
from .request_events import AnswerData, RequestData
from .rounds.events import OrderData, RoundReminderData, RoundReportData
from .supplements.events import SupplementData


class Incident(IncidentData, total=False):
    """An incident; the personal part only for those who are cleared."""

    reporter: dict[str, str]
    site_contact: dict[str, str]


class Tie(TieData, total=False):
    """A tie; the survey of sensitive layers only for those who are cleared."""

    sensitive: dict[str, Any]


class Change(TypedDict):
    """A line of an incident's history: `changed` maps a field to before and after; a `proposal`
    was written by a former home and is not in force."""

    type: str
    time: str
    actor: str
    actor_name: str
    rev: int
    changed: dict[str, list[Any]]
    proposal: bool


class Written(Incident):
    """An incident with all that is written about it."""

    entries: list[EntryData]
    attachments: list[AttachmentData]
    ties: list[Tie]
    shares: list[ShareData]
    requests: list[RequestData]
    answers: list[AnswerData]
    receipts: list[ReceiptData]
    activations: list[ActivationData]
    ends: list[EndData]
    tasks: list[TaskData]
    task_steps: list[StepData]
    reports: list[ReportData | IssuedData]
    report_receipts: list[TakenData]
    deadline_steps: list[ReminderData | MetData | StoppedData]
    directives: list[DirectiveData]
    task_reminders: list[TaskReminderData]
    round_orders: list[OrderData]
    round_reports: list[RoundReportData]
    round_reminders: list[RoundReminderData]
    supplements: list[SupplementData]
    history: list[Change]


class IncidentDetail(Written):
    """The same here: `shown_here` are the organisations that this node alone shows it to, `homes`
    the nodes that are or were its home."""

    shown_here: list[str]
    homes: list[str]
    drafts: list[DraftData]


class IncidentDetailAt(IncidentDetail):
    """The same, with the place in the log from which events follow."""

    cursor: str


class Withheld(TypedDict):
    """What does not go to a node, how many of it, and why."""

    what: str
    why: str
    count: int


class Preview(Written):
    """An incident as `node` holds it (`held`) or would; `way` passes it on, if any."""

    node: str
    held: bool
    way: str
    withheld: list[Withheld]
    unread: int


class Proposal(TypedDict):
    """A node whose area the incident touches or lies near, and why; `area` marks what was laid
    over the areas."""

    node: str
    name: str
    reason: str
    distance_m: int
    radius_m: int
    area: str


class PlanLevel(TypedDict):
    """A level in the words of its plan."""

    code: str
    name: str
    when: str


class PlanTask(TypedDict):
    """A task from this level on; `minutes` after the activation it is due."""

    no: int
    level: str
    organisation: str
    text: str
    minutes: int
    acknowledge: bool


class PlanInForce(TypedDict):
    """A plan; classes by the beginning of their code, limits of the first report in minutes."""

    code: str
    version: int
    name: str
    number: str
    type_codes: list[str]
    levels: list[PlanLevel]
    tasks: list[PlanTask]
    phone_minutes: int | None
    written_minutes: int | None
    source: str
    verified: bool


class IncidentList(TypedDict):
    """The newest incidents, with the place in the log from which events follow and the number of
    older ones that are not listed."""

    cursor: str
    items: list[Incident]
    older: int


class Happened(TypedDict):
    """An event as the feed told it, with its incident as it is now (id, title, grade, home); a
    `proposal` is not in force."""

    cursor: str
    type: str
    time: str
    actor: str
    item: dict[str, Any]
    incident: dict[str, Any]
    proposal: bool


class RunningLimit(LimitData):
    """A limit of a report that runs, with its incident."""

    incident: str
    title: str


class Running(TypedDict):
    """Limits of reports that run, how many more there are, and how many of those are over."""

    items: list[RunningLimit]
    more: int
    late: int


class IncidentClass(TypedDict):
    """A node of the class tree."""

    code: str
    name: str
    name_en: str
    parent_id: str | None
    symbol: str
    words: list[str]
    verified: bool


class Organisation(TypedDict):
    """An organisation; does it see anything of the realm here, does it act in it at any node?"""

    code: str
    name: str
    name_en: str
    kind: str
    sees: bool
    acts: bool


class Me(TypedDict):
    """Who is signed in, and what the role may do."""

    username: str
    name: str
    role: str
    role_name: str
    organisation: str
    organisation_name: str
    organisation_kind: str
    everywhere: bool
    verbs: list[str]


ANSWERS: dict[str, tuple[tuple[int, ...], Any]] = {  # view: statuses, shape
    "incident_list": ((200,), IncidentList),
    "happened": ((200,), list[Happened]),
    "report": ((200, 201), IncidentDetail),
    "incident_detail": ((200,), IncidentDetailAt),
    "change": ((200,), IncidentDetail),
    "step": ((200,), IncidentDetail),
    "open_to": ((200,), IncidentDetail),
    "close_to": ((200,), IncidentDetail),
    "write_entry": ((201,), EntryData),
    "correct_entry": ((201,), EntryData),
    "strike_entry": ((200,), EntryData),
    "add_attachment": ((201,), AttachmentData),
    "preview": ((200,), Preview),
    "proposals": ((200,), list[Proposal]),
    "decline": ((200,), list[Proposal]),
    "share": ((201,), IncidentDetail),
    "unshare": ((200,), IncidentDetail),
    "hand_over": ((200,), IncidentDetail),
    "take_over": ((200,), IncidentDetail),
    "give_receipt": ((201,), ReceiptData),
    "ask": ((201,), RequestData),
    "answer": ((201,), AnswerData),
    "plans": ((200,), list[PlanInForce]),
    "activate": ((201,), IncidentDetail),
    "end_response": ((201,), IncidentDetail),
    "answer_task": ((201,), StepData),
    "first_report": ((201,), IncidentDetail),
    "next_report": ((200,), NextReport),
    "arrived": ((200,), dict[str, list[str]]),
    "submit": ((201,), WholeDraft),
    "draft": ((200,), WholeDraft),
    "sign": ((201,), IncidentDetail),
    "send_back": ((200,), WholeDraft),
    "withdraw": ((200,), WholeDraft),
    "take": ((201,), TakenData),
    "deadlines": ((200,), Running),
    "types": ((200,), list[IncidentClass]),
    "organisations": ((200,), list[Organisation]),
    "me": ((200,), Me),
}
