# ruff: noqa: E501 - a payload stays on its line
"""The web app in the hands of somebody who means harm: paths that lead elsewhere, texts that want to run."""

import contextlib
import json
import re
import threading
import time
from datetime import UTC, datetime
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
from sqlalchemy import text

from callcoach.app.receiving import safe_name
from callcoach.domain.remark import Remark, RemarkKind
from callcoach.errors import BadInput
from callcoach.storage import schema
from callcoach.storage.remarks import Remarks
from callcoach.web.access import cookie_name

CANARY = "the canary sings"

# --- paths

STEPS = [
    "../",
    "..\\",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "..%5c",
    "%252e%252e%252f",
    "..%c0%af",
    "..%ef%bc%8f",
    "....//",
    "..;/",
    "%2e%2e%5c",
]
GOALS = ["canary.txt", "etc/passwd", "callcoach.db"]
PAYLOADS = (
    [step * depth + goal for step in STEPS for depth in (1, 4) for goal in GOALS]
    + [
        "/etc/passwd",
        "//etc/passwd",
        "file:///etc/passwd",
        "C:\\boot.ini",
        "\\\\host\\share",
        "%00",
        "a%00b",
        "wren-01%00.txt",
        "~",
        "~root/.ssh",
    ]
    + [
        "wren-01/../../canary.txt",
        "wren-01%2f..%2f..%2fcanary.txt",
        ".",
        "..",
        "%2e",
        "%2e%2e",
        "CON",
        "nul",
        "a" * 5000,
        "'; DROP TABLE calls;--",
    ]
    + [
        "1 OR 1=1",
        "${7*7}",
        "{{7*7}}",
        "%s%s%n",
        "wren-01?x=/../..",
        "%0d%0aset-cookie:a=b",
        "\u202e",
        "😀",
        "%ff%fe",
        "-1",
        "1e309",
        "0x10",
    ]
)
PLACES = [
    "/calls/{}", "/calls/{}/audio", "/calls/{}/peaks", "/calls/{}/transcript.vtt", "/calls/{}/same-words?initiative=catchback",
    "/calls/wren-01?initiative={}", "/calls/wren-01/same-words?initiative={}", "/reps/{}", "/teams/{}", "/initiatives/{}", "/runs/{}", "/intake/{}",
    "/exports/{}", "/exports/{}.csv", "/static/{}", "/queue?rep={}", "/queue?initiative={}", "/queue/beside/{}?initiative=catchback",
    "/api/v1/calls/{}", "/api/v1/calls/{}/transcript", "/api/v1/calls/{}/scores", "/api/v1/calls?cursor={}", "/api/v1/calls?rep={}",
    "/api/v1/reps/{}", "/api/v1/teams/{}", "/api/v1/initiatives/{}", "/api/v1/exports/{}", "/api/v1/exports/schemas/{}", "/sign-in?next={}",
]  # fmt: skip
WRITES = ["/intake/{}/take-in", "/intake/{}/throw-away", "/calls/{}/agree", "/reps/{}/goals", "/api/v1/calls/{}/reviews"]


def test_there_are_enough_payloads():
    assert len(set(PAYLOADS)) >= 60


@pytest.mark.parametrize("place", PLACES)
def test_no_address_leads_out_of_the_store(client, company, place):
    """Nothing is read that was not asked for by its id, and nothing breaks."""
    for canary in (company.settings.home / "canary.txt", company.settings.home.parent / "canary.txt"):
        canary.write_text(CANARY)
    admin = client("admin")
    for payload in PAYLOADS:
        answer = admin.get(place.format(payload if "?" not in place else quote(payload, safe="%")))
        assert answer.status_code < 500, (place, payload, answer.status_code)
        assert CANARY not in answer.text and "root:" not in answer.text and "SQLite format" not in answer.text, (place, payload)
        assert "set-cookie" not in answer.headers or "a=b" not in answer.headers["set-cookie"]
        location = answer.headers.get("location", "").removeprefix("http://testserver")
        assert location.startswith("/") and not location.startswith(("//", "/\\")) if location else True, (
            place,
            payload,
            location,
        )


@pytest.mark.parametrize("place", WRITES)
def test_no_write_leads_out_of_the_store(client, company, place):
    home = company.settings.home
    (home / "canary.txt").write_text(CANARY)
    before = sorted(path for path in home.rglob("*") if not path.name.startswith("callcoach.db"))
    admin = client("admin")
    for payload in PAYLOADS:
        answer = admin.post(place.format(payload), data={"initiative": "catchback", "seen": "x"})
        assert 400 <= answer.status_code < 500, (place, payload, answer.status_code)
    assert sorted(path for path in home.rglob("*") if not path.name.startswith("callcoach.db")) == before
    assert (home / "canary.txt").read_text() == CANARY


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_file_name_leads_out_of_the_staging_folder(payload, tmp_path):
    for name in (payload, payload + ".ogg", payload + "/x.ogg"):
        with contextlib.suppress(BadInput):
            kept = safe_name(name)
            assert "/" not in kept and "\\" not in kept and not kept.startswith(".")
            assert (tmp_path / kept).resolve().parent == tmp_path.resolve()


