"""The API of sharing between nodes: shares of an incident, nodes, peers, the door for pairing.

Owns: routes and input. Promises: pairing is the one route without a sign-in; a wrong code, a used
one and one for another node are answered alike, and counted. Must not know: how links work.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Status
from pydantic import StringConstraints

from gis import geometry
from realtime import keys, refusals
from realtime.link import health, pairing
from realtime.problems import Problem

from . import (
    request_events,
    schemas,
    selectors,
    selectors_preview,
    selectors_proposals,
    selectors_sharing,
)
from .api import columns
from .services import homes, requests, sharing

router = Router(tags=["nodes"])
NodeId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]


class ShareIn(schemas.Strict):
    """One more node, and until when."""

    node: NodeId
    until: schemas.Until | None = None


class PairingIn(schemas.Strict):
    """What a joining node says: who it is, its public key (hexadecimal), the code."""

    node: NodeId
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    public: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


@router.post("/incidents/{uuid:pk}/shares", response={201: dict}, summary="Share with a node")
def share(request: HttpRequest, pk: uuid.UUID, data: ShareIn) -> Any:
    """The node holds the incident and all that is written about it from now on."""
    incident = selectors.incident(request.user, pk)
    until: datetime | None = data.until
    sharing.share_incident(actor=request.user, incident=incident, node=data.node, until=until)
    return Status(201, selectors.detail(request.user, incident))


@router.delete("/incidents/{uuid:pk}/shares/{node}", summary="Share with a node no longer")
def unshare(request: HttpRequest, pk: uuid.UUID, node: str) -> dict[str, Any]:
    """Nothing more goes there; the node is asked to erase what it has."""
    incident = selectors.incident(request.user, pk)
    sharing.unshare_incident(actor=request.user, incident=incident, node=node)
    return selectors.detail(request.user, incident)


@router.get("/incidents/{uuid:pk}/preview", summary="The incident as another node holds it")
def preview(request: HttpRequest, pk: uuid.UUID, node: NodeId) -> dict[str, Any]:
    """What that node holds, or would hold once it is shared with it, and what is withheld."""
    incident = selectors.incident(request.user, pk)
    return selectors_preview.preview(request.user, incident, node)


@router.get("/incidents/{uuid:pk}/proposals", summary="Nodes to share it with, by its place")
def proposals(request: HttpRequest, pk: uuid.UUID) -> list[dict[str, Any]]:
    """Whose areas it touches or lies near, that do not hold it and were not said no to."""
    incident = selectors.incident(request.user, pk)
    return selectors_proposals.proposals(request.user, incident)


@router.post("/incidents/{uuid:pk}/proposals/{node}/decline", summary="Not now")
def decline(request: HttpRequest, pk: uuid.UUID, node: str) -> list[dict[str, Any]]:
    """The node is not proposed again unless the area changes; what is still proposed."""
    incident = selectors.incident(request.user, pk)
    sharing.decline_proposal(actor=request.user, incident=incident, node=node)
    return selectors_proposals.proposals(request.user, incident)


@router.post("/incidents/{uuid:pk}/home", summary="Let another node be in charge")
def hand_over(request: HttpRequest, pk: uuid.UUID, data: schemas.HandOverIn) -> dict[str, Any]:
    """A linked node writes the incident from now on; this one asks it."""
    incident = selectors.incident(request.user, pk)
    incident = homes.hand_over(actor=request.user, incident=incident, rev=data.rev, node=data.node)
    return selectors.detail(request.user, incident)


@router.post(
    "/incidents/{uuid:pk}/takeover", summary="Be in charge of it while its home is cut off"
)
def take_over(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """What the former home writes meanwhile is kept, and is not in force."""
    incident = selectors.incident(request.user, pk)
    incident = homes.take_over(actor=request.user, incident=incident)
    return selectors.detail(request.user, incident)


@router.post("/incidents/{uuid:pk}/requests", response={201: dict}, summary="Ask its home")
def ask(request: HttpRequest, pk: uuid.UUID, data: schemas.RequestIn) -> Any:
    """For a change or for support, with a time to answer."""
    if data.proposed.affected_area is not None:
        geometry.parse_area(data.proposed.affected_area)
    incident = selectors.incident(request.user, pk)
    made = requests.make_request(
        actor=request.user,
        incident=incident,
        kind=data.kind,
        text=data.text,
        proposed=data.proposed.model_dump(mode="json", exclude_unset=True),
        due_at=datetime.now(UTC) + timedelta(minutes=data.minutes),
        id=data.id,
    )
    return Status(201, request_events.request_data(made))


@router.post("/requests/{uuid:pk}/answer", response={201: dict}, summary="Answer a request")
def answer(request: HttpRequest, pk: uuid.UUID, data: schemas.AnswerIn) -> Any:
    """Once, by the home of the incident; changes of fields go with it."""
    found = selectors.request(request.user, pk)
    changes = columns(data.changes, only_given=True) if data.changes else {}
    answered = requests.answer_request(
        actor=request.user,
        request=found,
        outcome=data.outcome,
        text=data.text,
        changes=changes,
        id=data.id,
    )
    return Status(201, request_events.answer_data(answered))


@router.get("/peers", summary="The nodes that this one is linked with")
def peers(request: HttpRequest) -> list[dict[str, Any]]:
    """State of each link, its backlog and when both ends last proved that they are equal."""
    return health.shown()["peers"]


@router.get("/nodes", summary="The other nodes that are known here")
def nodes(request: HttpRequest) -> list[dict[str, Any]]:
    """Names, which of them take shares, and what each holds from the start by rule."""
    return selectors_sharing.known_nodes()


@router.post("/pairing", auth=None, response={201: dict}, summary="Join, with a code")
def pair(request: HttpRequest, data: PairingIn) -> Any:
    """The public key of this node, for a code that it issued to this name."""
    try:
        pairing.accept(
            code=data.code, node=data.node, name=data.name, public=bytes.fromhex(data.public)
        )
    except Problem:
        refusals.count(request.META.get("REMOTE_ADDR", ""), "pairing refused")
        raise
    own = {"node": settings.NODE_ID, "name": settings.NODE_NAME}
    return Status(201, own | {"public": keys.signer().public.hex()})
