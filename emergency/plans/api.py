"""The API of plans and tasks: parse, call one service or selector, answer.

Owns: routes. Promises: as `emergency/api.py`. Must not know: how anything is stored.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from ..selectors import detail, incident
from . import events, schemas, selectors
from .services import responses, tasks

router = Router(tags=["plans"])


@router.get("/plans", summary="Plans in force")
def plans(request: HttpRequest) -> list[dict[str, Any]]:
    """With levels and tasks."""
    return selectors.plans()


@router.post(
    "/incidents/{uuid:pk}/activations", response={201: dict}, summary="Activate a plan on it"
)
def activate(request: HttpRequest, pk: uuid.UUID, data: schemas.ActivationIn) -> Any:
    """All tasks of the level are issued with it; the incident with all that is written about it."""
    found = incident(request.user, pk)
    responses.activate_plan(
        actor=request.user,
        incident=found,
        until=datetime.now(UTC) + timedelta(hours=data.hours),
        **data.model_dump(exclude={"hours"}),
    )
    return Status(201, detail(request.user, incident(request.user, pk)))


@router.post("/incidents/{uuid:pk}/ends", response={201: dict}, summary="End a response")
def end_response(request: HttpRequest, pk: uuid.UUID, data: schemas.ResponseEndIn) -> Any:
    """What the plan put in force; the incident with all that is written about it."""
    found = incident(request.user, pk)
    responses.end_response(actor=request.user, incident=found, **data.model_dump())
    return Status(201, detail(request.user, incident(request.user, pk)))


@router.post("/tasks/{uuid:pk}/steps", response={201: dict}, summary="Answer a task")
def answer_task(request: HttpRequest, pk: uuid.UUID, data: schemas.TaskStepIn) -> Any:
    """Acknowledged, feedback, done."""
    task = selectors.task(request.user, pk)
    return Status(
        201, events.data(tasks.take_step(actor=request.user, task=task, **data.model_dump()))
    )
