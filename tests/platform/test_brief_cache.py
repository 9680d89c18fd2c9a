from __future__ import annotations

from tmam.platform.brief_cache import BriefCache, clear_brief_caches


def test_a_value_is_kept_for_its_time_and_no_longer() -> None:
    now = [0.0]
    cache: BriefCache[str, int] = BriefCache(1.0, 10, lambda: now[0])
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert cache.get_or("a", make) == 1
    now[0] = 0.9
    assert cache.get_or("a", make) == 1
    now[0] = 1.1
    assert cache.get_or("a", make) == 2


def test_a_value_is_as_old_as_the_beginning_of_its_making() -> None:
    now = [0.0]
    cache: BriefCache[str, int] = BriefCache(1.0, 10, lambda: now[0])

    def slow() -> int:
        now[0] += 0.8
        return 1

    cache.get_or("a", slow)
    now[0] += 0.3
    assert cache.get("a") is None


def test_it_is_bounded_and_forgets_on_demand() -> None:
    cache: BriefCache[int, int] = BriefCache(60, 3)
    for number in range(5):
        cache.put(number, number)
    assert [cache.get(number) for number in range(5)] == [None, None, 2, 3, 4]
    clear_brief_caches()
    assert cache.get(4) is None
