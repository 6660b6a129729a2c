"""What is stored of one student's consents, and of what was said to be wrong."""

from typing import Final

from learntrace.kit.held import Held, by_person
from learntrace.privacy.models import AmendmentRequest, Consent, ConsentChange

HELD: Final = (
    Held(
        name="consents",
        says="How each kind of consent stands.",
        model=Consent,
        of=by_person(Consent.school_id, Consent.student_id),
        told=(Consent.kind, Consent.state, Consent.changed_at),
        order=(Consent.kind,),
        aging=None,
    ),
    Held(
        name="consent_changes",
        says="When each consent was given or taken back, and what was noted with it.",
        model=ConsentChange,
        of=by_person(ConsentChange.school_id, ConsentChange.student_id),
        told=(
            ConsentChange.id,
            ConsentChange.kind,
            ConsentChange.from_state,
            ConsentChange.to_state,
            ConsentChange.note,
            ConsentChange.changed_by,
            ConsentChange.changed_at,
        ),
        order=(ConsentChange.changed_at, ConsentChange.id),
        aging=None,
    ),
    Held(
        name="amendment_requests",
        says="What of this record was said to be wrong, what was decided, and any statement on it.",
        model=AmendmentRequest,
        of=by_person(AmendmentRequest.school_id, AmendmentRequest.student_id),
        told=(
            AmendmentRequest.id,
            AmendmentRequest.about,
            AmendmentRequest.text,
            AmendmentRequest.asked_by,
            AmendmentRequest.noted_by,
            AmendmentRequest.created_at,
            AmendmentRequest.state,
            AmendmentRequest.decision,
            AmendmentRequest.decided_by,
            AmendmentRequest.decided_at,
            AmendmentRequest.statement,
        ),
        order=(AmendmentRequest.created_at, AmendmentRequest.id),
        aging=None,
    ),
)
