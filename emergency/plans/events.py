"""Event types of activations, tasks and their steps.

Owns: their shapes and builders. Promises: as `emergency/events.py`; what another node reads needs
no plan of its own to be understood. Must not know: who may write.
"""

from typing import Any

from realtime.registry import declare

from ..models import Activation, Incident, ResponseEnd, Task, TaskStep, Written
from ..written import About, Shape


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
    """A step of a task: acknowledged, feedback, done, returned."""

    task: str
    kind: str
    text: str
    organisation: str


PLAN_ACTIVATED = declare("plan.activated", version=1, topic="incidents", data=ActivationData)
RESPONSE_ENDED = declare("plan.ended", version=1, topic="incidents", data=EndData)
TASK_ISSUED = declare("task.issued", version=1, topic="incidents", data=TaskData)
TASK_ACKNOWLEDGED = declare("task.acknowledged", version=1, topic="incidents", data=StepData)
TASK_FEEDBACK = declare("task.feedback", version=1, topic="incidents", data=StepData)
TASK_DONE = declare("task.done", version=1, topic="incidents", data=StepData)
TASK_RETURNED = declare("task.returned", version=1, topic="incidents", data=StepData)
OF_STEP = {
    TaskStep.Kind.ACKNOWLEDGED: TASK_ACKNOWLEDGED,
    TaskStep.Kind.FEEDBACK: TASK_FEEDBACK,
    TaskStep.Kind.DONE: TASK_DONE,
    TaskStep.Kind.RETURNED: TASK_RETURNED,
}
SHAPES = {
    shape.model: shape
    for shape in (
        Shape(
            Activation,
            "activation",
            "plan plan_name plan_version level level_name matter measures".split(),
            times=["until"],
        ),
        Shape(ResponseEnd, "end", "plan plan_name level_name activations text".split()),
        Shape(
            Task,
            "task",
            "plan no organisation organisation_name node text acknowledge".split(),
            ids=["activation"],
            times=["due_at"],
        ),
        Shape(TaskStep, "step", "kind text organisation".split(), ids=["task"]),
    )
}


def data(row: Written) -> dict[str, Any]:
    """A row in the shape of its kind."""
    return SHAPES[type(row)].data(row)


def parts(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """What is written about an incident here: activations, ends, tasks, their steps."""
    return {
        "activations": [data(row) for row in incident.activations.all()],
        "ends": [data(row) for row in incident.responseends.all()],
        "tasks": [data(row) for row in incident.tasks.all()],
        "task_steps": [data(row) for row in incident.tasksteps.all()],
    }