# --- scripts

TAGS = [
    "script",
    "img",
    "svg",
    "iframe",
    "body",
    "input",
    "details",
    "video",
    "audio",
    "math",
    "object",
    "embed",
    "a",
    "form",
    "marquee",
    "style",
]
CLASSIC = [
    "<script>alert(1)</script>", "<ScRiPt>alert(1)</sCrIpT>", "<script src=//x.example/x.js></script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '"><script>alert(1)</script>', "'><script>alert(1)</script>", "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>", "<!--><script>alert(1)</script>-->", "<![CDATA[<script>alert(1)</script>]]>",
    '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='", "` onload=`alert(1)", '" style="background:url(javascript:alert(1))',
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)",
    "{{constructor.constructor('alert(1)')()}}", "{{7*7}}", "{% raw %}<script>alert(1)</script>{% endraw %}", "${alert(1)}", "#{alert(1)}", "<%= 7*7 %>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;", "%3Cscript%3Ealert(1)%3C/script%3E", "\\u003cscript\\u003ealert(1)",
    "<base href=//x.example>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<link rel=stylesheet href=//x.example/x.css>",
    "<div hx-get=/sign-out hx-trigger=load>", "<div data-hx-on:load=alert(1) hx-on::load=alert(1)>", "<b data-undo=/x data-key='x'>", "<template><script>alert(1)</script></template>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<svg><script>alert&#40;1&#41;</script></svg>", "<math><mtext><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<xmp><script>alert(1)</script></xmp>", "<plaintext>", "<isindex type=image src=1 onerror=alert(1)>",
    "＜script＞alert(1)＜/script＞", "<\u2028script>alert(1)</script>", "<script\x0c>alert(1)</script>", "\u202e<script>alert(1)</script>", "<IMG SRC=j&#X41vascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "<form action=javascript:alert(1)><button>x", "<iframe srcdoc='<script>alert(1)</script>'>", "]]><script>alert(1)</script>",
]  # fmt: skip
HANDLERS = ["onerror", "onload", "onclick", "onfocus", "ontoggle", "onpointerover", "onanimationstart", "onbeforetoggle"]
SCRIPTS = CLASSIC + [f"<{tag} src=x {handler}=alert(1) x={number}>" for number, tag in enumerate(TAGS) for handler in HANDLERS]
PAGES = [
    "/", "/queue?state=any", "/calls/wren-01", "/calls/wren-01?initiative=catchback&t=10", "/calls/wren-02", "/reps/R01", "/teams/river",
    "/initiatives", "/initiatives/catchback", "/runs", "/runs/1", "/intake", "/exports", "/account", "/calibration", "/workbench",
    "/admin", "/no-such-page",
]  # fmt: skip
AT_ONCE = 24
TABLES = ("calls", "transcripts", "scores", "initiatives", "companies", "queue", "kept_reports", "coaching_history")
BY_NAME = frozenset({"name", "customer_name", "audio_path", "outcome", "email"})
NOT_TEXT = frozenset({"versions", "source_type"})
WORDS_OF_OURS = frozenset(str(each) for kind in StrEnum.__subclasses__() for each in kind)
ANY_SPACE = re.compile(r"\s")


def test_there_are_enough_scripts():
    assert len(set(SCRIPTS)) >= 150


def poisoned(value, payload, name=""):
    """The value with every text that a person or a call may have brought replaced; ids, dates and words of ours stay."""
    if isinstance(value, dict):
        return {key: each if key in NOT_TEXT else poisoned(each, payload, key) for key, each in value.items()}
    if isinstance(value, list):
        return [poisoned(each, payload, name) for each in value]
    free = isinstance(value, str) and value not in WORDS_OF_OURS and (name in BY_NAME or ANY_SPACE.search(value))
    return payload if free else value


