"""`python -m bench.growth`: what an event costs on an empty table of events, and on a full one."""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import asyncpg

from bench import servers
from bench.bodies import THOUSANDS, Play
from bench.history import fill
from bench.load import connect
from bench.measure import Bench, Cost, LostEventsError, cost_of, prepare
from bench.report import Gate, markdown, say
from bench.school import School

_TEMPLATE = "growth"
_SEED = 20261121
_SCHOOLS = 20
_SHAPE = replace(THOUSANDS, requests=5)  # of each school in a round
_WITHIN = 1.25
_SAID_EVERY = 1_000_000
_SIZES = """
    select pg_table_size('events') / 1e6::float8 as table_mb,
           pg_relation_size('events_pkey') / 1e6::float8 as key_mb,
           (select nullif(avg_leaf_density, 'nan') from pgstatindex('events_pkey')) as key_full,
           pg_relation_size('events_session_idx') / 1e6::float8 as session_index_mb,
           (select nullif(avg_leaf_density, 'nan') from pgstatindex('events_session_idx'))
               as session_index_full
"""


@dataclass(frozen=True, slots=True)
class Growth:
    """What posting to a table with `rows` cost at the mean of all rounds.

    CPU is in microseconds an event; `cpu_us_of_rounds` is application and PostgreSQL together.
    `sizes`, of the table before posting, are MB; `*_full` is how full an index's leaf pages are,
    percent, None where there are none.
    """

    id_version: int
    rows: int
    posted: int
    events_per_s: float
    app_us: float
    postgres_us: float
    cpu_us_of_rounds: Sequence[float]
    wal_bytes: float
    sizes: Mapping[str, float | None]

    @property
    def cpu_us(self) -> float:
        return self.app_us + self.postgres_us


@dataclass(frozen=True, slots=True)
class Growing:
    """The measurement of one kind of ids."""

    bench: Bench
    schools: Sequence[School]
    id_version: int
    rounds: int

    def measure(self, rows: int) -> Growth:
        """Fill a fresh database with `rows` events, then post to it."""
        say(f"UUIDv{self.id_version}: {rows:,} rows")
        with self.bench.database() as url:
            sizes, filled = asyncio.run(self._fill(url, rows))
            with servers.learntrace(url, processes=1) as server:
                return asyncio.run(self._post(url, server, filled, sizes))

    async def _fill(self, url: str, rows: int) -> tuple[Mapping[str, float | None], int]:
        def progress(filled: int) -> None:
            if filled % _SAID_EVERY == 0:
                say(f"  {filled:,} of {rows:,} rows filled in")

        store = await asyncpg.connect(servers.as_superuser(url))
        await store.execute("create extension pgstattuple")
        filled = 0
        if rows:
            filled = await fill(
                store, self.schools, rows=rows, id_version=self.id_version, progress=progress
            )
        [row] = await store.fetch(_SIZES)
        sizes = dict(row)
        await store.close()
        return sizes, filled

    async def _post(
        self, url: str, server: servers.Server, rows: int, sizes: Mapping[str, float | None]
    ) -> Growth:
        """One round to warm up, then those that count; PostgreSQL writes its log as it likes."""
        store = await asyncpg.connect(servers.as_superuser(url))
        plays = [
            Play(school, _SEED + number, id_version=self.id_version)
            for number, school in enumerate(self.schools)
        ]
        connections = await connect(server.port, _SHAPE.connections)
        costs: list[Cost] = []
        wal_bytes = 0
        for _ in range(1 + self.rounds):
            requests = _round(plays)
            before = await store.fetchval("select pg_current_wal_insert_lsn()")
            costs.append(
                await cost_of(
                    connections,
                    requests,
                    in_flight=_SHAPE.in_flight,
                    server=server,
                    postgres=self.bench.postgres,
                )
            )
            if len(costs) > 1:
                wal_bytes += await store.fetchval(
                    "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1)::bigint", before
                )
        for connection in connections:
            connection.close()
        accepted = sum(cost.sent.accepted for cost in costs)
        stored = await store.fetchval("select count(*) from events")
        await store.close()
        if stored != rows + accepted or accepted != len(costs) * _of_round(plays):
            raise LostEventsError(f"{accepted} events acknowledged, {stored - rows} stored")
        return _summed(self.id_version, rows, costs[1:], _of_round(plays), wal_bytes, sizes)


