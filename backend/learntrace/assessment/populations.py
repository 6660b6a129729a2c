"""How a tenant's pupils play a game, made anew from the sessions assessed."""

from collections import defaultdict
from uuid import UUID

from learntrace.assessment import reading
from learntrace.kit.db import Database
from learntrace.kit.loops import for_each
from learntrace.skills import answers
from learntrace.skills.evidence_map import LINKS, MASTERY
from learntrace.skills.knowledge import replay
from learntrace.skills.population import MIN_SESSIONS, population_of
from learntrace.skills.states import mean_mastery
from learntrace.skills.versions import ITEM_TABLES, NONE, POPULATIONS

FEATURES = frozenset(link.feature for link in LINKS)


async def refit(database: Database) -> int:
    """Make the next version where a game has gained enough sessions; how many had."""
    async with database.transaction() as db:
        newest = await POPULATIONS.newest(db)
        grown = [
            (school_id, game_id)
            for school_id, game_id, count in await reading.count_assessed(db)
            if newest.get((school_id, game_id), NONE).is_outgrown(count, least=MIN_SESSIONS)
        ]
    return await for_each(grown, lambda game: refit_population(database, *game))


async def refit_population(database: Database, school_id: UUID, game_id: UUID) -> int:
    """Make the next version from the newest sessions; from how many."""
    values: dict[str, list[tuple[str, float]]] = defaultdict(list)
    async with database.transaction() as db:
        counted = {(row[0], row[1]): row[2] for row in await reading.count_assessed(db)}
        previous = await POPULATIONS.in_force(db, school_id, game_id)
        players = await answers.players(db, school_id, game_id)
        read = 0
        async for game_session_id, features in reading.stream_features(db, school_id, game_id):
            student_id = players.get(game_session_id)
            if student_id is None:
                continue
            read += 1
            for name in FEATURES & features.keys():
                value = features[name]["value"]
                if value is not None:
                    values[name].append((str(student_id), float(value)))
        table = await ITEM_TABLES.in_force(db, school_id, game_id)
        async for student_id, given in answers.learners(db, school_id, game_id):
            known = mean_mastery(replay(given, table), table)
            if known is not None:
                values[MASTERY].append((str(student_id), known))
        count = counted.get((school_id, game_id), 0)
        population = population_of(values, version=previous.version + 1)
        await POPULATIONS.add(db, school_id, game_id, population, count=count)
    return read
