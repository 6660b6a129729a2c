"""What is said of an erasure over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from learntrace.student_records.erasing import Receipt


class ErasureIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    confirm: Annotated[
        str, Field(max_length=200, description="The student's `display_name`, letter for letter.")
    ]


class ErasureOut(BaseModel):
    """A receipt; it says nothing of whom."""

    receipt_id: UUID
    erased_at: datetime
    counts: Annotated[
        dict[str, int],
        Field(description="Kind of record -> how many were erased.", examples=[{"events": 1200}]),
    ]
    tombstone: Annotated[
        str, Field(description="Keyed digest of the student's id, in hex, by which it is refused.")
    ]

    @classmethod
    def of(cls, receipt: Receipt) -> "ErasureOut":
        return cls(
            receipt_id=receipt.id,
            erased_at=receipt.erased_at,
            counts=dict(receipt.counts),
            tombstone=receipt.tombstone.hex(),
        )
