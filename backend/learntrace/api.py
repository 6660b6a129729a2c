"""The routers under /api/v1, and nothing else."""

from fastapi import APIRouter

from learntrace.accounts.endpoints import router as people
from learntrace.accounts.endpoints_mappings import router as mappings
from learntrace.accounts.endpoints_write_keys import router as write_keys
from learntrace.adaptive.endpoints import router as adaptive
from learntrace.assessment.endpoints import router as assessment
from learntrace.classroom.endpoints import router as classroom
from learntrace.classroom.endpoints_amendments import router as amendments
from learntrace.classroom.endpoints_audit import router as audit
from learntrace.classroom.endpoints_consents import router as consents
from learntrace.classroom.endpoints_ratings import router as ratings
from learntrace.classroom.endpoints_skills import router as assessments
from learntrace.coaching_sessions.endpoints import router as coaching_sessions
from learntrace.coaching_sessions.endpoints_clients import router as clients
from learntrace.ingestion.data_health_endpoints import router as data_health
from learntrace.ingestion.endpoints import router as telemetry
from learntrace.learning_sessions.content.endpoints import router as content
from learntrace.learning_sessions.endpoints import router as learning_sessions
from learntrace.learning_sessions.endpoints_assignments import of_classes as class_assignments
from learntrace.learning_sessions.endpoints_assignments import router as assignments
from learntrace.learning_sessions.review_cards.endpoints import router as review_cards
from learntrace.learning_sessions.scenarios.endpoints import router as scenarios
from learntrace.plans.endpoints import router as plans
from learntrace.privacy.endpoints import router as consent_policy
from learntrace.roster.endpoints_players import router as players
from learntrace.roster.endpoints_staff import router as staff
from learntrace.roster.importing.endpoints import router as roster_imports
from learntrace.skills.endpoints import router as skills
from learntrace.status_endpoints import router as status
from learntrace.student_records.endpoints import router as student_records
from learntrace.student_records.endpoints_retention import router as retention
from learntrace.transcription_sessions.endpoints import router as transcription_sessions
from learntrace.transcription_sessions.endpoints_audio import router as audio
from learntrace.transcription_sessions.endpoints_keeping import router as keeping
from learntrace.transcription_sessions.endpoints_talk import router as talk
from learntrace.transcription_sessions.endpoints_transcription import router as transcription
from learntrace.transcription_sessions.endpoints_transcripts import router as transcripts
from learntrace.transcription_sessions.endpoints_uploads import router as uploads

router = APIRouter(prefix="/api/v1")
for part in (
    people,
    staff,
    write_keys,
    roster_imports,
    players,
    telemetry,
    assessment,
    mappings,
    data_health,
    skills,
    ratings,
    consent_policy,
    retention,
    amendments,
    consents,
    audit,
    assessments,
    student_records,
    classroom,
    adaptive,
    transcription,
    class_assignments,
    assignments,
    learning_sessions,
    scenarios,
    content,
    review_cards,
    transcription_sessions,
    uploads,
    audio,
    plans,
    clients,
    coaching_sessions,
    talk,
    transcripts,
    keeping,
    status,
):
    router.include_router(part)
