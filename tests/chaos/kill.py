"""kill -9 of the real server, and SIGSTOP, again and again under load; what customers were told is held against what
the server knows after each restart."""

import argparse
import asyncio
import json
import random
import sys
import tempfile

from crowd import Broken, Crowd
from server import Server

CUSTOMERS = 200
UNITS = 150
# With several cells each of these is in another one of four.
SALES = ["chaos", "a", "c", "d"]


def create_sale(server, sale, units):
    body = {"id": sale, "title": "Chaos", "units": units, "queue": "none", "hold_seconds": 86_400}
    body["opens_at"], body["payment_grace_seconds"] = "2020-01-01T00:00:00Z", 86_400
    status, text = server.ask("POST", "/api/v1/sales", server.operator_key(), json.dumps(body))
    if status != 201:
        raise Broken(f"the sale could not be created: {status} {text}")


def numbers_of(server, sale):
    status, text = server.ask("GET", f"/api/v1/sales/{sale}")
    if status != 200:
        raise Broken(f"the sale can't be seen: {status} {text}")
    return json.loads(text)


def check_numbers(server, crowd, sale, units):
    numbers = numbers_of(server, sale)
    parts = {name: numbers[name] for name in ("available", "offered", "held", "paying", "sold")}
    if sum(parts.values()) != units:
        raise Broken(f"{parts} are not {units} units")
    if parts["held"] + parts["paying"] != crowd.live_holds():
        raise Broken(f"{parts}, but customers know of {crowd.live_holds()} holds")
    print(f"   at the end: {parts}")


async def trouble(server, rounds, chance):
    loop = asyncio.get_running_loop()
    for number in range(rounds):
        await asyncio.sleep(chance.uniform(0.2, 1.5))
        if chance.random() < 0.25:
            await loop.run_in_executor(None, server.freeze, chance.uniform(0.1, 1.0))
            continue
        server.kill()
        await asyncio.sleep(chance.uniform(0, 0.3))
        server.start()
        if chance.random() < 0.2:  # in the middle of its recovery
            await asyncio.sleep(chance.uniform(0, 0.2))
            server.kill()
            server.start()
        seconds = await loop.run_in_executor(None, server.wait_until_ready)
        print(f"   round {number + 1}: ready {seconds:.2f} s after kill -9")


async def run(server, crowds, rounds, chance):
    tasks = [asyncio.create_task(crowd.live()) for crowd in crowds]
    tasks.append(asyncio.create_task(trouble(server, rounds, chance)))
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for crowd in crowds:
        crowd.is_over = True
    await asyncio.gather(*tasks)
    for crowd in crowds:
        await crowd.check_all()


def check_cells(server, cells):
    """That the sales have kept all of the cells busy."""
    metrics = server.ask("GET", "/metrics")[1]
    for cell in range(cells):
        if f'doorbuster_cell_durable_sequence{{cell="{cell}"}} 0\n' in metrics:
            raise Broken(f"cell {cell} has decided nothing")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("doorbuster", help="the binary")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--cells", type=int, default=1, choices=(1, 4))
    arguments = parser.parse_args()
    print(f"kill.py --seed {arguments.seed} --rounds {arguments.rounds} --cells {arguments.cells}")
    sales = SALES[: arguments.cells]
    units, customers = UNITS // len(sales), CUSTOMERS // len(sales)
    with tempfile.TemporaryDirectory(prefix="doorbuster-chaos-") as folder:
        flags = ["--log-snapshot-every-events", "1000", "--cells", str(arguments.cells)]
        server = Server(arguments.doorbuster, folder, *flags)
        server.start()
        try:
            server.wait_until_ready()
            crowds = {}
            for sale in sales:
                create_sale(server, sale, units)
                crowds[sale] = Crowd(server.port, sale, server.tokens(customers), arguments.seed)
            asyncio.run(run(server, list(crowds.values()), arguments.rounds, random.Random(arguments.seed)))
            for sale, crowd in crowds.items():
                check_numbers(server, crowd, sale, units)
                print(f"   {crowd.summary()}")
            check_cells(server, arguments.cells)
        except (Broken, RuntimeError) as broken:
            print(f"BROKEN: {broken}\n{server.log_tail()}", file=sys.stderr)
            return 1
        finally:
            server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
