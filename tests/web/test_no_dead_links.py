"""Every link on every page, as every role: what a page offers, its reader may open. Pages are found by walking."""

import re
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest

from callcoach.domain.people import PersonRole

LINK = re.compile(r'<(?:a|link|audio|img|source|script)\b[^>]*?\s(?:href|src)="([^"]+)"')
FORM = re.compile(r'<form\b[^>]*\baction="([^"]+)"[^>]*>')
PARTS = re.compile(r'\shx-get="([^"]+)"')


def walked(address: str) -> tuple[str, ...]:
    """What tells links apart: the path and which questions are asked, whatever their answers; else filters have no end.

    Of a call the path alone: the questions choose a place in it. Of an export one of its forms.
    """
    parts = urlsplit(address)
    if parts.path.startswith("/calls/"):
        return (parts.path,)
    if parts.path.startswith("/exports/"):
        return (parts.path.rpartition(".")[0] or parts.path,)
    return (parts.path, *sorted({name for name, _ in parse_qsl(parts.query)}))


def links_of(page: str) -> list[str]:
    forms = [form[1] for form in FORM.finditer(page) if 'method="post"' not in form[0]]
    return [unescape(each) for each in (*LINK.findall(page), *PARTS.findall(page), *forms)]


def dead_links(browser, start: str = "/") -> tuple[dict[tuple[str, ...], str], list[str]]:
    """(every address that was opened with the page that leads to it, those that cannot be opened)."""
    waiting, seen, dead = [(start, "the start")], {walked(start): "the start"}, []
    while waiting:
        address, on = waiting.pop()
        answer = browser.get(address, headers={"range": "bytes=0-0"} if "/audio" in address else {})
        if answer.status_code == 303 and answer.headers["location"].startswith("/"):
            answer = browser.get(answer.headers["location"])
        if answer.status_code not in (200, 204, 206):
            dead.append(f"{address} on {on}: {answer.status_code}")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        for link in links_of(answer.text):
            following = urldefrag(urljoin(address, link)).url
            if following.startswith("/") and walked(following) not in seen:
                seen[walked(following)] = address
                waiting.append((following, address))
    return seen, dead


@pytest.mark.slow
@pytest.mark.parametrize("role", list(PersonRole))
def test_no_page_offers_what_its_reader_may_not_open(client, role):
    seen, dead = dead_links(client(role))
    assert dead == []
    paths = {place[0] for place in seen}
    expected = {
        PersonRole.REP: {"/reps/R01", "/queue", "/pulse", "/pulse/catchback", "/account"},
        PersonRole.MANAGER: {"/reps/R02", "/teams/river", "/initiatives/safeseat", "/queue", "/pulse"},
        PersonRole.ENABLEMENT: {"/workbench/catchback", "/runs", "/intake", "/exports", "/calls/vp-kickoff"},
        PersonRole.EXECUTIVE: {"/teams/river", "/teams/ridge", "/initiatives/catchback"},
        PersonRole.ADMIN: {"/admin/audit", "/admin/sessions", "/calibration"},
    }[role]
    assert expected <= paths, "the walk reached the screens"


def test_an_executive_reads_what_a_leader_said_without_a_link_to_the_call(client):
    page = client("executive").get("/initiatives/catchback").text
    assert 'class="moment"' in page and "/calls/" not in page
    assert "/calls/vp-kickoff" in client("enablement").get("/initiatives/catchback").text
