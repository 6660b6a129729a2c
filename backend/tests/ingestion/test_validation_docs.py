"""docs/events.md says what the code does."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel

from learntrace.ingestion.decoding import decode_batch
from learntrace.ingestion.schemas import EXAMPLE, BatchIn, EventIn, IngestAnswer
from learntrace.ingestion.verdicts import Code

PAGE = Path(__file__).parents[3] / "docs" / "events.md"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _fields(model: type[BaseModel]) -> str:
    rows = [
        [f"`{name}`", "yes" if info.is_required() else "no", info.description or ""]
        for name, info in model.model_fields.items()
    ]
    return _table(["field", "required", "meaning"], rows)


def fields_table() -> str:
    return _fields(EventIn)


def envelope_table() -> str:
    return _fields(BatchIn)


def codes_table() -> str:
    rows = [[f"`{one}`", "yes" if one.retryable else "no", one.sentence] for one in Code]
    return _table(["code", "send again", "why, and what to do"], rows)


def _examples() -> list[str]:
    return re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_field_and_code_is_described_as_in_the_code():
    page = PAGE.read_text(encoding="utf-8")
    for table in (fields_table(), envelope_table(), codes_table()):
        assert table in page, f"put this into docs/events.md:\n{table}"


def test_the_example_batch_is_accepted_and_the_answer_is_well_formed():
    sent, answered = _examples()
    BatchIn.model_validate_json(sent)
    at = datetime(2026, 3, 2, 8, 15, 31, tzinfo=UTC)
    batch = decode_batch(sent.encode(), received_at=at)
    assert (batch.received_count, batch.rejected) == (2, [])
    answer = IngestAnswer.model_validate_json(answered)
    assert answer.accepted + answer.duplicates + len(answer.rejected) == answer.received_count


def test_the_examples_of_the_schemas_fit_them():
    assert EventIn.model_validate_json(json.dumps(EXAMPLE))
    for model in (EventIn, BatchIn):
        (example,) = model.model_json_schema()["examples"]
        assert model.model_validate_json(json.dumps(example))


def test_fields_that_no_table_names_are_ignored_as_the_page_says():
    sent = json.loads(_examples()[0])
    at = datetime(2026, 3, 2, 8, 15, 31, tzinfo=UTC)
    plain = decode_batch(json.dumps(sent).encode(), received_at=at)
    sent["school"] = "Hill"
    for event in sent["events"]:
        event |= {"Sequence": 99, "missionId": "level_9", "colour": {"red": [1e300]}}
    more = decode_batch(json.dumps(sent).encode(), received_at=at)
    assert more == plain
    for unreadable in ("NaN", '"\\ud800"', "[" * 5000 + "]" * 5000):
        text = json.dumps(sent).replace("[1e+300]", unreadable, 1)
        [refused] = decode_batch(text.encode(), received_at=at).rejected
        assert (refused.index, refused.code) == (0, Code.INVALID)
        assert "no part of an event" in refused.detail
