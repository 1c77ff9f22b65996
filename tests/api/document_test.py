"""Holds docs/api/openapi.yaml to the server's table of calls and refusals, and to the rules for such documents.

Usage: document_test.py LISTING, where LISTING is the binary that prints the table.
"""

import re
import subprocess
import sys
import unittest

import jsonschema
from openapi import DOCUMENT, Document

# Answered in front of the services, and by the guard.
SERVERS_OWN = {("GET", "/livez"), ("GET", "/readyz"), ("GET", "/metrics"), ("GET", "/api/v1/guard/challenge")}
BASE = "https://doorbuster.dev/problems/"

document = Document()
listing = []


def listed(kind):
    return {tuple(line[1:]) for line in listing if line[0] == kind}


def enums_of(node):
    """Every value in every enum below a node."""
    if isinstance(node, dict):
        found = set(node["enum"]) if isinstance(node.get("enum"), list) else set()
        return found.union(*(enums_of(each) for each in node.values()))
    if isinstance(node, list):
        return set().union(*(enums_of(each) for each in node))
    return set()


def schemas_of(node):
    """Every schema of a response, request or parameter below a node."""
    if isinstance(node, dict):
        for name, each in node.items():
            if name == "schema":
                yield each
            else:
                yield from schemas_of(each)
    elif isinstance(node, list):
        for each in node:
            yield from schemas_of(each)


class DocumentTest(unittest.TestCase):
    def test_names_every_call_and_no_other(self):
        self.assertEqual({(m, p) for m, p, _ in document.operations()}, listed("call") | SERVERS_OWN)

    def test_names_every_refusal_with_its_status(self):
        allowed = {}
        for _, _, operation in document.operations():
            for status, response in operation["responses"].items():
                types = enums_of(document.resolve(response).get("content", {}))
                allowed.setdefault(status, set()).update(types)
        for status, slug in sorted(listed("problem")):
            self.assertIn(BASE + slug, allowed.get(status, set()), f"{slug} is never a {status}")

    def test_has_an_id_a_summary_and_a_default_for_every_call(self):
        ids = [operation["operationId"] for _, _, operation in document.operations()]
        self.assertEqual(len(ids), len(set(ids)))
        for method, path, operation in document.operations():
            self.assertTrue(operation["summary"], f"{method} {path}")
            self.assertIn("default", operation["responses"], f"{method} {path}")

    def test_has_schemas_that_are_schemas_and_examples_that_fit_them(self):
        for name, schema in document.tree["components"]["schemas"].items():
            with self.subTest(schema=name):
                jsonschema.Draft202012Validator.check_schema(schema)
                for example in schema.get("examples", []):
                    document.validator(schema).validate(example)
        for schema in schemas_of(document.tree):
            jsonschema.Draft202012Validator.check_schema(schema)

    def test_has_examples_of_content_that_fit_their_schemas(self):
        contents = [each for _, _, operation in document.operations() for each in self.contents_of(operation)]
        self.assertGreater(len(contents), 5)
        for schema, example in contents:
            document.validator(schema).validate(example)

    def contents_of(self, operation):
        holders = [document.resolve(r) for r in operation["responses"].values()]
        holders += [document.resolve(operation["requestBody"])] if "requestBody" in operation else []
        for holder in holders:
            for content in holder.get("content", {}).values():
                for example in content.get("examples", {}).values():
                    yield content["schema"], example["value"]
                if "example" in content:
                    yield content["schema"], content["example"]

    def test_leads_every_reference_somewhere(self):
        def follow(node):
            if isinstance(node, dict):
                if isinstance(node.get("$ref"), str):
                    document.resolve(node)
                for each in node.values():
                    follow(each)
            elif isinstance(node, list):
                for each in node:
                    follow(each)

        follow(document.tree)

    def test_uses_every_component(self):
        text = str(document.tree)
        for kind, components in document.tree["components"].items():
            for name in components:
                used = f"#/components/{kind}/{name}'" in text or kind == "securitySchemes"
                self.assertTrue(used, f"{kind}/{name} is used nowhere")


class WebhooksTest(unittest.TestCase):
    def test_describes_every_event_that_the_page_for_receivers_names(self):
        page = (DOCUMENT.parents[1] / "webhooks.md").read_text()
        named = set()
        for row in re.findall(r"^\| (`[a-z_]+\.[a-z_]+`.*?) \|", page, re.MULTILINE):
            named |= set(re.findall(r"`([a-z_]+\.[a-z_]+)`", row))
        self.assertEqual(named, set(document.tree["webhooks"]))


class ComplaintsTest(unittest.TestCase):
    """The checker itself: it has to notice."""

    def complaints(self, status, headers, body, method="GET", target="/api/v1/keys"):
        return document.complaints(method, target, status, headers, body)

    def test_takes_an_answer_that_fits(self):
        json_type = {"content-type": "application/json"}
        self.assertEqual(self.complaints(200, json_type, b'{"keys":[]}'), [])

    def test_notices_a_missing_or_an_unknown_member(self):
        json_type = {"content-type": "application/json"}
        self.assertEqual(len(self.complaints(200, json_type, b"{}")), 1)
        self.assertEqual(len(self.complaints(200, json_type, b'{"keys":[],"more":1}')), 1)

    def test_notices_a_header_a_type_a_status_and_a_call_that_are_not_there(self):
        problem = b'{"type":"https://doorbuster.dev/problems/operator-key-needed","title":"t","status":401}'
        problem_type = {"content-type": "application/problem+json"}
        self.assertIn("WWW-Authenticate", self.complaints(401, problem_type, problem)[0])
        self.assertIn("content is", self.complaints(200, {}, b"{}")[0])
        self.assertIn("is not one of", self.complaints(418, problem_type, problem)[0])
        self.assertIn("not in the document", self.complaints(200, {}, b"", target="/api/v2")[0])


if __name__ == "__main__":
    output = subprocess.run([sys.argv.pop(1)], check=True, capture_output=True, text=True).stdout
    listing = [line.split(" ") for line in output.splitlines()]
    unittest.main()
