"""Recommendations by clients that exist: Gorse's gorsejs and AWS's for Amazon Personalize, as npm has them.

Usage: compat_test.py DOORBUSTER FOLDER: the server's binary, and where npm may put the packages. Ends with 77 where npm
or its registry cannot be had.
"""

import hashlib
import hmac
import json
import pathlib
import subprocess
import sys
import time
import unittest

from recs_server import RecsServer

from npm_packages import SKIPPED, fetched  # noqa: E402, after recs_server has said where it is

HERE = pathlib.Path(__file__).resolve().parent / "clients"
BINARY, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
FILTERS = {
    "category": "INCLUDE ItemID WHERE Items.CATEGORY_L1 IN ($CATEGORY)",
    "cheap": "INCLUDE ItemID WHERE Items.PRICE <= $MOST",
    "not-viewed": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("View")',
    "not-clicked": 'EXCLUDE ItemID WHERE INTERACTIONS.event_type IN ("Click")',
    "both": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*") | INCLUDE ItemID WHERE Items.GENRES IN ("outdoor")',
    "like-this": "INCLUDE ItemID WHERE Items.GENRES IN (CurrentItem.GENRES) AND Items.PRICE < CurrentItem.PRICE",
    "of-adults": 'EXCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("camping") IF CurrentUser.AGE > 18',
    "ratings": "INCLUDE ItemID WHERE Items.NUMBER_OF_RATINGS >= 3",
    "left-out": 'EXCLUDE ItemID WHERE Items.PRICE > $MOST OR Items.CATEGORY_L1 IN ("light")',
}


