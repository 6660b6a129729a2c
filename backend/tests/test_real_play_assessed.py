"""Every number of an assessment, found again in the events that a reader can open.

Made-up play of Wave Combinator everywhere; real play too, among pupils made up to compare with,
where the log is at hand (it is not part of the repository). Sent to the API, assessed, read back
over it, and worked out once more from the events alone, by functions that know no database.
"""

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import httpx
import pytest

from learntrace.accounts import mappings
from learntrace.assessment import populations, references
from learntrace.assessment.service import assess_outdated
from learntrace.demo.pupils import Pupil
from learntrace.demo.simulator import simulate_play
from learntrace.events.mapping import WAVE_COMBINATOR, packaged_mapping
from learntrace.events.types import Event
from learntrace.kit.config import Settings
from learntrace.skills.evidence_map import LINKS
from learntrace.skills.knowledge import mastery, replay
from learntrace.skills.refitting import refit_item_tables

from .conftest import SHARED
from .recomputing import Recomputed, Used, fuse_by_hand, recompute
from .skills.lessons import infer_all
from .world import World, add_signed_in, batch, bearer

LOG = SHARED / "data" / "waves.jsonl.gz"
WEIGHTS = {(link.feature, str(link.skill)): link.weight for link in LINKS}
KINDS = {
    "task_completion_rate",
    "retry_rate",
    "recovery_rate",
    "wheel_spinning",
    "knowledge",
    "mastery",
}
BATCH_EVENTS = 1000
PAGE_EVENTS = 1000
PUPILS, DAYS = 26, 9
"""Some are absent; twenty have to play before values compare, on two days before they tell much."""
MOST_EVENTS = 80
"""Of a made-up session."""

Wire = list[dict[str, Any]]


