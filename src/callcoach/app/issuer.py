"""Talk to an OpenID Connect issuer: where to send a browser, and who it says came back. Knows no account and no screen.

What an issuer says counts only where its signature, issuer, audience, times and nonce are right. Its description and keys are
kept for an hour; of its answers no word is shown or kept but who somebody is.
"""

import ipaddress
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from callcoach.errors import SomethingMissing, UsageError
from callcoach.settings import Settings

if TYPE_CHECKING:
    import ssl

    from joserfc.jwk import KeySet

SKEW_SECONDS = 60
KEPT_FOR = timedelta(hours=1)
MOST_BYTES = 1_000_000
SECONDS = 10.0
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the issuer can make: one made with our own secret could be anybody's who knows it."""


class IssuerAway(Exception):
    """The issuer cannot be reached, or answers so that nothing can be made of it."""


class NotTrusted(Exception):
    """What came back is not the issuer's word for us, now, about this sign-in; the message names what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The issuer as the settings name it. Without a secret callcoach is a public client there."""

    issuer: str
    host: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    allowed_domain: str | None = None


class Person(NamedTuple):
    """Somebody as the issuer knows them. email: only where it was verified there; said: what it calls it in any case."""

    issuer: str
    subject: str
    email: str | None
    said: str


class _Metadata(msgspec.Struct):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = msgspec.field(default_factory=lambda: ["client_secret_basic"])


class _Known(NamedTuple):
    metadata: _Metadata
    keys: "KeySet"
    until: datetime


def named_service(settings: Settings) -> Service | None:
    """The issuer that the settings name; None where they name none. Raises UsageError where it cannot be used as it is."""
    if not settings.oidc_issuer:
        return None
    try:
        parts = urlsplit(settings.oidc_issuer)
        # a port that is none is told only to whoever asks for it
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise UsageError("CALLCOACH_OIDC_ISSUER is no address of an issuer. Write it as the service names it: https://host/path.")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise UsageError(f"CALLCOACH_OIDC_ISSUER ({host}) is not encrypted, so that anybody between could sign in. Use https.")
    if not settings.oidc_client_id:
        raise UsageError("CALLCOACH_OIDC_ISSUER is set, but not who callcoach is there. Set CALLCOACH_OIDC_CLIENT_ID.")
    domain = (settings.oidc_allowed_domain or "").strip().removeprefix("@").casefold()
    return Service(
        issuer=settings.oidc_issuer.rstrip("/"),
        host=parts.netloc,
        client_id=settings.oidc_client_id,
        client_secret=_secret(settings),
        allowed_domain=domain or None,
    )


@lru_cache(maxsize=8)
def issuer_of(service: Service) -> "Issuer":
    """The issuer of a service, the same one each time, so that what it knows is kept between requests."""
    return Issuer(service)


