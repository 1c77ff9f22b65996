"""A real server of recommendations, and what tests ask of it."""

import json
import pathlib
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from live_server import LiveServer, mint  # noqa: E402

BASE = "/api/v1/recs"


class RecsServer(LiveServer):
    def __init__(self, binary, *flags):
        super().__init__(binary, "--services", "recs", *flags)

    def operator(self, method, path, body=None, connection=None):
        headers = {"Authorization": "Bearer " + self.key("operator.key")}
        text = None if body is None else body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.request(method, BASE + path, headers, text, connection)

    def public(self, method, path, body=None):
        return self.request(method, BASE + path, {}, None if body is None else json.dumps(body))

    def customer(self, who, method, path, body=None):
        headers = {"Authorization": "Bearer " + self.mint(who)}
        return self.request(method, BASE + path, headers, None if body is None else json.dumps(body))

    def mint(self, who):
        return mint(self.key("shop.key"), who)

    def tell(self, *events, connection=None):
        answer = self.operator("POST", "/events", list(events), connection)
        if answer.status != 202:
            raise AssertionError(f"events are answered {answer.status}: {answer.body}")
        return answer.json

    def items(self, path, **query):
        """The names of what is recommended."""
        text = urllib.parse.urlencode(query)
        answer = self.operator("GET", path + ("?" + text if text else ""))
        if answer.status != 200:
            raise AssertionError(f"{path} {query} is answered {answer.status}: {answer.body}")
        return [one["item"] for one in answer.json["items"]]


def event(kind, item, **members):
    return {"type": kind, "item": item} | members