def real_play() -> Wire:
    if not LOG.is_file():
        pytest.skip(f"the real play log is not here: {LOG.name} in LEARNTRACE_SHARED's data folder")
    with gzip.open(LOG, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def made_up_play() -> Wire:
    pupils = [Pupil(uuid5(UUID(int=11), str(number)), "7a") for number in range(PUPILS)]
    zone, told, counts = ZoneInfo("Europe/Berlin"), [], Counter[str]()
    for one in simulate_play(3, pupils, start=date(2025, 11, 10), days=DAYS, zone=zone):
        counts[one["session_id"]] += 1
        if counts[one["session_id"]] <= MOST_EVENTS:
            told.append(one)
    return told


@dataclass(frozen=True)
class Reader:
    """A school's administrator, who reads what the game's test players did."""

    api: httpx.AsyncClient
    token: str

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        headers = bearer(self.token)
        answer = await self.api.get(f"/api/v1{path}", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def events_of(self, student_id: UUID, game_session_id: UUID) -> list[Event]:
        path, events = f"/game-sessions/{game_session_id}/events", []
        page = await self.get(path, limit=PAGE_EVENTS)
        events += page["items"]
        while page["next_cursor"]:
            page = await self.get(path, limit=PAGE_EVENTS, cursor=page["next_cursor"])
            events += page["items"]
        return [
            Event(
                event_id=UUID(one["event_id"]),
                student_id=student_id,
                game_session_id=game_session_id,
                event_type=one["event_type"],
                timestamp=datetime.fromisoformat(one["timestamp"]),
                received_at=datetime.fromisoformat(one["received_at"]),
                corrected_at=datetime.fromisoformat(one["corrected_at"]),
                data=one["data"],
                mission_id=one["mission_id"],
                game_version=one["game_version"],
                sequence=one["sequence"],
            )
            for one in events
        ]


async def play_and_assess(
    api: httpx.AsyncClient, world: World, settings: Settings, told: Sequence[dict[str, Any]]
) -> None:
    """Send and close everything, then do what the worker does, in its order."""
    database = world.database
    async with database.transaction() as db:
        await mappings.publish(db, world.game_id, packaged_mapping(WAVE_COMBINATOR))

    async def post(path: str, body: Any = None) -> None:
        # A sender of its own for each request: limits are not what is looked at here.
        headers = bearer(world.sandbox_key) | {"X-Client-Id": str(uuid4())}
        answer = await api.post(f"/api/v1/telemetry/{path}", json=body, headers=headers)
        assert answer.is_success, answer.text

    for at in range(0, len(told), BATCH_EVENTS):
        await post("batch", batch(list(told[at : at + BATCH_EVENTS])))
    for game_session_id in sorted({one["session_id"] for one in told}):
        await post(f"session/{game_session_id}/close")
    assert await references.refit(database) == 1
    while await assess_outdated(database, settings):
        pass
    assert await refit_item_tables(database) == 1
    assert await populations.refit(database) == 1
    await infer_all(database)


@pytest.mark.parametrize("of_whom", [made_up_play, real_play])
async def test_every_number_is_found_again_in_the_events(
    api: httpx.AsyncClient, world: World, settings: Settings, of_whom: Callable[[], Wire]
) -> None:
    told = of_whom()
    if of_whom is real_play:
        told = [*told, *made_up_play()]
    await play_and_assess(api, world, settings, told)
    async with world.database.transaction() as db:
        _, token = await add_signed_in(db, "head", "school_admin", world.school_id)
    reader = Reader(api, token)
    played: dict[UUID, set[UUID]] = defaultdict(set)
    for one in told:
        played[UUID(one["student_id"])].add(UUID(one["session_id"]))
    read = {
        student_id: {one: await reader.events_of(student_id, one) for one in sessions}
        for student_id, sessions in played.items()
    }
    assert sum(len(events) for of in read.values() for events in of.values()) == len(told)
    found = recompute(read)

    kinds: set[str] = set()
    labels: set[str] = set()
    for student_id, sessions in played.items():
        made = await reader.get(f"/assessments/{student_id}")
        kinds |= {one["kind"] for one in made["evidence"]}
        labels |= {one["label"] for one in made["skills"]}
        evidence_is_in_the_events(made, found, world.game_id, student_id, sessions)
        skills_follow_from_their_evidence(made)
        sentences_cite_what_they_say(made)
        knowledge_follows_from_answers(made, found, student_id)
    # Each kind of evidence that this game's play gives was met, and estimates with a score.
    assert kinds == KINDS
    assert labels > {"insufficient"}


def evidence_is_in_the_events(
    made: dict[str, Any], found: Recomputed, game_id: UUID, student_id: UUID, sessions: set[UUID]
) -> None:
    """All evidence of play that there has to be, no other, with its value and what it says."""
    seen = found.seen(game_id, student_id, sorted(sessions))
    lines = {one["evidence_id"]: one for one in made["evidence"] if one["kind"] != "knowledge"}
    assert lines.keys() == seen.keys()
    for evidence_id, line in lines.items():
        assert (line["source"], line["kind"]) == ("game_play", seen[evidence_id].kind)
        assert UUID(line["game_session_id"]) in sessions
        assert float(line["value"]) == pytest.approx(seen[evidence_id].value)
        assert set(line["skills"]) == seen[evidence_id].x.keys()
    for skill in made["skills"]:
        told = {one["evidence_id"]: one["x"] for one in skill["evidence"]}
        x = {key: one.x[skill["skill"]] for key, one in seen.items() if skill["skill"] in one.x}
        assert told == pytest.approx(x)


def skills_follow_from_their_evidence(made: dict[str, Any]) -> None:
    lines = {one["evidence_id"]: one for one in made["evidence"]}
    at = datetime.fromisoformat(made["assessed_at"])
    for skill in made["skills"]:
        told = (skill["prior_weight"], skill["score"], skill["low"], skill["high"])
        if not skill["evidence"]:
            assert told == (1, None, None, None)
            continue
        used = [
            Used(
                one["x"],
                WEIGHTS[lines[one["evidence_id"]]["kind"], skill["skill"]],
                lines[one["evidence_id"]]["game_session_id"],
                datetime.fromisoformat(lines[one["evidence_id"]]["observed_at"]),
            )
            for one in skill["evidence"]
        ]
        by_hand = fuse_by_hand(used, at=at)
        assert [one["weight"] for one in skill["evidence"]] == pytest.approx(by_hand.shares)
        if skill["label"] == "insufficient":
            assert told == (pytest.approx(by_hand.prior), None, None, None)
        else:
            assert told == pytest.approx((by_hand.prior, by_hand.score, by_hand.low, by_hand.high))


def sentences_cite_what_they_say(made: dict[str, Any]) -> None:
    ids = {one["evidence_id"] for one in made["evidence"]}
    assert made["reasoning"]
    for sentence in made["reasoning"]:
        assert set(sentence["cites"]) <= ids
        numbers = {int(one) for one in re.findall(r"\d+", sentence["text"])}
        assert numbers <= numbers_behind(sentence, made), sentence
        assert sentence["cites"] or not numbers


def numbers_behind(sentence: dict[str, Any], made: dict[str, Any]) -> set[int]:
    """What a sentence may say in digits, by what it cites; counts of what is missing stand apart.

    Its evidence's words, how likely a right answer is in a topic, how much it rests on, from how
    many days and which.
    """
    cited = [one for one in made["evidence"] if one["evidence_id"] in sentence["cites"]]
    if sentence["kind"] == "missing":
        return {one["count"] for skill in made["skills"] for one in skill["missing"]}
    said = {int(number) for one in cited for number in re.findall(r"\d+", one["words"])}
    topics = {skill for one in cited if one["kind"] == "knowledge" for skill in one["skills"]}
    known = [one for one in made["knowledge"] if one["skill"] in topics]
    said |= {round(100 * one[end]) for one in known for end in ("value", "low", "high")}
    days = {one["observed_at"][:10] for one in cited}
    return said | {len(cited), len(days)} | {int(day[8:]) for day in days}


def knowledge_follows_from_answers(
    made: dict[str, Any], found: Recomputed, student_id: UUID
) -> None:
    answers = found.answers[student_id]
    last_at = {one.skill: one.at for one in answers}
    cited = {one["skills"][0]: one for one in made["evidence"] if one["kind"] == "knowledge"}
    assert {one["skill"] for one in made["knowledge"]} == {one.skill for one in answers}
    learner, at = replay(answers, found.table), datetime.fromisoformat(made["assessed_at"])
    for one in made["knowledge"]:
        known = mastery(learner, found.table, one["skill"], at=at)
        assert known is not None
        assert one["answers"] == sum(answer.skill == one["skill"] for answer in answers)
        assert datetime.fromisoformat(one["last_at"]) == last_at[one["skill"]]
        assert cited[one["skill"]]["value"] == one["value"]
        told = (one["value"], one["low"], one["high"])
        assert told == pytest.approx((known.value, known.low, known.high))
