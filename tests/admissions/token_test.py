"""Admissions are checked by a library that knows nothing of us (PyJWT), with what the server publishes.

usage: token_test.py DOORBUSTER
"""

import json
import pathlib
import sys
import time
import unittest

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer, mint  # noqa: E402

BINARY = sys.argv.pop(1)
SALES = "/api/v1/sales"
ISSUER = "https://sale.example"


class CheckedByALibrary(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = LiveServer(BINARY, "--base-url", ISSUER)
        cls.server.start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.operator = {"Authorization": "Bearer " + cls.server.key("operator.key")}
        sale = {"id": "line", "title": "Line", "units": 10, "queue": "fifo", "opens_at": "2020-01-01T00:00:00Z"}
        assert cls.server.request("POST", SALES, cls.operator, json.dumps(sale)).status == 201
        jwks = f"http://127.0.0.1:{cls.server.port}/.well-known/jwks.json"
        cls.keys = jwt.PyJWKClient(jwks, cache_keys=False, cache_jwk_set=False)

    def customer(self, name):
        return {"Authorization": "Bearer " + mint(self.server.key("shop.key"), name)}

    def admitted(self, name):
        entry = self.server.request("POST", SALES + "/line/queue", self.customer(name)).json
        answer = self.server.request("POST", f"{SALES}/line/queue/{entry['id']}/admission", self.customer(name))
        self.assertEqual(answer.status, 201, answer.body)
        return entry, answer.json

    def decode(self, token, **expected):
        key = self.keys.get_signing_key_from_jwt(token).key
        self.assertIsInstance(key, Ed25519PublicKey)
        expected = {"audience": "line", "issuer": ISSUER} | expected
        required = ["iss", "aud", "sub", "jti", "iat", "nbf", "exp"]
        return jwt.decode(token, key, algorithms=["EdDSA"], options={"require": required}, **expected)

    def test_the_claims_are_as_documented(self):
        entry, admission = self.admitted("alice")
        claims = self.decode(admission["token"])
        self.assertEqual(claims["sub"], entry["id"])
        self.assertLessEqual(claims["exp"] - time.time(), 60)
        self.assertNotIn("hold", claims)
        hold = self.server.request("POST", SALES + "/line/holds", self.customer("alice")).json
        self.assertEqual(self.decode(self.admitted("alice")[1]["token"])["hold"], hold["id"])

    def test_a_token_of_another_sale_server_or_hand_is_refused(self):
        token = self.admitted("bob")[1]["token"]
        with self.assertRaises(jwt.InvalidAudienceError):
            self.decode(token, audience="other")
        with self.assertRaises(jwt.InvalidIssuerError):
            self.decode(token, issuer="https://evil.example")
        head, payload, signature = token.split(".")
        forged = jwt.utils.base64url_encode(jwt.utils.base64url_decode(payload).replace(b'"line"', b'"evil"')).decode()
        with self.assertRaises(jwt.InvalidSignatureError):
            self.decode(f"{head}.{forged}.{signature}", audience="evil")

    def test_a_rotation_leaves_good_tokens_good(self):
        before = self.admitted("carol")[1]["token"]
        made = self.server.request("POST", "/api/v1/admission-keys", self.operator)
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual(len(self.keys.get_signing_keys()), 2)
        self.decode(before)
        exposed = self.server.request("POST", "/api/v1/admission-keys", self.operator, '{"exposed":true}').json
        with self.assertRaises(jwt.PyJWKClientError):
            self.decode(before)
        after = self.admitted("carol")[1]["token"]
        self.assertEqual(jwt.get_unverified_header(after)["kid"], exposed["kid"])
        self.decode(after)

    def test_keys_outlast_a_restart(self):
        before = self.admitted("dave")[1]["token"]
        self.server.kill()
        self.server.start()
        self.decode(before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
