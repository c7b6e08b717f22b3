"""DORA's four, for models: what was done is measured as defined, and where nothing was done there is nothing and not nought."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from policy.ledger import Decision
from policy.pulse.flow import Flow, Pulled, Spread, Window, measure
from tests.policy.pulse.diary import Diary, at

WINDOW = Window(at(90), at(180))


def days(count: float) -> timedelta:
    return timedelta(days=count)


def flow(diary: Diary, window: Window = WINDOW, **registered: int) -> Flow:
    known = {version.removeprefix("v"): at(day) for version, day in registered.items()} if registered else None
    return measure(diary.entries, "flight-delay", "production", window, known)


def test_without_entries_there_is_nothing_to_measure() -> None:
    found = flow(Diary())
    assert (found.lead, found.per_week, found.failure_rate, found.restore) == (None, None, None, None)
    assert found.promotions == found.unrestored == 0


def test_lead_time_is_from_registration_to_the_first_promotion_there() -> None:
    diary = Diary().promoted(100, 1).promoted(110, 2).promoted(120, 1)
    found = flow(diary, v1=96, v2=100)
    assert found.lead == Spread(days(7), days(10), 2)


def test_lead_time_is_also_from_the_pull_request_and_from_its_merge_where_those_are_known() -> None:
    diary = Diary().promoted(100, 1).promoted(110, 2).promoted(120, 3).promoted(130, 1)
    pulls = {"1": Pulled(at(80), at(97)), "2": Pulled(at(108), at(109)), "9": Pulled(at(1), at(2))}
    found = measure(diary.entries, "flight-delay", "production", WINDOW, None, pulls)
    assert found.opened == Spread(days(11), days(20), 2) and found.merged == Spread(days(2), days(3), 2)
    assert flow(diary).opened is flow(diary).merged is None


def test_without_a_registry_lead_time_is_from_the_first_request_anywhere() -> None:
    diary = Diary().add(Decision.REQUESTED, 95, 1, environment="staging").add(Decision.REQUESTED, 99, 1).promoted(100, 1)
    assert flow(diary).lead == Spread(days(5), days(5), 1)
    assert flow(Diary().promoted(100, 1)).lead is None


def test_other_environments_models_and_times_do_not_count() -> None:
    diary = Diary().promoted(10, 1).promoted(100, 2, environment="staging").promoted(101, 3, model="other").promoted(180, 4)
    assert flow(diary).promotions == 0 and flow(diary, WINDOW.before).promotions == 1


def test_frequency_is_over_what_the_ledger_covers_and_unknown_below_a_week() -> None:
    assert flow(Diary().promoted(10).promoted(100, 2)).per_week == 1 / (90 / 7)
    assert flow(Diary().promoted(166).promoted(170, 2)).per_week == 2 / 2
    assert flow(Diary().promoted(175)).per_week is None and flow(Diary().promoted(175)).promotions == 1


def test_a_promotion_failed_where_something_happened_there_before_the_next() -> None:
    diary = Diary().promoted(100, 1).promoted(110, 2).add(Decision.ROLLED_BACK, 111, 1).promoted(120, 3)
    diary.add(Decision.INCIDENT, 121, 1).promoted(130, 4).add(Decision.INCIDENT, 131, 1, environment="staging")
    found = flow(diary)
    assert (found.failed, found.promotions, found.failure_rate) == (2, 4, 0.5)


def test_time_to_restore_is_from_the_incident_or_from_when_the_rollback_was_asked_for() -> None:
    diary = Diary().promoted(100, 1).add(Decision.INCIDENT, 101, 2).add(Decision.INCIDENT, 102, 2).promoted(104, 3)
    diary.add(Decision.REQUESTED, 110, 1, 40).add(Decision.ROLLED_BACK, 111, 1, 40)
    found = flow(diary)
    assert found.restore == Spread(days(2), days(3), 2) and found.unrestored == 0
    assert flow(diary.add(Decision.INCIDENT, 150)).unrestored == 1


def test_a_rollback_of_which_nobody_knows_when_it_was_asked_for_is_not_timed() -> None:
    assert flow(Diary().promoted(100).add(Decision.ROLLED_BACK, 111)).restore is None


def test_the_window_before_is_as_long_and_ends_where_this_begins() -> None:
    assert WINDOW.before == Window(at(0), at(90)) and WINDOW.holds(at(90)) and not WINDOW.before.holds(at(90))


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_half_of_the_times_are_at_most_the_median_and_nine_of_ten_at_most_p90(seconds: list[int]) -> None:
    times = [timedelta(seconds=each) for each in seconds]
    found = Spread.of(times)
    assert found is not None and found.median <= found.p90 and found.p90 in times
    assert sum(each <= found.p90 for each in times) >= 0.9 * len(times)
    assert sum(each <= found.median for each in times) >= len(times) / 2


_KINDS = st.sampled_from([Decision.PROMOTED, Decision.ROLLED_BACK, Decision.INCIDENT, Decision.REQUESTED])


@given(st.lists(st.tuples(_KINDS, st.integers(0, 179)), max_size=20), st.integers(1, 179))
def test_two_windows_side_by_side_hold_what_both_together_hold(events: list[tuple[Decision, int]], middle: int) -> None:
    diary = Diary()
    for decision, day in sorted(events, key=lambda each: each[1]):
        diary.add(decision, day)
    windows = Window(at(0), at(middle)), Window(at(middle), at(180)), Window(at(0), at(180))
    first, second, whole = (flow(diary, each) for each in windows)
    assert first.promotions + second.promotions == whole.promotions
    assert first.failed + second.failed == whole.failed <= whole.promotions
    assert first.unrestored + second.unrestored == whole.unrestored
    assert restored(first) + restored(second) == restored(whole)


def restored(found: Flow) -> int:
    return found.restore.count if found.restore else 0
