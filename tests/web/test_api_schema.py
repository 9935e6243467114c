"""The JSON interface held to what it says of itself, with requests that nobody would think of."""

from datetime import UTC, datetime

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from callcoach.app.accounts import needed_account, new_token
from callcoach.web.api.openapi import schema_of
from callcoach.web.server import create_app

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 20
A_MINUTE = 60
"""An answer may take as long: the first redacted file waits for the models."""
ROUTES = sorted((path, method) for path, methods in schema_of(create_app(None))["paths"].items() for method in methods)
REAL = {"call_id": "wren-01", "rep_id": "R01", "team_id": "river", "initiative_id": "catchback"}


def held_to_its_word(app, secret, path, method, real):
    """Every answer is one that the schema tells of. real: names in the path are those of things that there are."""
    operation = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)[path][method]
    seen = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case):
        case.path_parameters = dict(case.path_parameters or {}) | {name: REAL[name] for name in real}
        answer = case.call(headers={"Authorization": f"Bearer {secret}"}, timeout=A_MINUTE)
        case.validate_response(answer, checks=CHECKS)
        seen.append(answer.status_code)

    ask()
    return seen


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_what_is_answered_is_what_the_schema_says(app, company, path, method):
    admin = needed_account(company, "admin@wrenfield.example")
    secret = new_token(company, admin, "test", by=None, now=datetime.now(UTC)).secret
    names = [name for name in REAL if f"{{{name}}}" in path]
    assert held_to_its_word(app, secret, path, method, ())
    if names:
        assert set(held_to_its_word(app, secret, path, method, names)) - {404}, "a thing that there is, is found"


def test_nobody_gets_anything_without_a_token(app, client):
    nobody = client(None)
    for path, method in ROUTES:
        for name, real in REAL.items():
            path = path.replace(f"{{{name}}}", real)
        path = path.replace("{what}", "scores").replace("{form}", "csv")
        answer = nobody.request(method, path, headers={"origin": "http://testserver"}, json={})
        assert answer.status_code in (401, 422), path
        assert answer.status_code == 401 or method == "post", path
        assert answer.headers["content-type"] == "application/problem+json"
