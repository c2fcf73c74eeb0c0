"""The API under whatever its own description allows, and what it does not: no fault, no surprise.

Schemathesis makes the requests; every answer must be one that the description names, in its shape.
"""

import random

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from config.api import api
from emergency.services import accounts, entries
from tests import factories

EXAMPLES = 15  # for each operation and role; more where more is asked for by hand
ROLES = [("duty_officer", "610100"), ("liaison", "dept-fire"), ("audit_admin", "610100")]
CHECKED = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)


def described():
    """The API as it describes itself, reached without a network."""
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    schema.app = get_wsgi_application()
    return schema


SCHEMA = described()
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}


@pytest.fixture(autouse=True)
def one_connection(db):
    """The request is part of the test's transaction, as with Django's own test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("role", "code"), ROLES, ids=[role for role, _code in ROLES])
@pytest.mark.parametrize("label", OPERATIONS)
def test_no_request_makes_a_fault_or_an_answer_that_is_not_described(node, label, role, code):
    officer = factories.officer(role, code)
    token = accounts.issue_token(officer=officer, label="fuzz")
    incident = factories.incident()
    entry = entries.write_entry(
        actor=factories.officer("shift_leader"), incident=incident, text="one"
    )
    real = {"incidents": str(incident.pk), "entries": str(entry.pk)}

    @given(case=OPERATIONS[label].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def try_it(case) -> None:
        kind = case.path.split("/")[2]
        if "pk" in (case.path_parameters or {}) and random.Random(str(case.body)).random() < 0.6:
            case.path_parameters["pk"] = real.get(kind, real["incidents"])
        headers = {"Authorization": f"Bearer {token}"}
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKED)

    try_it()