class Issuer:
    """One issuer. Its methods raise IssuerAway and NotTrusted."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._kept: _Known | None = None

    def address(self, *, back: str, state: str, nonce: str, verifier: str, now: datetime) -> str:
        """Where to send a browser. back: where the issuer sends it afterwards."""
        from authlib.oauth2.client import OAuth2Client  # only where somebody comes this way

        client = OAuth2Client(None, client_id=self._service.client_id, redirect_uri=back, code_challenge_method="S256")
        address, _ = client.create_authorization_url(
            self._known(now).metadata.authorization_endpoint,
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            scope="openid email",
        )
        return str(address)

    def way_out(self, now: datetime) -> str | None:
        """Where a browser signs out there; None where the issuer names no such address, or none that is safe."""
        from authlib.common.urls import add_params_to_uri

        place = self._known(now).metadata.end_session_endpoint
        if place is None or not _is_safe(place, plain=self._service.issuer.startswith("http:")):
            return None
        return str(add_params_to_uri(place, [("client_id", self._service.client_id)]))

    def person(self, *, code: str, back: str, nonce: str, verifier: str, now: datetime) -> Person:
        """Who the code stands for."""
        metadata = self._known(now).metadata
        token = self._redeemed(metadata, code=code, back=back, verifier=verifier)
        claims = self._checked(token.get("id_token"), nonce=nonce, now=now)
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise NotTrusted("it names nobody")
        if "email" not in claims and metadata.userinfo_endpoint is not None:
            access = token.get("access_token")
            told = self._asked(metadata.userinfo_endpoint, headers={"Authorization": f"Bearer {access}"})
            if told.get("sub") != subject:
                raise NotTrusted("it speaks of two people")
            claims = told
        email, verified = claims.get("email"), claims.get("email_verified")
        said = email if isinstance(email, str) else ""
        # some services write it as a word; 1 is equal to True, and is not what is asked for
        return Person(self._service.issuer, subject, said if said and (verified is True or verified == "true") else None, said)

    def _known(self, now: datetime, *, afresh: bool = False) -> _Known:
        kept = self._kept
        if kept is not None and now < kept.until and not afresh:
            return kept
        service = self._service
        raw = self._asked(f"{service.issuer}/.well-known/openid-configuration")
        try:
            metadata = msgspec.convert(raw, _Metadata)
        except msgspec.ValidationError:
            raise IssuerAway("it does not describe itself as an OpenID Connect issuer does") from None
        if metadata.issuer.rstrip("/") != service.issuer:
            raise IssuerAway("it calls itself otherwise than CALLCOACH_OIDC_ISSUER does")
        places = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri, metadata.userinfo_endpoint)
        plain = service.issuer.startswith("http:")
        if not all(_is_safe(place, plain=plain) for place in places if place is not None):
            raise IssuerAway("it names an address that is not encrypted")
        self._kept = found = _Known(metadata, _keys(self._asked(metadata.jwks_uri)), now + KEPT_FOR)
        return found

    def _redeemed(self, metadata: _Metadata, *, code: str, back: str, verifier: str) -> Mapping[str, Any]:
        from authlib.oauth2.auth import ClientAuth
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        service = self._service
        body = prepare_token_request("authorization_code", "", redirect_uri=back, code=code, code_verifier=verifier)
        ways = metadata.token_endpoint_auth_methods_supported
        way = "none" if service.client_secret is None else "client_secret_basic"
        if way != "none" and way not in ways and "client_secret_post" in ways:
            way = "client_secret_post"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        auth = ClientAuth(service.client_id, service.client_secret, way)
        url, headers, body = auth.prepare("POST", metadata.token_endpoint, headers, body)
        return self._asked(str(url), body=str(body), headers=headers)

    def _checked(self, id_token: object, *, nonce: str, now: datetime) -> Mapping[str, Any]:
        """The claims of a token that is right in every respect."""
        from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

        if not isinstance(id_token, str):
            raise NotTrusted("it holds no id_token")
        known = self._known(now)
        try:
            try:
                claims = self._claims(id_token, known, now)
            except (InvalidKeyIdError, BadSignatureError):
                # the issuer may have changed its keys since they were asked for
                known = self._known(now, afresh=True)
                claims = self._claims(id_token, known, now)
        except JoseError as error:
            raise NotTrusted(_why(error)) from None
        except (ValueError, TypeError, RecursionError):
            raise NotTrusted("the id_token cannot be read") from None
        if not isinstance(claims.get("nonce"), str) or not compare_digest(claims["nonce"].encode(), nonce.encode()):
            raise NotTrusted("it is not about this sign-in (nonce)")
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        party = claims.get("azp")
        if (party is not None or len(audiences) > 1) and party != self._service.client_id:
            raise NotTrusted("it was made for another program (azp)")
        return claims

    def _claims(self, id_token: str, known: _Known, now: datetime) -> dict[str, Any]:
        from joserfc import jwt

        claims = jwt.decode(id_token, known.keys, algorithms=SIGNED_BY).claims
        # half a letter can be neither compared nor kept
        json.dumps(claims, ensure_ascii=False).encode()
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": known.metadata.issuer},
            aud={"essential": True, "value": self._service.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        ).validate(claims)
        return claims

    def _asked(self, url: str, *, body: str | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object that an address answers with, within the time and size that such an answer has."""
        import httpx

        # unpacked, a small answer may be a large one
        asked = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        end, found = time.monotonic() + SECONDS, bytearray()
        try:
            with (
                httpx.Client(timeout=SECONDS, follow_redirects=False, verify=_trusted()) as client,
                client.stream("GET" if body is None else "POST", url, content=body, headers=asked) as response,
            ):
                for piece in response.iter_raw():
                    found += piece
                    if len(found) > MOST_BYTES or time.monotonic() > end:
                        raise IssuerAway("its answer is too long or too slow")
                status = response.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise IssuerAway(f"it cannot be reached ({type(error).__name__})") from None
        if body is not None and status == 401:
            raise IssuerAway("it does not know callcoach: check CALLCOACH_OIDC_CLIENT_ID and its secret")
        if body is not None and 400 <= status < 500:
            raise NotTrusted(f"the code was refused (status {status})")
        if status != 200:
            raise IssuerAway(f"it answers with status {status}")
        try:
            return msgspec.json.decode(bytes(found), type=dict[str, Any])
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise IssuerAway("it answers with something that is no JSON object") from None


@lru_cache(maxsize=1)
def _trusted() -> "ssl.SSLContext":
    """The certificates of the machine's trust: reading them takes longer than asking."""
    import httpx

    return httpx.create_ssl_context()


def _keys(told: Mapping[str, Any]) -> "KeySet":
    """The keys that may sign; one of a kind that is not known, or for something else, is left out."""
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, KeySet

    keys = []
    for each in told.get("keys") or ():
        if not isinstance(each, dict) or each.get("kty") not in ("RSA", "EC") or each.get("use", "sig") != "sig":
            continue
        try:
            keys.append(JWKRegistry.import_key(each))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    if not keys:
        raise IssuerAway("it names no key that it signs with")
    return KeySet(keys)


def _why(error: Exception) -> str:
    from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError

    if isinstance(error, ExpiredTokenError):
        return "it has expired (exp)"
    if isinstance(error, ClaimError):
        return f"it is not for us, or not from there ({error.claim})"
    return "its signature is not the issuer's" if isinstance(error, BadSignatureError) else "the id_token cannot be read"


def _is_safe(address: str, *, plain: bool) -> bool:
    """plain: the issuer is on this machine, and may name what is; one elsewhere must not have this machine asked."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (plain and parts.scheme == "http" and _is_this_machine(host)))


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(settings: Settings) -> str | None:
    file = settings.oidc_client_secret_file
    if file is None:
        given = settings.oidc_client_secret
        return given.get_secret_value() if given is not None else None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SomethingMissing(
            f"{file}: the secret cannot be read ({type(error).__name__}). Check CALLCOACH_OIDC_CLIENT_SECRET_FILE."
        ) from None
