"""Which tables hold what of a student: each room names its own."""

from typing import Final

from learntrace.accounts import records as accounts
from learntrace.adaptive import records as adaptive
from learntrace.assessment import records as assessment
from learntrace.coaching_sessions import records as coaching_sessions
from learntrace.events import records as events
from learntrace.game_sessions import records as game_sessions
from learntrace.ingestion import records as ingestion
from learntrace.kit.held import Held
from learntrace.learning_sessions import records as learning_sessions
from learntrace.privacy import records as privacy
from learntrace.research import records as research
from learntrace.roster import records as roster
from learntrace.skills import records as skills
from learntrace.transcription_sessions import records as transcription_sessions

# In the order of erasing: what refers to a row goes before it.
HOLDINGS: Final[tuple[Held, ...]] = (
    *coaching_sessions.HELD,
    *events.HELD,
    *assessment.HELD,
    *skills.HELD,
    *game_sessions.HELD,
    *adaptive.HELD,
    *ingestion.HELD,
    *learning_sessions.HELD,
    *transcription_sessions.HELD,
    *accounts.HELD,
    *privacy.HELD,
    *research.HELD,
    *roster.HELD,
)
