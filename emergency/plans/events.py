"""Event types of activations, tasks, their steps and first reports.

Owns: their shapes and builders. Promises: as `emergency/events.py`; what another node reads needs
no plan of its own to be understood. Must not know: who may write.
"""

from typing import Any

from typing_extensions import TypedDict

from realtime.registry import declare

from ..events import moment
from ..models import Activation, FirstReport, Incident, ResponseEnd, Task, TaskStep


class About(TypedDict):
    """What everything that is written once about an incident has."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    author: str
    author_name: str
    recorded_at: str


class ActivationData(About):
    """A plan in force on an incident; `until` is when it is expected to end."""

    plan: str
    plan_name: str
    plan_version: int
    level: str
    level_name: str
    matter: str
    until: str
    measures: str


class EndData(About):
    """The end of a response; `activations` are those that it ends."""

    plan: str
    plan_name: str
    level_name: str
    activations: list[str]
    text: str


class TaskData(About):
    """A task; `node` is the node that its organisation runs, empty where it runs none."""

    activation: str
    plan: str
    no: int
    organisation: str
    organisation_name: str
    node: str
    text: str
    acknowledge: bool
    due_at: str


class StepData(About):
    """A step of a task: acknowledged, feedback, done."""

    task: str
    kind: str
    text: str
    organisation: str


class ReportData(About):
    """A first report; `filled` and `lacking` are names of elements."""

    kind: str
    recipient: str
    text: str
    reported_at: str
    filled: list[str]
    lacking: list[str]


PLAN_ACTIVATED = declare("plan.activated", version=1, topic="incidents", data=ActivationData)
RESPONSE_ENDED = declare("plan.ended", version=1, topic="incidents", data=EndData)
TASK_ISSUED = declare("task.issued", version=1, topic="incidents", data=TaskData)
TASK_ACKNOWLEDGED = declare("task.acknowledged", version=1, topic="incidents", data=StepData)
TASK_FEEDBACK = declare("task.feedback", version=1, topic="incidents", data=StepData)
TASK_DONE = declare("task.done", version=1, topic="incidents", data=StepData)
FIRST_REPORT_MADE = declare("report.made", version=1, topic="incidents", data=ReportData)
OF_STEP = {
    TaskStep.Kind.ACKNOWLEDGED: TASK_ACKNOWLEDGED,
    TaskStep.Kind.FEEDBACK: TASK_FEEDBACK,
    TaskStep.Kind.DONE: TASK_DONE,
}
PLAIN = {  # columns that are told as they are
    Activation: "plan plan_name plan_version level level_name matter measures".split(),
    ResponseEnd: "plan plan_name level_name activations text".split(),
    Task: "plan no organisation organisation_name node text acknowledge".split(),
    TaskStep: "kind text organisation".split(),
    FirstReport: "kind recipient text filled lacking".split(),
}
IDS = {Activation: [], ResponseEnd: [], Task: ["activation"], TaskStep: ["task"], FirstReport: []}
TIMES = {
    Activation: ["until"],
    ResponseEnd: [],
    Task: ["due_at"],
    TaskStep: [],
    FirstReport: ["reported_at"],
}
SUBJECTS = {
    Activation: "activation",
    ResponseEnd: "end",
    Task: "task",
    TaskStep: "step",
    FirstReport: "report",
}
Row = Activation | ResponseEnd | Task | TaskStep | FirstReport


def data(row: Row) -> dict[str, Any]:
    """A row in the shape of its kind."""
    kind = type(row)
    return {
        **{name: getattr(row, name) for name in ("home", "realm", "author", "author_name")},
        **{name: getattr(row, name) for name in PLAIN[kind]},
        **{name: str(getattr(row, name)) for name in IDS[kind]},
        **{name: moment(getattr(row, name)) for name in (*TIMES[kind], "recorded_at")},
        "id": str(row.pk),
        "incident": str(row.incident_id),
        "rev": 1,
    }


def parts(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """What is written about an incident here: activations, ends, tasks, their steps, reports."""
    return {
        "activations": [data(row) for row in incident.activations.all()],
        "ends": [data(row) for row in incident.responseends.all()],
        "tasks": [data(row) for row in incident.tasks.all()],
        "task_steps": [data(row) for row in incident.tasksteps.all()],
        "reports": [data(row) for row in incident.firstreports.all()],
    }
