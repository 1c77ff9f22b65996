"""The calls of short links, as conformance.py makes them."""

import datetime
import json


def now_and(seconds):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class LinkCalls:
    """A part of Conformance."""

    def shorten(self):
        """A short link, from its making until it is over; returns what can be named in paths."""
        urls = "/api/v1/urls"
        link = {"long_url": "https://shop.example/drop", "custom_alias": "mail", "title": "Mail", "tags": ["mail"]}
        made = self.expect(201, "POST", urls, self.operator, link)
        self.expect(409, "POST", urls, self.operator, link)
        code = self.expect(201, "POST", urls, self.operator, {"long_url": link["long_url"]}).json["short_code"]
        for status in (302, 307, 308):
            self.expect(200, "PATCH", f"{urls}/{code}", self.operator, {"redirect_status": status})
            self.expect(status, "GET", f"/{code}")
        same = {"long_url": link["long_url"], "find_if_exists": True}
        for status in (201, 200):
            self.expect(status, "POST", urls, self.operator, same)
        keyed = self.operator | {"Idempotency-Key": "a link"}
        for url, status in (("https://a.example/", 201), ("https://a.example/", 201), ("https://b.example/", 422)):
            self.expect(status, "POST", urls, keyed, {"long_url": url})
        self.expect(301, "GET", "/mail")
        self.expect(301, "HEAD", "/mail")
        page = {"Accept": "text/html,*/*;q=0.8"}
        for headers in ({}, page):
            self.expect(200, "GET", "/mail+", headers)
            for path in ("/nobody", "/nobody+", "/nobody.qr"):
                self.expect(404, "GET", path, headers)
        for query in ("", "?format=png&scale=3&level=H"):
            self.expect(200, "GET", "/mail.qr" + query)
        for query in ("?format=gif", "?scale=0", "?scale=33", "?level=X"):
            self.expect(400, "GET", "/mail.qr" + query)
        self.expect(200, "GET", f"{urls}?limit=1", self.operator)
        self.expect(400, "GET", f"{urls}?cursor=x", self.operator)
        self.expect(200, "GET", urls + "/mail", self.operator)
        analytics = f"/api/v1/analytics/{code}"
        clicks = lambda: self.call("GET", analytics, self.operator).json["total_clicks"]  # noqa: E731
        self.until(lambda: clicks() == 3, "the clicks were counted")
        self.expect(200, "GET", analytics + "?from=2026-01-01&to=2126-01-01", self.operator)
        self.expect(200, "GET", analytics + "?tz=Europe/Berlin&unit=hour", self.operator)
        self.expect(200, "GET", analytics + "/live", self.operator)
        self.expect(400, "GET", analytics + "?from=today", self.operator)
        self.expect(400, "GET", analytics + "?tz=Europe/Nowhere", self.operator)
        tag = {"If-Match": made.headers["etag"]}
        self.expect(200, "PATCH", urls + "/mail", self.operator | tag, {"title": "Letter"})
        self.expect(412, "PATCH", urls + "/mail", self.operator | tag, {"title": "Card"})
        self.expect(200, "PATCH", f"{urls}/{code}", self.operator, {"expiration_date": now_and(-1)})
        self.expect(410, "GET", f"/{code}")
        self.expect(410, "GET", f"/{code}", page)
        self.expect(204, "DELETE", f"{urls}/{code}", self.operator)
        self.expect(404, "GET", f"/{code}")
        for query in ("?tag=mail", "?domain=shop.example&limit=1", "?q=letter"):
            self.expect(200, "GET", urls + query, self.operator)
        self.expect(400, "GET", urls + "?tag=%zz", self.operator)
        self.told()
        self.channel()
        self.many()
        self.routed()
        user = self.user()
        return {"code": "mail", "user": user} | self.abuse()

    def told(self):
        """What only webhooks tell: a link that is used up, and one that expires."""
        urls, url = "/api/v1/urls", "https://shop.example/"
        self.expect(201, "POST", urls, self.operator, {"long_url": url, "custom_alias": "once", "max_visits": 1})
        person = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"}
        self.expect(301, "GET", "/once", person)
        self.expect(410, "GET", "/once", person)
        brief = {"long_url": url, "custom_alias": "brief", "expiration_date": now_and(2)}
        self.expect(201, "POST", urls, self.operator, brief)

    def abuse(self):
        """Links that nobody may follow any more; returns the one that is left."""
        take_downs = "/api/v1/abuse/take-downs"
        bad = {"long_url": "https://bad.example/", "custom_alias": "bad"}
        self.expect(201, "POST", "/api/v1/urls", self.operator, bad)
        domain = {"domain": "bad.example", "reason": "Malware", "notice": "https://law.example/7"}
        made = self.expect(201, "POST", take_downs, self.operator, domain).json
        self.expect(409, "POST", take_downs, self.operator, domain)
        self.expect(404, "POST", take_downs, self.operator, {"short_code": "nobody", "reason": "x"})
        self.expect(400, "POST", take_downs, self.operator, {"reason": "x"})
        for headers in ({}, {"Accept": "text/html,*/*;q=0.8"}):
            for path in ("/bad", "/bad+", "/bad.qr"):
                self.expect(451, "GET", path, headers)
        self.expect(403, "POST", "/api/v1/urls", self.operator, bad | {"custom_alias": "worse"})
        self.expect(403, "PATCH", "/api/v1/urls/mail", self.operator, {"long_url": "https://www.bad.example/"})
        code = {"short_code": "bad", "reason": "Malware"}
        kept = self.expect(201, "POST", take_downs, self.operator, code).json
        self.expect(200, "GET", take_downs + "?limit=1", self.operator)
        self.expect(204, "DELETE", f"{take_downs}/{made['id']}", self.operator)
        self.expect(404, "DELETE", f"{take_downs}/{made['id']}", self.operator)
        self.expect(404, "DELETE", take_downs + "/x", self.operator)
        self.expect(200, "GET", "/api/v1/abuse/flagged", self.operator)
        self.expect(400, "GET", "/api/v1/abuse/flagged?limit=x", self.operator)
        form, reports = {"Content-Type": "application/x-www-form-urlencoded"}, "/api/v1/abuse/reports"
        for headers in (form, form | {"Accept": "text/html"}):
            self.expect(202, "POST", "/mail+", headers, "reason=spam&words=Again")
            self.expect(400, "POST", "/mail+", headers, "reason=dull")
        self.expect(451, "POST", "/bad+", form, "reason=spam")
        self.expect(404, "POST", "/nobody+", form, "reason=spam")
        self.expect(200, "GET", reports, self.operator)
        self.expect(204, "DELETE", reports + "/mail", self.operator)
        self.expect(404, "DELETE", reports + "/mail", self.operator)
        for report in ("top-domains", "orphan-visits"):
            self.expect(200, "GET", f"/api/v1/abuse/{report}", self.operator)
        self.expect(200, "GET", "/robots.txt")
        return {"id": str(kept["id"])}

    def routed(self):
        """A link with rules, variants and a password."""
        urls, page = "/api/v1/urls", {"Accept": "text/html"}
        rules = [{"when": {"country": ["DE"], "since": now_and(-9)}, "long_url": "https://shop.example/de"},
                 {"when": {"language": ["fr"], "query": ["a=b"]}, "long_url": "https://shop.example/fr"}]  # fmt: skip
        variants = [{"name": name, "long_url": f"https://{name}.example/", "weight": 2} for name in "ab"]
        link = {"long_url": "https://shop.example/", "custom_alias": "routed", "external_id": "crm-7", "rules": rules,
                "variants": variants, "forward_query": True}  # fmt: skip
        self.expect(201, "POST", urls, self.operator, link)
        self.expect(400, "POST", urls, self.operator, link | {"rules": [{"when": {}, "long_url": link["long_url"]}]})
        self.expect(400, "PATCH", urls + "/routed", self.operator, {"variants": variants[:1]})
        self.expect(301, "GET", "/routed?c=d")
        self.expect(200, "GET", "/routed+", page)
        explain = urls + "/routed/explain"
        described = "?user_agent=curl/8&accept_language=fr&country=AT&address=192.0.2.1&query=a%3Db&at=" + now_and(0)
        for query in ("", "?country=DE", described):
            self.expect(200, "GET", explain + query, self.operator)
        self.expect(400, "GET", explain + "?country=Germany", self.operator)
        self.expect(401, "GET", explain)
        self.expect(404, "GET", explain.replace("routed", "nobody"), self.operator)
        self.expect(200, "GET", "/api/v1/analytics/routed", self.operator)
        self.expect(200, "PATCH", urls + "/routed", self.operator, {"password": "x"})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for headers, asked in ((form, 403), (form | page, 200)):
            self.expect(asked, "GET", "/routed", headers)
            self.expect(asked, "POST", "/routed", headers, "password=")
            self.expect(403, "POST", "/routed", headers, "password=y")
            self.expect(303, "POST", "/routed", headers, "password=x")
        guess = lambda: self.call("POST", "/routed", form, "password=y").status  # noqa: E731
        self.until(lambda: guess() == 429, "somebody has guessed too often")
        for headers in (form, form | page):
            self.expect(429, "POST", "/routed", headers, "password=y")
            self.expect(404, "POST", "/nobody", headers, "password=x")
        self.expect(200, "PATCH", urls + "/routed", self.operator, {"expiration_date": now_and(-1)})
        self.expect(410, "POST", "/routed", form, "password=x")

    def many(self):
        """Links by the dozen."""
        bulk = "/api/v1/urls/bulk"
        lines = {"Content-Type": "application/x-ndjson"}
        links = [{"long_url": f"https://shop.example/{i}"} for i in range(12)] + [{"long_url": "no"}]
        self.expect(200, "POST", bulk, self.operator, links)
        self.expect(409, "POST", bulk + "?all_or_nothing=true", self.operator, links)
        self.expect(400, "POST", bulk + "?all_or_nothing=perhaps", self.operator, links)
        self.expect(200, "POST", bulk, self.operator | lines, "\n".join(json.dumps(link) for link in links))
        self.expect(400, "POST", bulk, self.operator, "[{}")
        for form in ("", "?format=ndjson", "?format=csv", "?format=nginx"):
            self.expect(200, "GET", "/api/v1/urls/export" + form, self.operator)
        self.expect(400, "GET", "/api/v1/urls/export?format=xlsx", self.operator)
        self.moved()
        key = {"Idempotency-Key": "dozen"}
        self.expect(200, "POST", bulk, self.operator | key, links)
        self.expect(422, "POST", bulk, self.operator | key, links[:1])

    def moved(self):
        """Links that come from elsewhere."""
        target = "/api/v1/urls/import?format=dub"
        links = [{"domain": "dub.example", "key": "moved", "url": "https://shop.example/moved", "clicks": 7},
                 {"domain": "dub.example", "key": "closed", "url": "https://shop.example/", "password": "x"},
                 {"key": "mail", "url": "https://elsewhere.example/"}, {"key": "no"}]  # fmt: skip
        self.expect(200, "POST", target + "&dry_run=true&domain=dub.example&tz=Europe/Berlin", self.operator, links)
        for _ in range(2):
            self.expect(200, "POST", target + "&allow=without-password", self.operator, links)
        table = {"Content-Type": "text/csv"}
        row = "alias,long_url\na,https://a.example\n"
        self.expect(200, "POST", target.replace("dub", "csv"), self.operator | table, row)
        for query in ("&dry_run=perhaps", "&tz=Europe/Nowhere", "&allow=all"):
            self.expect(400, "POST", target + query, self.operator, links)
        key = {"Idempotency-Key": "moved"}
        self.expect(200, "POST", target, self.operator | key, links)
        self.expect(422, "POST", target, self.operator | key, links[:1])
        self.expect(200, "GET", "/api/v1/analytics/moved", self.operator)

    def user(self):
        """Who may make links without being an operator, from their making to their end; the id of one who stays."""
        users = "/api/v1/users"
        self.expect(400, "POST", users, self.operator, {"name": ""})
        made = self.expect(201, "POST", users, self.operator, {"name": "agency", "monthly_limit": 2})
        path = f"{users}/{made.json['id']}"
        key = self.expect(201, "POST", path + "/keys", self.operator, {"name": "office"}).json
        own = {"Authorization": "Bearer " + key["key"]}
        for _ in range(2):
            self.expect(201, "POST", "/api/v1/urls", own, {"long_url": "https://shop.example/"})
        self.expect(429, "POST", "/api/v1/urls", own, {"long_url": "https://shop.example/"})
        self.expect(404, "GET", "/api/v1/urls/mail", own)
        self.expect(200, "GET", users + "/me", own)
        self.expect(200, "GET", users + "/me/usage", own)
        self.expect(200, "GET", users + "/me/keys", own)
        self.expect(200, "GET", users + "/me/export", own)
        self.expect(200, "GET", users + "?limit=1", self.operator)
        self.expect(400, "GET", users + "?cursor=x", self.operator)
        tag = {"If-Match": made.headers["etag"]}
        self.expect(200, "PATCH", path, self.operator | tag, {"state": "suspended"})
        self.expect(412, "PATCH", path, self.operator | tag, {"state": "active"})
        self.expect(403, "GET", users + "/me", own)
        self.expect(200, "PATCH", path, self.operator, {"state": "active"})
        self.expect(404, "DELETE", path + "/keys/000000000000", own)
        for _ in range(15):
            self.expect(201, "POST", path + "/keys", self.operator, {"name": "more"})
        self.expect(409, "POST", path + "/keys", self.operator, {"name": "too many"})
        self.expect(204, "DELETE", f"{path}/keys/{key['id']}", own)
        self.expect(401, "GET", users + "/me", own)
        self.expect(202, "DELETE", path, self.operator)
        self.until(lambda: self.call("GET", path, self.operator).status == 404, "the user is erased")
        return self.expect(201, "POST", users, self.operator, {"name": "shop", "plan_type": "pro"}).json["id"]

    def channel(self):
        """The links of a sale, and what they have brought."""
        sale = {"id": "told-of", "title": "Told of", "units": 3, "queue": "none", "opens_at": now_and(-60)}
        self.expect(201, "POST", "/api/v1/sales", self.operator, sale)
        links = "/api/v1/sales/told-of/links"
        self.expect(200, "GET", links, self.operator)
        code = self.expect(201, "POST", links, self.operator, {"title": "Radio"}).json["short_code"]
        self.expect(201, "POST", links, self.operator, {"custom_alias": "told-of", "long_url": "https://shop.example/"})
        self.expect(409, "POST", links, self.operator, {"custom_alias": "told-of"})
        self.expect(400, "POST", links, self.operator, {"long_url": "no"})
        self.expect(404, "POST", links.replace("told-of", "untold"), self.operator, {})
        self.expect(404, "GET", links.replace("told-of", "untold"), self.operator)
        self.expect(301, "GET", "/" + code)
        bought = {"metadata": {"channel": code}}
        self.expect(201, "POST", "/api/v1/sales/told-of/holds", self.customer("listener"), bought)
        results = lambda: self.call("GET", links, self.operator).json["links"][-1]  # noqa: E731
        self.until(lambda: results()["holds"] == 1, "what a link has brought is known")
        self.expect(200, "GET", links + "?limit=1", self.operator)
        self.expect(400, "GET", links + "?cursor=x", self.operator)