def poison(company, payload):
    """Scripts in every text of the company: words of calls, quotes, names, file names, stories, reasons, comments, failures."""
    payload = payload.replace("\x00", "")
    now = datetime.now(UTC)
    company.store.keep_failure("wren-02", "hear", payload, now, "k")
    Remarks(company.store).add(Remark(call_id="wren-01", person_id="M01", at=now, kind=RemarkKind.COMMENT, text=payload))
    with company.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM signals"))  # they say where sentences of the old words end
        for name in TABLES:
            keys = [column.name for column in schema.metadata.tables[name].primary_key]
            for row in connection.execute(text(f"SELECT * FROM {name}")).mappings().all():
                if "body" not in row:
                    continue
                body = json.dumps(poisoned(json.loads(row["body"]), payload))
                where = " AND ".join(f"{key} = :{key}" for key in keys)
                connection.execute(
                    text(f"UPDATE {name} SET body = :body WHERE {where}"), {"body": body, **{key: row[key] for key in keys}}
                )


class Markup(HTMLParser):
    """What of a page is markup, and what of it is text."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.live, self.texts = set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        for name, value in given.items():
            led = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            if name.startswith(("on", "hx-on", "data-hx-on")) or name in ("style", "srcdoc"):
                self.live.append((tag, name, value))
            if name in ("href", "src", "action", "formaction", "data") and led.startswith(
                ("javascript:", "data:", "vbscript:", "//")
            ):
                self.live.append((tag, name, value))
        if tag == "script" and ("nonce" not in given or not (given.get("src") or "/static/").startswith("/static/")):
            self.live.append((tag, "", ""))

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("first", range(0, len(SCRIPTS), AT_ONCE))
def test_no_text_becomes_markup(client, company, first):
    some = SCRIPTS[first : first + AT_ONCE]
    admin = client("admin")
    usual = set().union(*(Markup(admin.get(path).text).tags for path in PAGES)) | {
        "blockquote",
        "figure",
        "figcaption",
        "cite",
        "mark",
    }
    poison(company, " ".join(some))
    shown = ""
    for path in PAGES:
        answer = admin.get(path)
        assert answer.status_code in (200, 303, 404), (path, answer.status_code)
        page = Markup(answer.text)
        assert page.live == [], path
        assert page.tags - usual == set(), path
        assert "nonce-" in answer.headers["content-security-policy"]
        shown += "".join(page.texts)
    letters = re.sub(r"\s|[^\x20-\x7e]", "", shown)
    for payload in some:
        assert re.sub(r"\s|[^\x20-\x7e]", "", payload)[:60] in letters, f"shown as the text it is: {payload}"


def test_a_file_name_is_shown_as_text(client):
    operator = client("enablement")
    names = [re.sub(r"[\r\n]", "", payload).replace('"', "'") + ".exe" for payload in SCRIPTS]
    answer = operator.post("/intake", files=[("files", (name, b"x")) for name in names])
    page = Markup(operator.get(answer.headers["location"]).text)
    assert page.live == [] and not page.tags & {"iframe", "object", "embed", "math", "marquee", "base", "video", "audio"}
    assert "".join(page.texts).count("alert(1)") > 100


def test_a_manifest_is_shown_as_text(client):
    operator = client("enablement")
    cells = [payload.replace('"', '""').replace("\n", " ").replace("\r", " ") for payload in SCRIPTS]
    rows = "".join(f'"c{number}","{cell}","{cell}","a.vtt"\r\n' for number, cell in enumerate(cells))
    manifest = f"call_id,rep_id,customer_name,transcript_path\r\n{rows}"
    answer = operator.post(
        "/intake",
        files=[("files", ("manifest.csv", manifest.encode())), ("files", ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nhi"))],
    )
    page = Markup(operator.get(answer.headers["location"]).text)
    assert page.live == [] and not page.tags & {"iframe", "object", "embed", "math", "marquee", "base", "video", "audio"}
    assert "alert(1)" in "".join(page.texts)


# --- the same in a browser

CHROMIUM = Path("/usr/bin/chromium")
LISTEN = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (said) => window.ran.push(`${name}: ${said}`);
document.addEventListener("securitypolicyviolation", (event) => window.ran.push(`policy: ${event.violatedDirective} ${event.sourceFile}`));
"""


@pytest.mark.slow
def test_nothing_runs_in_a_browser_and_no_policy_is_touched(app, company, client):
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian package chromium)")
    poison(company, " ".join(SCRIPTS[:: max(1, len(SCRIPTS) // 60)]))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    said = []
    try:
        with sync_api.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
            context = browser.new_context(reduced_motion="reduce")
            name = cookie_name(app.state.secure)
            context.add_cookies([{"name": name, "value": client("admin").cookies[name], "url": address}])
            context.add_init_script(LISTEN)
            page = context.new_page()
            page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
            page.on("console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None)
            for path in PAGES:
                page.goto(address + path, wait_until="load")
                page.wait_for_timeout(150)
                page.mouse.move(300, 300)
                said += [f"{path}: {each}" for each in page.evaluate("window.ran")]
            browser.close()
    finally:
        server.should_exit = True
        thread.join(10)
    assert said == []
