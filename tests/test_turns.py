"""Slots are shared fairly, and what a slow reader does not take in waits beside the worker."""

import asyncio
from collections import Counter

import pytest

from server.engine.spool import IN_MEMORY, Room, Spool
from server.engine.turns import NoPlaceError, Turns, fair


def test_one_client_gets_half_of_the_slots_and_the_next_half_of_the_rest() -> None:
    async def held() -> Counter[str]:
        turns = Turns(12, 0)
        for client in "abc":
            try:
                while True:
                    await turns.take(client, 1)
            except NoPlaceError:
                pass
        return turns.running

    assert asyncio.run(held()) == {"a": 6, "b": 3, "c": 2}


def test_a_client_without_a_slot_gets_the_last_one() -> None:
    assert [fair(0, 1, 9), fair(1, 1, 9), fair(0, 0, 9), fair(8, 4, 3), fair(9, 3, 3)] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_a_free_slot_goes_to_the_waiting_client_that_holds_the_fewest() -> None:
    async def order() -> list[str]:
        turns, found = Turns(2, 10), []
        await turns.take("a", 1)
        await turns.take("b", 1)

        async def take(client: str) -> None:
            await turns.take(client, 5)
            found.append(client)

        tasks = [asyncio.create_task(take(client)) for client in ("a", "a", "c")]
        await asyncio.sleep(0)
        turns.leave("b")
        await asyncio.sleep(0.01)
        turns.leave("a")
        await asyncio.wait(tasks, timeout=0.05)
        for task in tasks:
            task.cancel()
        return found

    assert asyncio.run(order()) == ["c", "a"]


def test_a_client_that_fills_the_queue_leaves_places_for_others() -> None:
    async def refused() -> list[str]:
        turns, found = Turns(1, 4), []
        await turns.take("a", 1)

        async def take(client: str) -> None:
            try:
                await turns.take(client, 0.1)
            except NoPlaceError:
                found.append(client)
            except TimeoutError:
                pass

        await asyncio.gather(*map(take, "aaaab"))
        return found

    assert asyncio.run(refused()) == ["a", "a"]


def test_a_client_that_gives_up_leaves_no_slot_behind() -> None:
    async def left() -> tuple[int, int]:
        turns = Turns(1, 4)
        await turns.take("a", 1)
        with pytest.raises(TimeoutError):
            await turns.take("b", 0.01)
        task = asyncio.create_task(turns.take("c", 5))
        await asyncio.sleep(0)
        turns.leave("a")
        task.cancel()  # at the moment at which the slot comes
        with pytest.raises(asyncio.CancelledError):
            await task
        return turns.busy, len(turns.queue)

    assert asyncio.run(left()) == (0, 0)


def test_blocks_come_back_in_order_from_memory_and_from_disk() -> None:
    spool, blocks = Spool(Room(1 << 30)), [bytes([number]) * 70_000 for number in range(100)]
    found = []
    for block in blocks:
        spool.put(block)
    for block in blocks[:30]:
        found.append(spool.get())
        spool.put(block)
    found += iter(spool.get, b"")
    assert found == blocks + blocks[:30]
    assert spool.room.used == 0
    spool.close()


def test_beyond_its_room_a_spool_lets_the_worker_wait() -> None:
    spool = Spool(Room(200_000))
    sizes = 0
    while not spool.is_full:
        spool.put(b"x" * 70_000)
        sizes += 70_000
    assert IN_MEMORY + 200_000 <= sizes < IN_MEMORY + 400_000
    spool.close()
    assert spool.room.used == 0
