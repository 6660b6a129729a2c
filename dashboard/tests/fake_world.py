"""A small school that the fake API serves: made once, always the same but for today's date."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

NAMES = (
    "Amina Haddad", "Ben Oduya", "Chiara Conti", "Dilan Yıldız", "Emil Sørensen", "Fatou Diallo",
    "Grace O'Neill", "Hugo Lindqvist", "Ines Marques", "Jakub Nowak", "Kenji Mori", "Lena Weiß",
    "Mateo Rojas", "Noor van Dijk", "Olga Petrenko", "Priya Raman",
)  # fmt: skip
OTHER_NAMES = ("Quinn Baker", "Rosa Fuchs", "Samir Aziz", "Tomasz Zając")
GAME = {"id": "7f9c2ba4-0000-4000-8000-0000000000aa", "name": "Wave Combinator"}
SECOND_GAME = {"id": "7f9c2ba4-0000-4000-8000-0000000000bb", "name": "Bridge Builders"}
SCHOOL = {
    "id": "5c400000-0000-4000-8000-000000000001",
    "name": "Lakeside School",
    "timezone": "Europe/Berlin",
    "language": "en",
}
BEHAVIOURS = {
    "begin": ["task_start"],
    "complete": ["task_complete"],
    "succeed": ["success"],
    "fail": ["failure"],
    "slider_move_release": ["choice"],
    "hint": ["hint_request"],
    "window_blur": ["focus_lost"],
    "window_focus": ["focus_gained"],
    "skip_button": ["task_abandon"],
    "menu_button": ["pause"],
}


def an_id(rng: Random) -> str:
    """A UUID from the seeded generator."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def iso(moment: datetime | None) -> str | None:
    """As the API writes times."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def paged(items: list[dict], limit: int, cursor: str | None) -> dict:
    """One page of a list, as the API answers it."""
    start = int(cursor or 0)
    end = start + limit
    return {"items": items[start:end], "next_cursor": str(end) if end < len(items) else None}


@dataclass
class World:
    """Everything the fake API knows. Lists may be changed by a test before it is served."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    classes: list[dict] = field(default_factory=list)
    students: dict[str, dict] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    sessions: dict[str, dict] = field(default_factory=dict)
    events: dict[str, list[dict]] = field(default_factory=dict)
    games: list[dict] = field(default_factory=list)
    sandbox_mappings: dict[str, int] = field(default_factory=dict)
    users: dict[str, dict] = field(default_factory=dict)


def make_world(seed: int = 7) -> World:
    """Two classes, the test players, three weeks of play, one game that is not understood."""
    world, rng = World(), Random(seed)
    _people(world)
    for name, names, sandbox in (
        ("Class 5b Science", NAMES, False),
        ("Class 6a", OTHER_NAMES, False),
        ("Test players", ("Player K7QM", "Player R2XD"), True),
    ):
        class_id = an_id(rng)
        world.classes.append({"id": class_id, "name": name, "sandbox": sandbox})
        world.members[class_id] = []
        for student in names:
            student_id = an_id(rng)
            world.members[class_id].append(student_id)
            world.students[student_id] = {
                "id": student_id,
                "display_name": student,
                "classes": [{"id": class_id, "name": name}],
                "extra_time": False,
                "pupil_code": "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=6)),
            }
            if student != "Olga Petrenko":
                _play(world, rng, student_id)
    world.games = [
        {
            **GAME,
            "mapping_version": 2,
            "latest_mapping_version": 3,
            "last_event_at": iso(world.now),
        },
        {**SECOND_GAME, "mapping_version": 1, "latest_mapping_version": 1, "last_event_at": None},
    ]
    world.sandbox_mappings = {GAME["id"]: 3, SECOND_GAME["id"]: 1}
    return world


def _people(world: World) -> None:
    for username, name, role, school in (
        ("t.winter", "Tessa Winter", "teacher", SCHOOL),
        ("principal", "Paul Okafor", "school_admin", SCHOOL),
        ("root", "Sam Ortega", "system_admin", None),
        ("dev", "Dana Ruiz", "game_developer", None),
        ("newcomer", "Nils Berg", "teacher", SCHOOL),
    ):
        world.users[username] = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_DNS, username)),
            "username": username,
            "display_name": name,
            "role": role,
            "school": school,
            "password": f"{username}-pass-2026",
        }


def _play(world: World, rng: Random, student_id: str) -> None:
    ability = rng.uniform(0.45, 0.9)
    days = sorted(rng.sample(range(21), rng.randint(3, 8)), reverse=True)
    today = world.now.astimezone(ZoneInfo(SCHOOL["timezone"]))
    for day in days:
        local = (today - timedelta(days=day)).replace(
            hour=rng.choice((8, 9, 10, 11, 13)),
            minute=rng.randint(0, 50),
            second=rng.randint(0, 59),
        )
        start = local.astimezone(UTC)
        _session(world, rng, student_id, start, ability, open_now=day == 0)


