"""A process that stores the same events in an order of its own; run by `test_writer`."""

import asyncio
import json
import random
import sys

from learntrace.accounts.credentials import RememberedCallers, look_up
from learntrace.ingestion import service
from learntrace.ingestion.decoding import decode_batch
from learntrace.ingestion.times import EARLIEST
from learntrace.ingestion.writer import Writer
from learntrace.kit import clock
from learntrace.kit.db import Database
from tests.world import batch


async def main(url: str, key: str, seed: int, events_file: str) -> None:
    with open(events_file) as file:  # noqa: PTH123
        events = json.load(file)
    shuffled = random.Random(seed)
    database = Database.connect(url, pool_size=1)
    caller = await look_up(database, RememberedCallers(), key)
    assert caller is not None
    writer = Writer(url, connections=3, queue_events=50_000, earliest=EARLIEST)
    await writer.start()
    counts = [0, 0, 0]

    async def send(size: int) -> None:
        sent = shuffled.sample(events, size)
        received_at = clock.now()
        body = json.dumps(batch(sent)).encode()
        decoded = decode_batch(body, received_at=received_at)
        answer = await service.take(writer, caller, decoded, received_at, rehearsal=False)
        for place, name in enumerate(("accepted", "duplicates")):
            counts[place] += answer.content[name]
        counts[2] += len(answer.content["rejected"])

    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(12):
        await asyncio.gather(*(send(size) for size in (300, 40, 1, 40, 300)))
    await asyncio.gather(*(send(len(events)) for _ in range(2)))
    await writer.close()
    await database.dispose()
    print(json.dumps(counts), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
