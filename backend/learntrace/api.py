"""The routers under /api/v1, and nothing else."""

from fastapi import APIRouter

from learntrace.accounts.endpoints import router as people
from learntrace.accounts.endpoints_mappings import router as mappings
from learntrace.adaptive.endpoints import router as adaptive
from learntrace.assessment.endpoints import router as assessment
from learntrace.classroom.endpoints import router as classroom
from learntrace.classroom.endpoints_ratings import router as ratings
from learntrace.classroom.endpoints_skills import router as assessments
from learntrace.ingestion.data_health_endpoints import router as data_health
from learntrace.ingestion.endpoints import router as telemetry
from learntrace.roster.endpoints_players import router as players
from learntrace.skills.endpoints import router as skills
from learntrace.status_endpoints import router as status

router = APIRouter(prefix="/api/v1")
for part in (
    people,
    players,
    telemetry,
    assessment,
    mappings,
    data_health,
    skills,
    ratings,
    assessments,
    classroom,
    adaptive,
    status,
):
    router.include_router(part)
