"""The fake API's estimates: each student with another amount of evidence."""

from datetime import UTC, datetime, timedelta
from random import Random

from fake_world import GAME, iso
from fastapi import FastAPI, Request

SKILLS = (
    "empathy",
    "adaptability",
    "problem_solving",
    "self_regulation",
    "resilience",
    "communication",
    "collaboration",
)
TOPICS = (("AMPLITUDE", "Height of a wave"), ("WAVELENGTH", "Length of a wave"))


def estimates_of(fake, student_id: str) -> list[dict]:
    """Empathy and communication have no evidence; the others by how often somebody played."""
    rng = Random(student_id)
    sessions = [one for one in fake.sessions_of(student_id) if one["assessed"]]
    found = []
    for skill in SKILLS:
        seen = sessions if skill not in {"empathy", "communication"} else []
        score = rng.betavariate(4, 3)
        half = rng.uniform(0.12, 0.3)
        enough = len(seen) >= 3
        label = "insufficient" if not enough else rng.choice(("little", "some", "a_lot"))
        found.append(
            {
                "skill": skill,
                "score": score if enough else None,
                "low": max(0.02, score - half) if enough else None,
                "high": min(0.98, score + half) if enough else None,
                "label": label,
                "conflict": enough and rng.random() < 0.12,
                "prior_weight": 0.4 if enough else 1.0,
                "evidence": [
                    {"evidence_id": f"{one['id']}:{skill}", "weight": 0.6 / len(seen)}
                    for one in seen
                ],
                "missing": []
                if enough
                else [
                    {
                        "what": "closed_tasks" if seen else "occasions",
                        "count": 2,
                        "words": "2 more finished levels"
                        if seen
                        else "2 more times of play or ratings",
                    },
                    {"what": "days", "count": 1, "words": "1 more day of play or a rating"},
                ],
            }
        )
    return found


def knowledge_of(fake, student_id: str) -> list[dict]:
    rng = Random(student_id + "k")
    if not fake.sessions_of(student_id):
        return []
    return [
        {
            "game_id": GAME["id"],
            "skill": skill,
            "name": name,
            "value": (value := rng.uniform(0.3, 0.9)),
            "low": max(0.0, value - 0.13),
            "high": min(1.0, value + 0.1),
            "answers": rng.randint(8, 60),
            "last_at": iso(fake.world.now - timedelta(days=rng.randint(0, 9))),
        }
        for skill, name in TOPICS
    ]


def evidence_of(fake, student_id: str) -> list[dict]:
    found = []
    for one in fake.sessions_of(student_id):
        if not one["assessed"]:
            continue
        found += [
            {
                "evidence_id": f"{one['id']}:{skill}",
                "source": "game_play",
                "kind": "recovery_rate",
                "value": 0.75,
                "unit": "share",
                "words": "finished 3 of 4 levels in which a try had gone wrong",
                "observed_at": one["ended_at"],
                "game_session_id": one["id"],
                "rating_id": None,
                "skills": [skill],
            }
            for skill in SKILLS[1:5]
        ]
    found += [
        {
            "evidence_id": f"{one['id']}:persistence_after_errors",
            "source": "learning_sessions",
            "kind": "persistence_after_errors",
            "value": 1.0,
            "unit": "share",
            "words": "came back to 3 of 3 of what went wrong in a lesson",
            "observed_at": one["ended_at"],
            "learning_session_id": one["id"],
            "skills": ["resilience"],
        }
        for one in fake.lessons.values()
        if one["student_id"] == student_id and one["ended_at"]
    ]
    for rating in fake.ratings.get(student_id, []):
        found.append(
            {
                "evidence_id": f"rating:{rating['id']}",
                "source": "teacher_ratings",
                "kind": "rating",
                "value": rating["level"],
                "unit": "level",
                "words": "a teacher saw: often tried again without being asked",
                "observed_at": f"{rating['observed_on']}T12:00:00Z",
                "game_session_id": None,
                "rating_id": rating["id"],
                "skills": [rating["skill"]],
            }
        )
    return found


def assessment_of(fake, student_id: str) -> dict:
    evidence = evidence_of(fake, student_id)
    cited = [one["evidence_id"] for one in evidence]
    reasoning = [
        {
            "text": "Going well in going on after a setback: finished 3 of 4 levels in which a try "
            "had gone wrong, which is more than was usual before.",
            "cites": cited[:2],
        },
        {
            "text": "A next step in trying a new way: find a new way to do a task that went well.",
            "cites": [],
        },
        {
            "text": "These are rough guesses: they have not been tested, and they are not a grade.",
            "cites": [],
        },
    ]
    return {
        "id": "a55e0000-0000-4000-8000-000000000001",
        "student_id": student_id,
        "assessed_at": iso(fake.world.now),
        "data_until": iso(fake.world.now),
        "versions": {"model": 1, "mapping": 2, "evidence": 1, "weights": 0, "population": 1},
        "skills": estimates_of(fake, student_id),
        "knowledge": knowledge_of(fake, student_id),
        "reasoning": reasoning if evidence else reasoning[2:],
        "evidence": evidence,
        "not_validated": True,
    }


def progress_of(fake, student_id: str) -> dict:
    rng = Random(student_id + "p")
    now = fake.world.now
    series = []
    for one in estimates_of(fake, student_id):
        if one["score"] is None:
            continue
        points = []
        for weeks in range(5, -1, -1):
            score = min(0.95, max(0.05, one["score"] + rng.gauss(0, 0.05)))
            half = 0.16 + 0.03 * weeks
            points.append(
                {
                    "at": iso(now - timedelta(weeks=weeks)),
                    "score": score,
                    "low": max(0.01, score - half),
                    "high": min(0.99, score + half),
                }
            )
        series.append({"skill": one["skill"], "points": points})
    knowledge = [
        {
            **{name: one[name] for name in ("game_id", "skill", "name")},
            "points": [
                {
                    "at": iso(now - timedelta(weeks=weeks)),
                    "value": one["value"] * (1 - weeks * 0.08),
                    "low": one["low"] * (1 - weeks * 0.1),
                    "high": one["high"],
                }
                for weeks in range(4, -1, -1)
            ],
        }
        for one in knowledge_of(fake, student_id)
    ]
    return {"series": series, "knowledge": knowledge}


def add_routes(app: FastAPI, api: str, fake, class_of) -> None:
    """`class_of` refuses classes that the caller may not see."""

    @app.get(f"{api}/classes/{{class_id}}/skills")
    async def class_skills(request: Request, class_id: str) -> dict:
        class_of(request, class_id)
        return {
            "data_until": iso(datetime.now(UTC)),
            "students": [
                {
                    "student_id": student_id,
                    "display_name": fake.world.students[student_id]["display_name"],
                    "skills": [one | {"evidence": []} for one in estimates_of(fake, student_id)],
                    "knowledge": knowledge_of(fake, student_id),
                }
                for student_id in fake.world.members[class_id]
            ],
        }

    @app.get(f"{api}/assessments/{{student_id}}")
    async def assessment(request: Request, student_id: str) -> dict:
        fake.caller(request)
        fake.student_row(student_id)
        return assessment_of(fake, student_id)

    @app.get(f"{api}/students/{{student_id}}/progress")
    async def progress(request: Request, student_id: str, days: int) -> dict:
        fake.caller(request)
        return progress_of(fake, student_id)
