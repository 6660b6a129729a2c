"""What is stored of the studies that one student's play was handed to."""

from typing import Final

from learntrace.kit.held import Held, by_person
from learntrace.research.models import Disclosure

HELD: Final = (
    Held(
        name="research_disclosures",
        says="The studies that play was handed to under a pseudonym: when, to whom and what for.",
        model=Disclosure,
        of=by_person(Disclosure.school_id, Disclosure.student_id),
        told=(Disclosure.at, Disclosure.study, Disclosure.recipient, Disclosure.purpose),
        order=(Disclosure.at,),
        aging=None,
    ),
)
