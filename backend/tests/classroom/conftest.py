"""A school day: people of every role with access tokens, classes, and play of several pupils."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from learntrace.accounts.secrets import ACCESS_TOKEN, PLAYER_TOKEN, new_token, token_hash
from learntrace.features.catalogue import CATALOGUE
from tests.world import World, add_signed_in, add_student, insert, now

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class SchoolDay:
    """`tokens` by person; `live` and `sandboxed` are Ada's and Tess's sessions with the game."""

    world: World
    tokens: dict[str, str] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    tess: UUID = field(default_factory=uuid4)
    other_class: UUID = field(default_factory=uuid4)
    lake_class: UUID = field(default_factory=uuid4)
    live: UUID = field(default_factory=uuid4)
    sandboxed: UUID = field(default_factory=uuid4)
    ben_token: str = field(default_factory=lambda: new_token(PLAYER_TOKEN))

    @property
    def ada(self) -> UUID:
        return self.world.students[0]

    @property
    def ben(self) -> UUID:
        return self.world.students[1]

    def headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}

    async def person(self, db, name, role, school_id=None, *, lives_s=900):
        self.users[name], self.tokens[name] = await add_signed_in(
            db, name, role, school_id, lives_s=lives_s
        )

    async def teaches(self, db, name, school_id, class_id, *, ended_at=None):
        await insert(
            db,
            "teachings",
            user_id=self.users[name],
            school_id=school_id,
            class_id=class_id,
            started_at=now() - timedelta(days=9),
            ended_at=ended_at,
        )

    async def school_class(self, db, school_id, class_id, name, code):
        await insert(
            db,
            "classes",
            school_id=school_id,
            id=class_id,
            name=name,
            code=code,
            created_at=now(),
        )

    async def enrolled(self, db, school_id, class_id, student_id):
        await insert(
            db,
            "enrolments",
            school_id=school_id,
            class_id=class_id,
            student_id=student_id,
            started_at=now(),
        )

    async def plays(
        self,
        db,
        student_id,
        *,
        school_id=None,
        game_session_id=None,
        game_id=None,
        at=NOON,
        state="closed",
        event_types=("task_start", "LEVEL_UP", "task_complete"),
        data='{"level": 1}',
    ) -> UUID:
        """A session with an event a minute."""
        school_id = school_id or self.world.school_id
        game_id = game_id or self.world.game_id
        game_session_id = game_session_id or uuid4()
        times = [at + timedelta(minutes=n) for n in range(len(event_types))]
        await insert(
            db,
            "game_sessions",
            school_id=school_id,
            id=game_session_id,
            student_id=student_id,
            game_id=game_id,
            state=state,
            started_at=times[0],
            ended_at=times[-1],
            last_received_at=times[-1] + timedelta(seconds=5),
            closed_at=times[-1] if state == "closed" else None,
            event_count=len(times),
        )
        for number, (event_type, time) in enumerate(zip(event_types, times, strict=True)):
            await insert(
                db,
                "events",
                school_id=school_id,
                event_id=uuid4(),
                game_session_id=game_session_id,
                student_id=student_id,
                game_id=game_id,
                timestamp=time,
                received_at=time + timedelta(seconds=5),
                corrected_at=time,
                sequence=number,
                content_hash=number,
                event_type=event_type,
                mission_id="level_1",
                game_version="1.0.0",
                data=data,
            )
        return game_session_id

    async def is_assessed(self, db, game_session_id, *, school_id=None, active_time_s=90.5):
        known = {"value": 0.75, "reason": None, "cut_off": False, "evidence": 6}
        unknown = {"value": None, "reason": "no_failures", "cut_off": False, "evidence": 0}
        features = dict.fromkeys(CATALOGUE, known) | {"retry_rate": unknown}
        task = {
            "task": "level_1",
            "started_at": NOON.isoformat(),
            "ended_at": None,
            "outcome": "open",
            "attempts": 2,
            "failures": 1,
            "active_time_s": 42.0,
            "started": True,
        }
        await insert(
            db,
            "session_features",
            school_id=school_id or self.world.school_id,
            game_session_id=game_session_id,
            game_id=self.world.game_id,
            event_count=2,
            extractor_version=1,
            mapping_version=3,
            reference_version=None,
            features=json.dumps(features),
            tasks=json.dumps([task]),
            observations="{}",
            observation_count=0,
            active_time_s=active_time_s,
            tasks_completed=4,
            failures=1,
            assessed_at=now(),
        )


@pytest.fixture
async def day(world) -> SchoolDay:
    made = SchoolDay(world)
    async with world.database.transaction() as db:
        await _people(made, db)
        await _places(made, db)
        await made.plays(db, made.ada, game_session_id=made.live)
        await made.is_assessed(db, made.live)
        await made.plays(db, made.tess, school_id=world.sandbox_id, game_session_id=made.sandboxed)
        await insert(
            db,
            "player_tokens",
            token_hash=token_hash(made.ben_token),
            school_id=world.school_id,
            student_id=made.ben,
            game_id=world.game_id,
            created_at=now(),
            expires_at=now() + timedelta(hours=1),
        )
    made.tokens |= {
        "ada": world.player_token,
        "ben": made.ben_token,
        "write_key": world.write_key,
        "forged": ACCESS_TOKEN + "A" * 43,
        "forged_player": PLAYER_TOKEN + "A" * 43,
    }
    return made


async def _people(day: SchoolDay, db) -> None:
    hill, lake = day.world.school_id, day.world.other_school_id
    await day.person(db, "teacher", "teacher", hill)
    await day.person(db, "tester", "teacher", hill)
    await day.person(db, "colleague", "teacher", hill)
    await day.person(db, "former_teacher", "teacher", hill)
    await day.person(db, "school_admin", "school_admin", hill)
    await day.person(db, "lake_teacher", "teacher", lake)
    await day.person(db, "lake_admin", "school_admin", lake)
    await day.person(db, "system_admin", "system_admin")
    await day.person(db, "developer", "game_developer")
    await day.person(db, "tiles_developer", "game_developer")
    await day.person(db, "expired", "teacher", hill, lives_s=-1)
    await insert(db, "game_developers", game_id=day.world.game_id, user_id=day.users["developer"])
    await insert(
        db,
        "game_developers",
        game_id=day.world.other_game_id,
        user_id=day.users["tiles_developer"],
    )


async def _places(day: SchoolDay, db) -> None:
    world = day.world
    await insert(
        db,
        "schools",
        id=uuid4(),
        name="Lake School (sandbox)",
        timezone="UTC",
        language="en",
        sandbox_of=world.other_school_id,
        created_at=now(),
    )
    await day.school_class(db, world.school_id, day.other_class, "5b", "CLASSB")
    await day.school_class(db, world.other_school_id, day.lake_class, "Lake", "LAKE55")
    await day.enrolled(db, world.other_school_id, day.lake_class, world.foreign_student)
    await add_student(db, world.sandbox_id, day.tess, "Tess", "PUPIL7")
    await day.enrolled(db, world.sandbox_id, world.test_class_id, day.tess)
    for name, school_id, class_id, ended_at in (
        ("teacher", world.school_id, world.class_id, None),
        ("expired", world.school_id, world.class_id, None),
        ("tester", world.sandbox_id, world.test_class_id, None),
        ("colleague", world.school_id, day.other_class, None),
        ("former_teacher", world.school_id, world.class_id, now()),
        ("lake_teacher", world.other_school_id, day.lake_class, None),
        # A row that should not be there: the gate holds all the same.
        ("lake_teacher", world.school_id, world.class_id, None),
    ):
        await day.teaches(db, name, school_id, class_id, ended_at=ended_at)


@pytest.fixture
async def read(api, day):
    """Read a path as somebody: the answer."""

    async def get(who: str, path: str, **query):
        headers = day.headers(who)
        return await api.get(f"/api/v1{path}", params=query or None, headers=headers)

    return get
