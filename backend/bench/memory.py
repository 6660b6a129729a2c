"""`python -m bench.memory`: the server's memory while events pour in, and with idle connections."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

from bench import servers
from bench.bodies import FIVES, THOUSANDS, Play
from bench.load import connect, post_all
from bench.measure import Bench, LostEventsError, prepare, require_taken
from bench.report import Gate, markdown, say

_TEMPLATE = "memory"
_SEED = 20261121
_INTERVALS = 20
_WARM_UP_INTERVALS = 4
_FLAT_WITHIN = 1.05
_CONNECTIONS = 1000
_CONNECTIONS_MB = 50.0
_SETTLE_S = 1.0


@dataclass(frozen=True, slots=True)
class Resident:
    """Resident memory of the server's processes together, MB.

    `after_events[i]` is (events posted so far, MB). Of idle connections, on a server of its own:
    before them, with them open, and after each has posted once.
    """

    after_events: Sequence[tuple[int, float]]
    before_connections: float
    connected: float
    after_use: float

    def gates(self) -> list[Gate]:
        levels = [mb for _, mb in self.after_events]
        last = median(levels[-_WARM_UP_INTERVALS:])
        return [
            Gate(
                "memory at the end to after the warm-up",
                last / levels[_WARM_UP_INTERVALS - 1],
                _FLAT_WITHIN,
                False,
            ),
            Gate(
                f"MB more with {_CONNECTIONS:,} idle connections",
                max(self.connected, self.after_use) - self.before_connections,
                _CONNECTIONS_MB,
                False,
            ),
        ]


async def _post_events(server: servers.Server, play: Play, events: int) -> list[tuple[int, float]]:
    shape = replace(THOUSANDS, requests=max(1, events // _INTERVALS // THOUSANDS.batch))
    connections = await connect(server.port, shape.connections)
    posted, levels = 0, []
    for _ in range(_INTERVALS):
        requests = play.requests(shape, list(play.batches(shape)))
        sent = await post_all(connections, requests, in_flight=shape.in_flight)
        require_taken(sent)
        if sent.accepted != len(requests) * shape.batch:
            raise LostEventsError(f"{sent.accepted} of {len(requests) * shape.batch} accepted")
        posted += sent.accepted
        levels.append((posted, server.tree.resident_mb()))
        say(f"{posted:,} events: {levels[-1][1]:.1f} MB")
    for connection in connections:
        connection.close()
    return levels


async def _keep_connected(server: servers.Server, play: Play) -> tuple[float, float, float]:
    """Memory before connecting, connected, and after a batch of 5 on each connection.

    Every student has posted before, so that what remembers them is no part of it.
    """
    shape = replace(FIVES, connections=_CONNECTIONS, requests=_CONNECTIONS)
    levels = []
    for count in (THOUSANDS.connections, _CONNECTIONS):
        connections = await connect(server.port, count)
        levels.append(await _settled(server))
        requests = play.requests(shape, list(play.batches(shape)))
        require_taken(await post_all(connections, requests, in_flight=shape.in_flight))
        levels.append(await _settled(server))
        for connection in connections:
            connection.close()
    _, before, connected, after_use = levels
    return before, connected, after_use


async def _settled(server: servers.Server) -> float:
    await asyncio.sleep(_SETTLE_S)
    return server.tree.resident_mb()


def _run(events: int) -> Resident:
    with servers.database_server() as (dsn, postgres):
        [school] = asyncio.run(prepare(dsn, _TEMPLATE))
        bench = Bench(dsn, postgres, _TEMPLATE, school)
        play = Play(school, _SEED)
        with bench.database() as url:
            with servers.learntrace(url, processes=1) as server:
                levels = asyncio.run(_post_events(server, play, events))
            with servers.learntrace(url, processes=1) as server:
                return Resident(levels, *asyncio.run(_keep_connected(server, play)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="posted in all (1 M)")
    parser.add_argument("--out", type=Path, default=Path("bench-memory.json"))
    arguments = parser.parse_args()
    resident = _run(arguments.events)
    rows = [(f"{events:,} events", f"{mb:.1f}") for events, mb in resident.after_events]
    rows += [
        (f"{THOUSANDS.connections} connections", f"{resident.before_connections:.1f}"),
        (f"{_CONNECTIONS:,} connections", f"{resident.connected:.1f}"),
        ("after a batch of 5 on each", f"{resident.after_use:.1f}"),
    ]
    print(markdown(("after", "resident MB"), rows, names=1))
    for gate in resident.gates():
        print(gate)
    arguments.out.write_text(json.dumps(asdict(resident), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
