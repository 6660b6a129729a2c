"""Asking every route as everybody, each time in the same world."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI

from learntrace.kit.db import plain_dsn

from .places import Caller, Place
from .route import Route

# Each with its columns, but for those that PostgreSQL generates, and whether it has tenants.
TABLES = """
    select table_name, string_agg(quote_ident(column_name), ', ') as columns,
           bool_or(column_name = 'school_id') as of_schools
    from information_schema.columns
    where table_schema = 'public' and table_name <> 'alembic_version' and is_generated = 'NEVER'
    group by 1 order by 1
"""
REFERENCES = "select conrelid::regclass, conname from pg_constraint where contype = 'f'"
# Of the tables' rows: when something was used is noted for refused requests as well.
DIGEST = """
    select '{table}' as name, {tenant} as tenant, md5(string_agg(row, '' order by row)) as digest
    from (select *, (to_jsonb(t) - 'last_used_at')::text as row from public.{table} t) told
    group by 2
"""
REFUSALS = (401, 403, 404)
OTHER_GAME = "this session belongs to another game"
# Of a good credential's events that are refused it is kept how many they were, and why.
COUNTED = {"rejections", "telemetry_batches"}


class Same:
    """A database that can be as it was before."""

    def __init__(self, connection: asyncpg.Connection, tables: Sequence[asyncpg.Record]) -> None:
        self._connection = connection
        self._tables = {name: columns for name, columns, _ in tables}
        self._digests = " union all ".join(
            DIGEST.format(table=name, tenant="school_id::text" if of_school else "''")
            for name, _, of_school in tables
        )
        self._before: dict[tuple[str, str], str] = {}

    @classmethod
    @asynccontextmanager
    async def of(cls, database_url: str) -> AsyncIterator["Same"]:
        connection = await asyncpg.connect(plain_dsn(database_url))
        tables = await connection.fetch(TABLES)
        same = cls(connection, tables)
        await connection.execute("create schema before")
        for row in await connection.fetch(REFERENCES):
            await connection.execute(f"alter table {row[0]} alter constraint {row[1]} deferrable")
        for name, _, _ in tables:
            await connection.execute(f"create table before.{name} as table public.{name}")
            # Else no table would let itself be as before that is only added to.
            await connection.execute(f"alter table {name} disable trigger user")
        same._before = await same._digest()
        yield same
        await connection.close()

    async def _digest(self) -> dict[tuple[str, str], str]:
        rows = await self._connection.fetch(self._digests)
        return {(row["name"], row["tenant"] or ""): row["digest"] for row in rows}

    async def changed(self) -> set[tuple[str, str]]:
        """The tables whose rows are other than before, each with the tenant of these rows."""
        now = await self._digest()
        return {key for key, _ in now.items() ^ self._before.items()}

    async def restore(self) -> None:
        gone = [f"delete from {name}" for name in self._tables]
        back = [
            f"insert into {name} ({columns}) select {columns} from before.{name}"
            for name, columns in self._tables.items()
        ]
        script = ("begin", "set constraints all deferred", *gone, *back, "commit")
        await self._connection.execute("; ".join(script))


@dataclass
class Asked:
    """What a caller got of a route: by place `None` where it was reached, else the refusal."""

    own: list[int | None] = field(default_factory=list)
    foreign: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Asking:
    """`common` are names that stand for the same at every place."""

    app: FastAPI
    api: httpx.AsyncClient
    same: Same
    common: Mapping[str, str]

    async def everybody(self, route: Route, callers: Sequence[Caller]) -> dict[str, Asked]:
        found = {}
        for caller in callers:
            asked = found[caller.name] = Asked()
            own, foreign = caller.own, caller.foreign
            if route.about_a_game:
                own, foreign = caller.own_games, caller.foreign_games
            if not route.about_a_place:
                own, foreign = own[:1], {}
            if route.only_live:
                own = [place for place in own if place.ids["sandbox"] == "false"] or own
            for place in own:
                asked.own.append(await self._alike(route, caller, place))
            for name, place in foreign.items():
                if not route.tells_apart(place, own):
                    continue
                asked.foreign[name] = await self._alike(route, caller, place)
        return found

    async def _alike(self, route: Route, caller: Caller, place: Place) -> int | None:
        """What is the same for each of the caller's credentials."""
        found = {await self._ask(route, caller, place, headers) for headers in caller.credentials}
        assert len(found) == 1, (route.key, caller.name, found)
        return found.pop()

    async def _ask(
        self, route: Route, caller: Caller, place: Place, headers: Mapping[str, str]
    ) -> int | None:
        names = {**self.common, **place.names(caller.name)}
        self.app.state.rate_limits.reset()
        sent = route.sent(names)
        sent["headers"] |= headers
        answer = await self.api.request(
            route.method,
            route.path.format(**names),
            params={name: value.format(**names) for name, value in route.query.items()},
            **sent,
        )
        told = (route.key, caller.name, answer.status_code, answer.text[:500])
        changed: set[tuple[str, str]] = set()
        if answer.is_success or route.method != "get":
            changed = await self.same.changed()
        if changed:
            await self.same.restore()
        if not answer.is_success:
            assert {table for table, _ in changed} <= COUNTED, told
            if answer.status_code == route.refused_own:
                return None
            return _refusal(answer, told)
        return None if _is_reached(route, caller, place, names, answer, changed) else 404


def _refusal(answer: httpx.Response, told: Any) -> int:
    """The status; of events that all were refused, 404 where that was for whom they name."""
    if answer.status_code in REFUSALS:
        return answer.status_code
    refused = answer.json().get("rejected", [])
    assert refused, told
    for one in refused:
        foreign = one["code"] in ("unknown_student", "wrong_student")
        assert foreign or one["detail"].endswith(OTHER_GAME), told
    return 404


def _is_reached(
    route: Route,
    caller: Caller,
    place: Place,
    names: Mapping[str, str],
    answer: httpx.Response,
    changed: set[tuple[str, str]],
) -> bool:
    """Whether a good answer gave or changed anything of the place.

    Where the caller may not leave anything at all, only what was changed there counts: a sandbox
    key that names a live student makes a pseudonym of the same id in the sandbox.
    """
    if route.shows is not None and names[route.shows] not in answer.text:
        return False
    if route.unless is not None and route.unless in answer.text:
        return False
    if not route.about_a_place or route.method == "get":
        return True
    if place.tenant is None or place.tenant in caller.tenants:
        return True
    return any(tenant == str(place.tenant) for _, tenant in changed)
