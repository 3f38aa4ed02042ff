"""Blocks in which nothing of a student's runs."""

from contextlib import contextmanager

from autograders import undisturbed


def test_a_block_within_another_does_not_end_it(monkeypatch):
    said = []

    @contextmanager
    def hold():
        said.append("stopped")
        yield
        said.append("goes on")

    monkeypatch.setattr(undisturbed, "_hold", hold)
    with undisturbed.undisturbed():
        with undisturbed.undisturbed():
            pass
        said.append("still held")
    assert said == ["stopped", "still held", "goes on"]
