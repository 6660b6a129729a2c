"""What a pass does with many things."""

import logging

import pytest

from learntrace.kit.loops import for_each


async def test_one_that_fails_is_logged_and_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        if number == 2:
            raise ValueError("no")
        done.append(number)

    with caplog.at_level(logging.ERROR):
        assert await for_each([1, 2, 3], work) == 2
    assert done == [1, 3]
    assert [one.message for one in caplog.records] == ["one of a pass failed"]
