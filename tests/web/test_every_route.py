"""Every route as every role and as nobody: generated from the app's own routes, so that a new one is asked for its policy."""

import re

import pytest
from fastapi.routing import iter_route_contexts
from sample_company import signed_in

from callcoach.domain.people import PersonRole
from callcoach.web.access import ROLES, WITHOUT_SIGN_IN, Gate, Policy
from callcoach.web.server import create_app

NOT_FOR_YOU = "Not for your role"
IN_PATHS = {"call_id": "wren-01", "rep_id": "R01", "team_id": "river", "initiative_id": "catchback", "path": "app.css"}


def routes() -> list[tuple[str, str, list[Gate]]]:
    """(method, path, its gates) of everything the app answers."""
    app = create_app(None)
    found = []
    for route in iter_route_contexts(app.routes):
        gates = [each.call for each in route.dependant.dependencies if isinstance(each.call, Gate)]
        found += [(method, route.path, gates) for method in sorted(route.methods)]
    return found


ROUTES = routes()


def address(path: str) -> str:
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda part: IN_PATHS.get(part[1], "1"), path)


def test_every_route_declares_one_policy():
    assert len(ROUTES) > 30
    assert not [(method, path) for method, path, gates in ROUTES if len(gates) != 1], (
        "give each route reader: Annotated[Reader, allow(Policy.X)]"
    )


@pytest.mark.parametrize("role", [*PersonRole, None], ids=lambda role: role or "nobody")
def test_a_route_lets_in_whom_its_policy_names_and_nobody_else(app, client, role):
    broken = []
    for method, path, (gate,) in ROUTES:
        browser = client(None) if role is None else signed_in(app, f"account-{role}", raising=False)
        answer = browser.request(method, address(path), headers={"accept": "text/html"})
        told = f"{method} {path} as {role or 'nobody'}: {answer.status_code}"
        if answer.status_code >= 500:
            broken.append(told)
            continue
        sent_away = answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in?next=")
        sent_away = sent_away or (answer.headers.get("location") == "/sign-in" and not path.startswith("/sign-out"))
        if gate.policy in WITHOUT_SIGN_IN:
            assert not sent_away, told
        elif role is None:
            assert sent_away, told
        elif role in ROLES[gate.policy]:
            assert not sent_away and NOT_FOR_YOU not in answer.text, told
        else:
            assert answer.status_code == 403, told
            assert method == "HEAD" or NOT_FOR_YOU in answer.text, told
    assert not broken


def test_each_policy_is_for_whom_the_house_says():
    """rep, manager, enablement, executive, admin."""
    table = {
        Policy.SIGNED_IN: "yes yes yes yes yes",
        Policy.OWN_CALLS: "yes yes yes no  yes",
        Policy.REVIEW: "no  yes yes no  yes",
        Policy.TEAMS: "no  yes yes yes yes",
        Policy.ENABLEMENT: "no  no  yes no  yes",
        Policy.OPERATIONS: "no  no  yes no  yes",
        Policy.ADMIN: "no  no  no  no  yes",
    }
    for policy, row in table.items():
        assert [role in ROLES[policy] for role in PersonRole] == [word == "yes" for word in row.split()], policy


@pytest.mark.parametrize("path", ["/calls/wren-02", "/calls/wren-02/audio", "/calls/wren-02/peaks", "/reps/R06", "/teams/ridge"])
def test_what_is_not_yours_to_see_looks_as_if_it_were_not_there(client, path):
    """wren-02 is a call of R06, of the other team; M01 manages river alone."""
    browser = client("manager")
    beside = re.sub(r"wren-02|R06|ridge", "no-such", path)
    hidden, missing = browser.get(path), browser.get(beside)
    assert hidden.status_code == missing.status_code == 404
    nonce = re.compile(r'nonce="[^"]+"')
    assert nonce.sub("", hidden.text).replace(path, "") == nonce.sub("", missing.text).replace(beside, "")
