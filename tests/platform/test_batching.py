import asyncio
from collections.abc import Sequence

import pytest

from tmam.platform.batching import Batcher
from tmam.platform.errors import BusyError


class Clerk:
    """Serves batches when told to; remembers them."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.may_go = asyncio.Event()

    async def serve(self, key: str, requests: Sequence[int]) -> list[int]:
        del key
        self.batches.append(list(requests))
        await self.may_go.wait()
        if 13 in requests:
            raise ValueError("unlucky")
        return [request * 10 for request in requests]


def test_what_arrives_during_a_batch_forms_the_next() -> None:
    async def story() -> None:
        clerk = Clerk()
        batcher: Batcher[str, int, int] = Batcher(clerk.serve)
        first = asyncio.create_task(batcher.submit("a", 1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        rest = [asyncio.create_task(batcher.submit("a", number)) for number in (2, 3, 4)]
        await asyncio.sleep(0)
        clerk.may_go.set()
        assert await asyncio.gather(first, *rest) == [10, 20, 30, 40]
        assert clerk.batches == [[1], [2, 3, 4]]

    asyncio.run(story())


def test_one_bad_request_does_not_fail_its_batch() -> None:
    async def story() -> None:
        clerk = Clerk()
        clerk.may_go.set()
        batcher: Batcher[str, int, int] = Batcher(clerk.serve)
        answers = await asyncio.gather(
            *(batcher.submit("a", number) for number in (1, 13, 2)), return_exceptions=True
        )
        assert answers[0] == 10
        assert isinstance(answers[1], ValueError)
        assert answers[2] == 20

    asyncio.run(story())


def test_a_full_queue_says_so_at_once() -> None:
    async def story() -> None:
        clerk = Clerk()
        batcher: Batcher[str, int, int] = Batcher(clerk.serve, longest_queue=2)
        waiting = [asyncio.create_task(batcher.submit("a", number)) for number in (1, 2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await batcher.submit("a", 3)
        clerk.may_go.set()
        assert await asyncio.gather(*waiting) == [10, 20]

    asyncio.run(story())


def test_events_do_not_wait_for_each_other_and_closing_serves_everybody() -> None:
    async def story() -> None:
        clerk = Clerk()
        batcher: Batcher[str, int, int] = Batcher(clerk.serve)
        waiting = [asyncio.create_task(batcher.submit(key, 1)) for key in ("a", "b")]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert clerk.batches == [[1], [1]]
        clerk.may_go.set()
        await batcher.close()
        assert await asyncio.gather(*waiting) == [10, 10]

    asyncio.run(story())


def test_nobody_is_served_who_hung_up_before_the_batch_began() -> None:
    async def story() -> None:
        clerk = Clerk()
        batcher: Batcher[str, int, int] = Batcher(clerk.serve)
        first = asyncio.create_task(batcher.submit("a", 1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gone = asyncio.create_task(batcher.submit("a", 2))
        await asyncio.sleep(0)
        gone.cancel()
        clerk.may_go.set()
        assert await first == 10
        await batcher.close()
        assert clerk.batches == [[1]]

    asyncio.run(story())


def test_a_busy_database_is_told_to_everybody_at_once() -> None:
    calls: list[int] = []

    async def refuse(key: str, requests: Sequence[int]) -> list[int]:
        del key
        calls.append(len(requests))
        await asyncio.sleep(0)
        raise BusyError(retry_after_s=2)

    async def story() -> None:
        batcher: Batcher[str, int, int] = Batcher(refuse)
        answers = await asyncio.gather(
            *(batcher.submit("a", number) for number in range(9)), return_exceptions=True
        )
        assert all(isinstance(answer, BusyError) for answer in answers)
        assert sum(calls) == 9

    asyncio.run(story())


def test_a_wrong_number_of_answers_reaches_those_who_asked() -> None:
    async def forget(key: str, requests: Sequence[int]) -> list[int]:
        del key, requests
        return []

    async def story() -> None:
        batcher: Batcher[str, int, int] = Batcher(forget)
        with pytest.raises(ValueError, match="zip"):
            await batcher.submit("a", 1)
        with pytest.raises(ValueError, match="zip"):
            await batcher.submit("a", 2)  # the queue lives on

    asyncio.run(story())


def test_one_key_cannot_take_all_the_places_in_the_queue() -> None:
    async def story() -> None:
        clerk = Clerk()
        batcher: Batcher[str, int, int] = Batcher(clerk.serve, longest_queue=10, longest_queue_per_key=2)
        waiting = [asyncio.create_task(batcher.submit("hot", number)) for number in (1, 2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await batcher.submit("hot", 3)
        waiting.append(asyncio.create_task(batcher.submit("cold", 4)))
        await asyncio.sleep(0)
        clerk.may_go.set()
        assert await asyncio.gather(*waiting) == [10, 20, 40]

    asyncio.run(story())