def _session(
    world: World,
    rng: Random,
    student_id: str,
    start: datetime,
    ability: float,
    *,
    open_now: bool,
) -> None:
    session_id, at = an_id(rng), start
    events: list[dict] = []
    tasks: list[dict] = []

    def add(kind: str, level: int, wait_s: float) -> None:
        nonlocal at
        at += timedelta(seconds=wait_s)
        known = kind in BEHAVIOURS
        events.append(
            {
                "event_id": an_id(rng),
                "event_type": kind,
                "behaviours": BEHAVIOURS.get(kind, []),
                "mapped": known,
                "task": f"level_{level}" if known else None,
                "task_title": f"Level {level}" if known else None,
                "skill": "AMPLITUDE" if kind == "slider_move_release" else None,
                "item": f"level_{level}" if kind in {"fail", "succeed"} else None,
                "correct": {"fail": False, "succeed": True}.get(kind),
                "timestamp": iso(at),
                "corrected_at": None,
                "received_at": iso(at + timedelta(seconds=2)),
                "sequence": len(events),
                "mission_id": f"level_{level}",
                "game_version": "1.2.0",
                "data": {"level": level, "closeness": rng.randint(20, 900)},
            }
        )

    first = rng.randint(1, 8)
    for level in range(first, first + rng.randint(4, 9)):
        add("begin", level, rng.uniform(2, 9))
        began, failures, tries, outcome = at, 0, 0, "ended"
        for _ in range(rng.randint(2, 6)):
            for _ in range(rng.randint(1, 4)):
                add("slider_move_release", level, rng.uniform(2, 11))
            tries += 1
            if rng.random() < ability:
                add("succeed", level, rng.uniform(1, 5))
                add("complete", level, 1)
                outcome = "completed"
                break
            add("fail", level, rng.uniform(1, 5))
            failures += 1
            if rng.random() < 0.15:
                add("hint", level, rng.uniform(2, 6))
            if rng.random() < 0.08:
                add("window_blur", level, 3)
                add("window_focus", level, rng.uniform(20, 70))
        if rng.random() < 0.3:
            add("music_toggle", level, 1)
        if outcome != "completed" and rng.random() < 0.6:
            add("skip_button", level, 2)
            outcome = "abandoned"
        tasks.append(
            {
                "task": f"level_{level}",
                "title": f"Level {level}",
                "started_at": iso(began),
                "ended_at": iso(at),
                "outcome": outcome,
                "attempts": tries,
                "failures": failures,
                "active_time_s": (at - began).total_seconds() * 0.9,
            }
        )
    active_s = (at - start).total_seconds() * 0.93
    if open_now:
        tasks[-1] |= {"outcome": "open", "ended_at": None}
        shift = world.now - timedelta(seconds=rng.randint(5, 200)) - at
        start, at = start + shift, at + shift
        for row in (*events, *tasks):
            for name in ("timestamp", "received_at", "started_at", "ended_at"):
                if row.get(name):
                    row[name] = iso(datetime.fromisoformat(row[name]) + shift)
    world.events[session_id] = events
    world.sessions[session_id] = {
        "id": session_id,
        "student_id": student_id,
        "game": dict(GAME),
        "state": "open" if open_now else "closed",
        "started_at": iso(start),
        "ended_at": iso(at),
        "closed_at": None if open_now else iso(at + timedelta(minutes=1)),
        "event_count": len(events),
        "assessed": not open_now,
        "active_time_s": None if open_now else active_s,
        "tasks_completed": None
        if open_now
        else sum(task["outcome"] == "completed" for task in tasks),
        "failures": None if open_now else sum(task["failures"] for task in tasks),
        "tasks": tasks,
    }


def features_of(session: dict) -> dict[str, dict]:
    """The figures of a session, some of them without a value."""

    def one(title, meaning, value, unit, maximum=1.0, reason_text=None, cut_off=False):
        return {
            "value": value,
            "unit": unit,
            "minimum": None if unit == "yes/no" else 0,
            "maximum": maximum,
            "reason": None if value is not None else "missing",
            "reason_text": None if value is not None else reason_text,
            "title": title,
            "meaning": meaning,
            "cut_off": cut_off,
        }

    done = session["tasks_completed"]
    share = done / max(1, len(session["tasks"]))
    failures = session["failures"]
    return {
        "task_completion_rate": one(
            "Tasks finished",
            "How many of the tasks that came to an end were finished.",
            share if len(session["tasks"]) >= 5 else None,
            "share",
            reason_text="Needs at least 5 tasks that came to an end.",
        ),
        "time_efficiency": one(
            "Pace compared with others",
            "How quickly tasks were finished, compared with others who finished them: 50 % is "
            "typical, more is faster.",
            None,
            "share",
            reason_text="Needs at least 3 finished tasks that 20 others' times are known for.",
        ),
        "retry_rate": one(
            "Tried again after a failure",
            "How many of the failures were followed by another try at the same task.",
            0.8 if failures >= 3 else None,
            "share",
            reason_text="Needs at least 3 failures.",
        ),
        "distraction_resistance": one(
            "Time on task",
            "Of the time in tasks, the share spent playing, neither away from the window nor idle.",
            0.93,
            "share",
        ),
        "focus_duration_s": one(
            "Usual stretch without a break",
            "How long the student usually played on without a break.",
            session["active_time_s"] * 0.6,
            "s",
            maximum=None,
            cut_off=True,
        ),
        "collaboration_rate": one(
            "Chances to work together taken",
            "How many of the chances to work with others were taken.",
            None,
            "share",
            reason_text="Needs at least 3 chances to work together.",
        ),
        "wheel_spinning": one(
            "Stuck on a skill",
            "Whether there is a skill that was practised at least 10 times without being right "
            "three times in a row.",
            False,
            "yes/no",
            maximum=None,
        ),
        "help_per_failure": one(
            "Help asked for per failure",
            "How often the student asked for a hint, compared with how often something failed.",
            0.3,
            "per failure",
            maximum=None,
        ),
        "wall_time_s": one(
            "Time from start to end",
            "How much time passed from the first event to the last, breaks included.",
            session["active_time_s"] / 0.93,
            "s",
            maximum=None,
        ),
        "active_time_s": one(
            "Time playing",
            "How long the student was actually doing something.",
            session["active_time_s"],
            "s",
            maximum=None,
        ),
        "event_count": one(
            "Events", "How many events the game sent.", session["event_count"], "count", None
        ),
    }
