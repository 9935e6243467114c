"""An OpenID Connect issuer on this machine, which says what a test makes it say. Checks of us what a real one would."""

import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "callcoach", "a secret of the fake issuer"
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
NEW_KEY = RSAKey.generate_key(2048, {"kid": "second", "use": "sig", "alg": "RS256"})
ANN = {"sub": "ann-17", "email": "ann@wrenfield.example", "email_verified": True}


class FakeIssuer:
    """claims: what the id_token says on top of what it has to; None leaves one out. key: what signs it; None: nothing."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.claims: dict[str, Any] = dict(ANN)
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "first"}
        self.key: Any = KEY
        self.published = [KEY]
        self.userinfo: dict[str, Any] | None = None
        self.lies_about_itself = False
        self.way_out: str | None = f"{address}/logout?from=callcoach"
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def let_through(self, address: str) -> str:
        """Sign in there, as a browser that was sent to `address`; where it is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.address}/authorize?")
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert {"openid", "email"} <= set(asked["scope"].split())
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.address})}"

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": "https://elsewhere.example" if self.lies_about_itself else self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "end_session_endpoint": self.way_out,
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        if b64decode(authorization.removeprefix("Basic ")).decode() != f"{CLIENT}:{SECRET}":
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"] or form["grant_type"] != "authorization_code":
            return 400, {"error": "invalid_grant"}
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.claims}
        said = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": self._signed(said)}

    def _signed(self, said: dict[str, Any]) -> str:
        if self.key is None:
            parts = (urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (self.header, said))
            return f"{'.'.join(parts)}."
        return jwt.encode(self.header, said, self.key, algorithms=[self.header["alg"]])


@contextmanager
def fake_issuer() -> Iterator[FakeIssuer]:
    """The issuer, answering until the test is over."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def say(self, value: object, status: int = 200) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            issuer.asked.append(path)
            if path == "/.well-known/openid-configuration":
                self.say(issuer.discovery())
            elif path == "/keys":
                self.say(KeySet(issuer.published).as_dict(private=False))
            elif path == "/userinfo" and issuer.userinfo is not None and self.headers["authorization"] == "Bearer access":
                self.say(issuer.userinfo)
            elif path == "/authorize":
                self.send_back()
            else:
                self.say({"error": "not found"}, 404)

        def send_back(self) -> None:
            back = issuer.let_through(issuer.address + self.path)
            self.send_response(302)
            self.send_header("location", back)
            self.send_header("content-length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            status, said = issuer.redeem({name: values[0] for name, values in form.items()}, self.headers["authorization"] or "")
            self.say(said, status)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = FakeIssuer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        # asked once, so that a test never waits for it to begin
        httpx.get(f"{issuer.address}/keys")
        issuer.asked.clear()
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
