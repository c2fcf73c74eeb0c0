"""应急响应通知: a plan that was put in force, changed or ended, as a document.

Owns: what of it stands there. Promises: matter, level, expected end and measures as they were
decided (突发事件应对法 art. 72), with the tasks that were issued. Must not know: templates.
"""

from typing import Any

from ..models import Activation, Officer, ResponseEnd, Task
from .sources import LONGEST, Source, about, lines, own, when

EMPTY: dict[str, Any] = {"matter": "", "until": "", "measures": [], "reason": [], "tasks": []}


def response(officer: Officer, of: str) -> Source:
    """Of `activation/<id>` or `end/<id>`."""
    if of.startswith("end/"):
        return _ended(own(ResponseEnd, officer, of))
    return _begun(own(Activation, officer, of))


def _begun(found: Activation) -> Source:
    earlier = found.incident.activations.filter(plan=found.plan, recorded_at__lt=found.recorded_at)
    word = "调整" if earlier.exists() else "启动"
    tasks = Task.objects.filter(activation=found.pk, incident=found.incident).order_by("no")
    said = {
        "matter": found.matter,
        "until": when(found.until),
        "measures": lines(found.measures),
        "tasks": [
            {
                "no": str(one.no),
                "organisation": one.organisation_name,
                "text": one.text,
                "due": when(one.due_at),
            }
            for one in tasks
        ],
    }
    return _source(
        found, "activation", f"关于{word}{found.plan_name}{found.level_name}的通知", said
    )


def _ended(found: ResponseEnd) -> Source:
    title = f"关于终止{found.plan_name}{found.level_name}的通知"
    return _source(found, "end", title, {"reason": lines(found.text)})


def _source(found: Any, kind: str, title: str, said: dict[str, Any]) -> Source:
    said = (
        EMPTY | about(found.incident) | {"plan": found.plan_name, "level": found.level_name} | said
    )
    return Source(
        of=f"{kind}/{found.pk}",
        title=title[:LONGEST],
        said=said | {"decided_at": when(found.recorded_at)},
        realm=found.realm,
        incident=found.incident_id,
    )
