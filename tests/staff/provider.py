"""A small sign-on that speaks OpenID Connect, behind a real server, and can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

__all__ = ["CLIENT", "SECRET", "Provider"]

CLIENT, SECRET = "quotewell", "a secret of both"


@dataclass
class Provider:
    """Whoever comes to it is logged in at once, with the claims that it has."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """What a token says besides, or in place of, what it should."""
    algorithm: str = "RS256"
    stranger: bool = False
    """Whether tokens are signed with a key that is not among the published ones."""
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._keys = {
            "RS256": RSAKey.generate_key(2048, {"kid": "one"}),
            "ES256": ECKey.generate_key("P-256", {"kid": "two"}),
        }
        self._strange = RSAKey.generate_key(2048, {"kid": "one"})
        self._codes: dict[str, dict[str, str]] = {}
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describe),
                Route("/keys", self._publish),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def lie(self, **claims: Any) -> None:
        """Has the next tokens say other things; without any, the truth."""
        self.claims, self.algorithm, self.stranger = claims, "RS256", False

    async def _describe(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            }
        )

    async def _publish(self, _: Request) -> Response:
        keys = [key.as_dict(private=False) for key in self._keys.values()]
        return JSONResponse({"keys": keys})

    async def _authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        code = secrets.token_urlsafe(8)
        self._codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.issuer}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(back)}", 302)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        begun = self._codes.pop(str(form["code"]), None)
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode().replace(b" ", b"%20")).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = request.headers.get("authorization") in (f"Basic {basic}", f"Basic {plain}")
        fits = begun is not None and (begun["code_challenge"], begun["redirect_uri"]) == (
            challenge,
            form.get("redirect_uri"),
        )
        if not (begun and fits and known):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(
            {"access_token": "a", "token_type": "Bearer", "id_token": self._signed(begun["nonce"])}
        )

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "preferred_username": "nora",
            "groups": ["ward 3", "answers-staff"],
            **self.claims,
        }
        if self.algorithm in ("none", "HS256"):
            from joserfc.jwk import OctKey

            key: Any = OctKey.import_key(SECRET.ljust(32))
            registry = JWSRegistry(algorithms=["HS256", "none"])
            return jwt.encode({"alg": self.algorithm}, claims, key, registry=registry)
        signing = self._strange if self.stranger else self._keys[self.algorithm]
        return jwt.encode({"alg": self.algorithm, "kid": signing.kid}, claims, signing)
