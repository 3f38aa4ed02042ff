"""The shop's checkout as a load: its customers, and what watches it."""

import pytest

from environments import templates
from environments.checkout import checkout_load
from environments.workspace import GRADED


@pytest.fixture(scope="module")
def primary(reachable_tmp):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABS_HOME", str(reachable_tmp / "checkout"))
        with templates.unprepared() as (primary, _):
            yield primary


@pytest.mark.slow
def test_every_customer_is_served_and_timed(primary):
    before = primary.value("select count(*) from orders")
    run = checkout_load(primary, seconds=0.3)
    assert list(run.second) == [n / 50 for n in range(15)] and (run.ms > 0).all()
    assert primary.value("select count(*) from orders") - before == 15


def test_who_watches_is_told_the_second_all_the_time(primary):
    seconds = []
    checkout_load(primary, seconds=0.3, watch=seconds.append)
    assert seconds and seconds == sorted(seconds) and seconds[0] >= 0


def test_what_who_watches_raises_is_raised(primary):
    with pytest.raises(ZeroDivisionError):
        checkout_load(primary, seconds=0.1, watch=lambda second: 1 / 0)


def test_while_a_class_is_graded_it_takes_a_tenth_of_the_time(primary, monkeypatch):
    monkeypatch.setenv(GRADED, "1")
    assert len(checkout_load(primary, seconds=4)) == 20
    events = []
    run = checkout_load(primary, seconds=4, events=[(2, lambda: events.append("came"))])
    assert 20 <= len(run) < 100 and events == ["came"]  # a customer more for each 20 ms that a busy machine is late