def _round(plays: Sequence[Play]) -> list[bytes]:
    """The requests of every school, each school's in its order, one school after the other."""
    of_schools = [play.requests(_SHAPE, list(play.batches(_SHAPE))) for play in plays]
    return [request for turn in zip(*of_schools, strict=True) for request in turn]


def _of_round(plays: Sequence[Play]) -> int:
    return len(plays) * _SHAPE.requests * _SHAPE.batch


def _summed(
    id_version: int,
    rows: int,
    costs: Sequence[Cost],
    events: int,
    wal_bytes: int,
    sizes: Mapping[str, float | None],
) -> Growth:
    posted = events * len(costs)
    return Growth(
        id_version=id_version,
        rows=rows,
        posted=posted,
        events_per_s=posted / sum(cost.sent.wall_s for cost in costs),
        app_us=sum(cost.app_s for cost in costs) * 1e6 / posted,
        postgres_us=sum(cost.postgres_s for cost in costs) * 1e6 / posted,
        cpu_us_of_rounds=[(cost.app_s + cost.postgres_s) * 1e6 / events for cost in costs],
        wal_bytes=wal_bytes / posted,
        sizes=sizes,
    )


def _run(rows: int, rounds: int, id_versions: Sequence[int]) -> list[Growth]:
    """Of each kind of ids: an empty table, a full one, and an empty one again."""
    measured = []
    with servers.database_server() as (dsn, postgres):
        say(f"{_SCHOOLS} schools")
        schools = asyncio.run(prepare(dsn, _TEMPLATE, schools=_SCHOOLS))
        bench = Bench(dsn, postgres, _TEMPLATE, schools[0])
        for id_version in id_versions:
            growing = Growing(bench, schools, id_version, rounds)
            measured += [growing.measure(size) for size in (0, rows, 0)]
    return measured


def _table(measured: Sequence[Growth]) -> str:
    headings = (
        "ids",
        "rows before",
        "events/s",
        "app us",
        "PostgreSQL us",
        "CPU us",
        "of rounds",
        "WAL bytes",
        "table MB",
        "key MB",
        "(full %)",
        "session index MB",
        "(full %)",
    )
    rows = [
        (
            f"UUIDv{one.id_version}",
            f"{one.rows:,}",
            f"{one.events_per_s:,.0f}",
            f"{one.app_us:.1f}",
            f"{one.postgres_us:.1f}",
            f"{one.cpu_us:.1f}",
            f"{min(one.cpu_us_of_rounds):.1f}-{max(one.cpu_us_of_rounds):.1f}",
            f"{one.wal_bytes:,.0f}",
            *("-" if size is None else f"{size:,.0f}" for size in one.sizes.values()),
        )
        for one in measured
    ]
    return markdown(headings, rows, names=1)


def _ratio(measured: Sequence[Growth], id_version: int) -> float:
    """CPU an event on the full table to that on the empty one, measured before and after."""
    before, full, after = [one for one in measured if one.id_version == id_version]
    return 2 * full.cpu_us / (before.cpu_us + after.cpu_us)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="of the full table (10 M)")
    parser.add_argument("--rounds", type=int, default=5, help="of 100,000 events each (5)")
    parser.add_argument(
        "--ids", type=int, choices=(7, 4), action="append", help="this version; both by default"
    )
    parser.add_argument("--out", type=Path, default=Path("bench-growth.json"))
    arguments = parser.parse_args()
    id_versions = arguments.ids or [7, 4]
    measured = _run(arguments.rows, arguments.rounds, id_versions)
    print(_table(measured))
    ratios = {version: _ratio(measured, version) for version in id_versions}
    for version, ratio in ratios.items():
        name = f"UUIDv{version}: CPU an event, {arguments.rows:,} rows to an empty table"
        print(
            Gate(name, ratio, _WITHIN, at_least=False) if version == 7 else f"{ratio:14.2f}  {name}"
        )
    arguments.out.write_text(
        json.dumps({"measured": [asdict(one) for one in measured], "ratios": ratios}, indent=1)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