def node(script, *arguments):
    command = ["node", script, *arguments]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class Gorse(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(RecsServer(BINARY))
        endpoint = f"http://127.0.0.1:{cls.server.port}/api/v1/recs/gorse"
        cls.seen = node("gorse.mjs", endpoint, cls.server.key("operator.key").strip())

    def sees(self, **expected):
        for name, value in expected.items():
            with self.subTest(name):
                self.assertEqual(self.seen[name], value)

    def test_items_come_in_and_out(self):
        tent = {"ItemId": "tent", "IsHidden": False, "Categories": ["camping"], "Timestamp": "2026-01-01T00:00:00.000Z",
                "Labels": ["big", "outdoor"], "Comment": "The tent"}  # fmt: skip
        self.sees(upsertItem=1, upsertItems=5, getItem=tent, updateItem=1, insertItemCategory=1, deleteItemCategory=1)
        lamp = self.seen["lamp"]
        self.assertEqual((lamp["Comment"], lamp["Categories"], lamp["Labels"]), ("Bright", ["light"], ["outdoor"]))
        self.sees(getItems=[["tent", "stove", "lamp", "mat"], ["novel", "secret"], ""], deleteItem=1)

    def test_a_change_leaves_what_gorse_does_not_know_as_it_is(self):
        known = {"price": 5, "vectors": {"text": [0.5] * 8}}
        self.assertEqual(self.server.operator("PUT", "/items/kept", known).status, 201)
        headers = {"X-API-Key": self.server.key("operator.key").strip()}
        path = "/api/v1/recs/gorse/api/item/kept"
        answer = self.server.request("PATCH", path, headers, json.dumps({"Comment": "changed"}))
        self.assertEqual((answer.status, answer.json), (200, {"RowAffected": 1}))
        item = self.server.operator("GET", "/items/kept").json
        self.assertEqual((item["text"], item["price"], item["vectors"]), ("changed", 5, known["vectors"]))

    def test_users_come_in_and_out(self):
        ann = {"UserId": "ann", "Labels": ["regular"], "Comment": "since 2020"}
        self.sees(insertUser=1, insertUsers=2, updateUser=1, getUser=ann, deleteUser=1)

    def test_feedback_counts_once_and_is_taken_back(self):
        self.sees(insertFeedbacks=6, again=2, upsertFeedbacks=1)
        feedback = self.seen["getFeedback"]
        self.assertEqual((feedback["FeedbackType"], feedback["UserId"], feedback["Timestamp"]),
                         ("star", "bob", "2026-01-09T00:00:00.000Z"))  # fmt: skip
        self.sees(getUserFeedback=[["purchase", "mat"], ["purchase", "stove"], ["purchase", "tent"]],
                  getUserFeedbackByType=["tent"])  # fmt: skip
        self.assertEqual(self.seen["deleteFeedback"], {"RowAffected": 1})
        self.sees(afterDelete=["stove", "tent"], likedAgain=1, afterLikedAgain=["mat", "stove", "tent"])
        # Bob is forgotten, and what is left is what cid does.
        item = self.server.operator("GET", "/items/mat").json
        self.assertEqual(item["bought_by"], 1)

    def test_recommendations_are_those_of_the_house(self):
        self.assertEqual(set(self.seen["getRecommend"]), {"stove", "mat"})
        self.assertEqual(len(self.seen["getRecommendOffset"]), 2)
        self.assertEqual(self.seen["getRecommendOffset"][0], self.seen["getRecommend"][1])
        self.assertNotIn("tent", self.seen["getRecommendOffset"])
        self.sees(getRecommendCategory=["novel"])
        self.assertEqual(self.seen["getPopular"][0]["Id"], "tent")
        self.assertGreater(self.seen["getPopular"][0]["Score"], 0)
        self.assertEqual([one["Id"] for one in self.seen["getPopularCategory"]], ["novel"])
        self.assertEqual([one["Id"] for one in self.seen["getLatest"]], ["mat", "lamp"])
        self.assertEqual(self.seen["getLatest"][0]["Score"], 1_767_484_800)
        self.assertEqual(set(self.seen["getItemNeighbors"]), {"stove", "mat", "lamp"})
        self.assertEqual(set(self.seen["getSessionRecommend"]), {"stove", "mat"})

    def test_what_was_recommended_is_written_back(self):
        recommended, read, is_there_still = self.seen["writtenBack"]
        self.assertEqual(read, sorted([*recommended, "tent"]))
        self.assertFalse(is_there_still)

    def test_refusals_raise_the_clients_exception(self):
        expected = {"user": (404, "bob: user not found"), "item": (404, "secret: item not found"),
                    "feedback": (404, "feedback not found"), "row": (400, "feedback 1: /UserId"),
                    "taken": (501, "only what counts as a purchase"), "users": (501, "names of users are not kept"),
                    "neighbors": (501, "names of users are not kept"), "key": (401, "unauthorized"),
                    "none": (401, "an operator's key is needed")}  # fmt: skip
        for name, (status, words) in expected.items():
            with self.subTest(name):
                is_own, code, message = self.seen["refusals"][name]
                self.assertEqual((is_own, code), (True, status), message)
                self.assertIn(words, message)
        self.assertEqual(self.seen["eve"][1], 404, "a batch with a bad row records none")


class Personalize(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(RecsServer(BINARY))
        for name, expression in FILTERS.items():
            answer = cls.server.operator("PUT", f"/personalize/filters/{name}", {"expression": expression})
            assert answer.status == 201, answer.body
        credentials = cls.server.operator("POST", "/personalize/credentials").json
        endpoint = f"http://127.0.0.1:{cls.server.port}/api/v1/recs/personalize"
        cls.seen = node("personalize.mjs", endpoint, credentials["access_key_id"], credentials["secret_access_key"])

    def test_what_came_in_is_what_the_house_has(self):
        tent = self.server.operator("GET", "/items/tent").json
        self.assertEqual((tent["price"], tent["brand"], tent["categories"]),
                         (99.5, "Acme", ["camping", "outdoor", "family"]))  # fmt: skip
        self.assertEqual((tent["bought_by"], tent["viewed_by"]), (2, 3))
        ann = self.server.operator("GET", "/users/ann").json
        self.assertEqual(ann["profile"], {"age": 17, "membership": "gold"})
        self.assertEqual([touch["item"] for touch in ann["events"]], ["tent", "tent", "lamp"], "an eventId counts once")

    def test_recommendations_are_those_of_the_house(self):
        self.assertEqual(set(self.seen["forAnn"]), {"stove", "lamp"})
        self.assertIn(self.seen["also"], (["stove"], ["lamp"]))
        self.assertEqual(self.seen["metadata"], {"PRICE": "99.5", "GENRES": "outdoor|family", "BRAND": "Acme"})
        self.assertTrue(self.seen["scores"])
        answer = self.server.operator("GET", "/explain?recommendation=" + self.seen["recommendationId"])
        self.assertEqual(answer.status, 200)

    def test_filters_hold(self):
        self.assertEqual(self.seen["filters"], {
            "category": ["mat", "stove", "tent"],
            "cheap": ["lamp", "mat"],
            "notViewed": ["mat", "stove"],
            "notClickedByBob": ["lamp", "tent"],
            "both": ["stove"],
            "likeThis": ["lamp", "mat", "stove"],
            "ofAdults": [["lamp", "mat", "stove", "tent"], ["lamp"]],
            "ratings": ["lamp", "mat"],
            "leftOut": ["mat", "stove", "tent"],
        })  # fmt: skip

    def test_a_list_is_put_in_order(self):
        self.assertEqual(self.seen["ranking"], ["stove", "mat", "unknown"])
        self.assertEqual(self.seen["rankingFiltered"], ["mat"])

    def test_refusals_raise_the_clients_exceptions(self):
        expected = {"noFilter": ("ResourceNotFoundException", 404, "no filter 'nothing'"),
                    "noValue": ("InvalidInputException", 400, "no value is given for $MOST"),
                    "noCampaign": ("InvalidInputException", 400, "campaignArn or recommenderArn"),
                    "tooMany": ("InvalidInputException", 400, "/numResults"),
                    "event": ("InvalidInputException", 400, "/eventList/0/itemId"),
                    "properties": ("InvalidInputException", 400, "/price"),
                    "wrongSecret": ("InvalidSignatureException", 403, "the signature does not fit"),
                    "unknownKey": ("UnrecognizedClientException", 403, "not one of this server"),
                    "late": ("InvalidSignatureException", 403, "15 minutes")}  # fmt: skip
        for name, (exception, status, words) in expected.items():
            with self.subTest(name):
                is_own, called, code, message = self.seen["refusals"][name]
                self.assertEqual((is_own, called, code), (True, exception, status), message)
                self.assertIn(words, message)

    def test_the_secret_ends_with_its_key(self):
        body = json.dumps({"kind": "operator", "name": "till"})
        made = self.server.request("POST", "/api/v1/keys", self.bearer(), body)
        self.assertEqual(made.status, 201, made.body)
        bearer = {"Authorization": "Bearer " + made.json["key"]}
        path = "/api/v1/recs/personalize/credentials"
        first, again = (self.server.request("POST", path, bearer).json for _ in range(2))
        self.assertEqual(first, again)
        self.assertNotIn(first["secret_access_key"], made.json["key"])
        self.assertEqual(self.server.public("POST", "/personalize/credentials").status, 401)
        self.assertEqual(self.signed(first).status, 200)
        self.assertEqual(self.signed(first, sent="{}").status, 403, "another body than what was signed")
        revoked = self.server.request("DELETE", "/api/v1/keys/" + made.json["id"], self.bearer())
        self.assertEqual(revoked.status, 204)
        self.assertEqual(self.signed(first).json["__type"], "UnrecognizedClientException")

    def bearer(self):
        return {"Authorization": "Bearer " + self.server.key("operator.key").strip()}

    def signed(self, credentials, sent=None):
        """As AWS's guide signs it, by hand."""
        path, body = "/api/v1/recs/personalize/recommendations", json.dumps({"campaignArn": "arn:x/home"})
        now, host = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()), f"127.0.0.1:{self.server.port}"
        digest = lambda text: hashlib.sha256(text.encode()).hexdigest()  # noqa: E731
        request = f"POST\n{path}\n\nhost:{host}\nx-amz-date:{now}\n\nhost;x-amz-date\n{digest(body)}"
        scope = [now[:8], "eu-west-1", "personalize", "aws4_request"]
        key = ("AWS4" + credentials["secret_access_key"]).encode()
        for part in scope + [f"AWS4-HMAC-SHA256\n{now}\n{'/'.join(scope)}\n{digest(request)}"]:
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        authorization = (f"AWS4-HMAC-SHA256 Credential={credentials['access_key_id']}/{'/'.join(scope)}, "
                         f"SignedHeaders=host;x-amz-date, Signature={key.hex()}")  # fmt: skip
        headers = {"Host": host, "X-Amz-Date": now, "Authorization": authorization}
        return self.server.request("POST", path, headers, body if sent is None else sent)


if __name__ == "__main__":
    if not fetched(HERE, FOLDER, "gorse.mjs", "personalize.mjs"):
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
