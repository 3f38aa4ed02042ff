"""What a function's text needs from outside it."""

import json
import socket
import threading
from typing import Any

from autograders.alone import names_from_outside
from autograders.grading.candidate import CandidatePeer
from autograders.grading.peer import Channel, Peer


def imports_all(path: str) -> list:
    import os

    class Found(list):
        here = os.path.join(path)
        there = here

    return [len(part) for part in Found(path.split(Found.there))]


def leans_on_this_file(path) -> list:
    return [json.loads(part) for part in imports_all(path)]


def test_a_function_that_imports_what_it_needs_has_none():
    assert names_from_outside(imports_all) == []


def test_names_of_the_file_around_it_are_told():
    assert names_from_outside(leans_on_this_file) == ["imports_all", "json"]


def test_what_has_no_text_has_none():
    assert names_from_outside(len) == []


def test_the_notebooks_process_tells_the_same_of_its_own():
    class Lender(CandidatePeer):
        def _done(self, verb, target, arguments, keywords):
            return leans_on_this_file if verb == "give" else super()._done(verb, target, arguments, keywords)

    no_shell: Any = None
    ours, theirs = socket.socketpair()
    with ours, theirs:
        threading.Thread(target=Lender(Channel(theirs), no_shell).serve, daemon=True).start()
        function = Peer(Channel(ours), careful=True).ask("give")
        assert names_from_outside(function) == ["imports_all", "json"]
