"""How a tenant's pupils play a game, talk, and do in lessons, made anew from what was assessed."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from learntrace.assessment import learning, reading, talking
from learntrace.kit.db import Database
from learntrace.kit.loops import for_each
from learntrace.skills import answers, due, refits
from learntrace.skills.evidence_map import LINKS, MASTERY
from learntrace.skills.knowledge import Answer, ItemTable, replay
from learntrace.skills.population import MIN_SESSIONS, population_of
from learntrace.skills.refits import What
from learntrace.skills.states import mean_mastery
from learntrace.skills.talk_map import TALK_LINKS
from learntrace.skills.versions import ITEM_TABLES, POPULATIONS

FEATURES = frozenset(link.feature for link in (*LINKS, *TALK_LINKS))


async def refit(database: Database) -> int:
    """Make the next version where a game has gained enough sessions, or a language transcripts, or
    some of them were erased; how many that were.
    """
    async with database.transaction() as db:
        counts = [
            *await reading.count_assessed(db),
            *await talking.counts(db),
            *await learning.counts(db),
        ]
        grown = await POPULATIONS.outgrown(db, counts, least=MIN_SESSIONS)
        erased = await refits.due(db, What.POPULATION)
    return await for_each(sorted({*grown, *erased}), lambda game: refit_population(database, *game))


async def refit_population(database: Database, school_id: UUID, game_id: UUID) -> int:
    """Make the next version from the newest sessions; from how many.

    Where some were erased, older versions go. `game_id` is a game's, or that of talk in a language
    (`talking.population_id`), which has transcripts for sessions, or that
    of a type of lessons (`learning.POPULATION_IDS`).
    """
    game = school_id, game_id
    async with database.transaction() as db:
        marks = await refits.find(db, game, What.POPULATION)
        beside_play = [
            *((one[0], _values(one[1])) for one in await talking.values(db, school_id, game_id)),
            *await learning.values(db, school_id, game_id),
        ]
        count = len(beside_play) + await reading.count_assessed_of(db, school_id, game_id)
        previous = await POPULATIONS.in_force(db, school_id, game_id)
        found = {
            game_session_id: _values(features)
            async for game_session_id, features in reading.stream_features(db, school_id, game_id)
        }
        players = await answers.players(db, school_id, found.keys())
        values: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for game_session_id in found.keys() & players.keys():
            for name, value in found[game_session_id].items():
                values[name].append((str(players[game_session_id]), value))
        for student_id, measures in beside_play:
            for name, value in measures.items():
                values[name].append((str(student_id), value))
        table = await ITEM_TABLES.in_force(db, school_id, game_id)
        async for student_id, given in answers.learners(db, school_id, game_id):
            known = await asyncio.to_thread(_mastery, given, table)
            if known is not None:
                values[MASTERY].append((str(student_id), known))
        version = previous.version + 1
        if marks is None or previous.version or count >= MIN_SESSIONS:
            population = population_of(values, version=version)
            await POPULATIONS.add(db, school_id, game_id, population, count=count)
            await due.mark(db, school_id, {student_id for student_id, _ in beside_play})
        if marks is not None:
            await POPULATIONS.forget_before(db, game, version)
            await refits.settle(db, game, What.POPULATION, marks)
    return len(players) + len(beside_play)


def _mastery(given: Sequence[Answer], table: ItemTable) -> float | None:
    return mean_mastery(replay(given, table), table)


def _values(features: Mapping[str, Any]) -> dict[str, float]:
    """What is known of one session or transcript."""
    known = {name: features[name]["value"] for name in FEATURES & features.keys()}
    return {name: float(value) for name, value in known.items() if value is not None}
