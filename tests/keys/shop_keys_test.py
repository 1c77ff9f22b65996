"""The configuration is the truth for the shop keys that it names, at every start of a real server."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "settings"))
from row import holds, same  # noqa: E402
from shop import SALES, Shop, mint_by  # noqa: E402

OLD = "the old secret, 32 bytes at least"
NEW = "the new secret, 32 bytes at least"


def section(key, secret):
    return f'[[customers.shop_keys]]\nid = "{key}"\nsecret = "{secret}"\n'


class KeyedShop(Shop):
    def __init__(self, binary, config):
        super().__init__(binary, config=config or "# nothing\n")

    def restart(self, config):
        (self.folder / "more.toml").write_text(config)
        self.seconds_to_stop()
        (self.folder / "server.log").write_text("")
        self.start()

    def takes(self, key, secret):
        token = mint_by(key, secret, f"customer of {key} {secret}")
        return self.request("POST", f"{SALES}/drop/holds", {"Authorization": "Bearer " + token}).status != 401

    def said(self, key):
        return [line for line in self.log().splitlines() if f"key={key} " in line]


def changed_and_taken_out(binary):
    with KeyedShop(binary, section("till", OLD)) as shop:
        shop.sell(units=50)
        made = shop.operator("POST", "/api/v1/keys", {"kind": "shop", "name": "by API", "id": "made", "secret": OLD})
        same(made.status, 201)
        holds(shop.takes("till", OLD), "the secret of the file does not sign")
        shop.restart(section("till", NEW))
        same((shop.takes("till", OLD), shop.takes("till", NEW)), (False, True), "old and new secret")
        holds("tokens of the secret before are refused" in "".join(shop.said("till")), shop.log())
        shop.restart(section("till", NEW))
        same(shop.said("till"), [], "what is said where nothing has changed")
        shop.restart("")
        same((shop.takes("till", OLD), shop.takes("till", NEW)), (False, False), "taken out of the file")
        holds("not in the configuration any more" in "".join(shop.said("till")), shop.log())
        holds(shop.takes("made", OLD), "a key made by API went with it")


def revoked(binary):
    with KeyedShop(binary, section("till", OLD)) as shop:
        shop.sell(units=50)
        same(shop.operator("DELETE", "/api/v1/keys/till").status, 204)
        for _ in range(2):
            shop.restart(section("till", OLD))
            holds(not shop.takes("till", OLD), "a revoked key is back")
            holds("revoked by API, and stays so" in "".join(shop.said("till")), shop.log())
        listed = json.loads(shop.operator("GET", "/api/v1/keys").body)["keys"]
        same([key["id"] for key in listed if key["id"] == "till"], [])
        shop.restart(section("till", NEW))
        same((shop.takes("till", OLD), shop.takes("till", NEW)), (False, True), "with another secret it is another key")


def of_somebody_else(binary):
    """One id for two secrets: the start says so and does not choose."""
    with KeyedShop(binary, "") as shop:
        shop.sell(units=50)
        shop.operator("POST", "/api/v1/keys", {"kind": "shop", "name": "by API", "id": "till", "secret": OLD})
        try:
            shop.restart(section("till", NEW))
        except RuntimeError as error:
            holds("which was made by API" in str(error), error)
        else:
            raise AssertionError("it starts with two keys of one id")
        (shop.folder / "more.toml").write_text("")
        shop.start()
        holds(shop.takes("till", OLD), "the key made by API is gone")


if __name__ == "__main__":
    for test in (changed_and_taken_out, revoked, of_somebody_else):
        test(sys.argv[1])
        print(f"{test.__name__}: ok", flush=True)
