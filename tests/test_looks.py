"""What rules for alerts see of a replayed month, and how they are played."""

from datetime import UTC, datetime, timedelta

import pytest

from datasets.operations import Operations
from datasets.paging import Alert, replay, score
from environments.stack.orchestration.looks import RECENT, played, seen_as_dicts, seen_at

MONTH = Operations(7)
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)


def test_a_look_sees_the_last_day_oldest_first_and_nothing_that_is_to_come():
    times = [each["at"] for each in seen_at(MONTH, NOW)]
    assert (times == sorted(times), all(NOW - RECENT < at <= NOW for at in times), len(times) > 5) == (True,) * 3


def test_usual_rows_are_the_mean_of_that_weekday_in_the_last_four_weeks():
    one = next(each for each in seen_at(MONTH, NOW) if each["asset"] == "stripe" and each["status"] == "success")
    rows = {each.day: each.rows for each in MONTH.observations if each.asset == "stripe" and each.at <= NOW}
    before = [rows[one["day"] - timedelta(weeks=n)] for n in range(1, 5)]
    assert one["usual_rows"] == round(sum(before) / 4)


def test_without_weeks_before_no_number_is_usual():
    first = MONTH.observations[0]
    assert seen_as_dicts(first.at, [first])[0]["usual_rows"] == 0


def rules(now, seen, raised):
    """Failures, told once a day."""
    told = {each["asset"] for each in raised if each["at"] > now - timedelta(hours=20)}
    return [{"asset": each["asset"], "severity": "page", "what": "failed"} for each in seen
            if each["status"] == "failure" and each["asset"] not in told]


def test_rules_are_played_as_the_replay_plays_them():
    def rule(now, seen, raised):
        told = {each.asset for each in raised if each.at > now - timedelta(hours=20)}
        return [Alert(each.asset, "page", "failed") for each in seen
                if each.at > now - RECENT and each.status == "failure" and each.asset not in told]

    assert played(MONTH, rules) == score(MONTH, replay(MONTH, rule))


def test_an_alert_of_no_known_severity_is_refused():
    with pytest.raises(ValueError, match="page or ticket"):
        played(MONTH, lambda now, seen, raised: [{"asset": "stripe", "severity": "loud", "what": ""}])
