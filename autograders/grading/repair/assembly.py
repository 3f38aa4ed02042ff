"""The notebook for grading: released cells in their order, with the student's answers and further cells."""

import json
from bisect import bisect_left
from dataclasses import dataclass

from nbformat import NotebookNode

from autograders.grading.model import Release
from autograders.grading.repair.matching import Matching
from autograders.grading.repair.notes import BACK, BACK_EMPTY, CHANGED, LOST, MOVED, NEEDED, OLD, RETYPED, SETTINGS
from autograders.grading.repair.parts import Cell, Part, as_node, metadata_of
from autograders.grading.repair.texts import names_bound, names_loaded


@dataclass(frozen=True)
class Repaired:
    """A notebook ready for grading, what was repaired, and for each answer cell whether it differs from the release."""

    notebook: NotebookNode
    messages: tuple[str, ...]
    answered: dict[str, bool]


class Assembly:
    """Puts released cells in their order, and the student's own after the cells that they followed."""

    def __init__(self, matching: Matching, release: Release):
        self.parts, self.cells, self.notes, self.release = matching.parts, matching.cells, matching.notes, release
        self.held, self.by_ids = matching.held, matching.by_ids
        self.answered: dict[str, bool] = {}

    def repaired(self) -> Repaired:
        self._note_order()
        placed = self._placed()
        needed = self._needed(placed)
        nodes = [node for part, cell in placed if (node := self._node_of(part, cell, part in needed))]
        notebook = {
            "cells": _identified(nodes),
            "metadata": metadata_of(self.release.full),
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        return Repaired(as_node(notebook), self.notes.lines(), self.answered)

    def _placed(self) -> list[tuple[Part | None, Cell | None]]:
        """Released cells, each with the student's where there is one, and the student's own cells with none."""
        own = self._own_cells()
        placed: list[tuple[Part | None, Cell | None]] = [(None, cell) for cell in own.get(-1, [])]
        for part in self.parts:
            placed += [(None, cell) for cell in own.get(part, [])]
            placed += [(part, self.held.get(part)), *((None, cell) for cell in own.get(part.number, []))]
        return placed

    def _note_order(self) -> None:
        order = [cell.part for cell in self.cells if cell.part and not cell.taken]
        kept = _longest_rise([part.number for part in order])
        for part in sorted((p for p in order if p.number not in kept), key=lambda p: p.number):
            self.notes.say(MOVED, part.label)

    def _own_cells(self) -> dict[object, list[Cell]]:
        """The student's own cells by the number of the cell they follow;
        by Part those that must run before a locked cell."""
        own: dict[object, list[Cell]] = {}
        last = -1
        for cell in self.cells:
            if cell.part:
                last = cell.part.number
            else:
                own.setdefault(cell.before or last, []).append(cell)
        return own

    def _needed(self, placed: list[tuple[Part | None, Cell | None]]) -> set[Part]:
        """Ordinary code cells that were deleted, or made text,
        although something that remains needs what they define."""
        gone = [
            p
            for p in self.parts
            if not p.name and p.kind == "code" and (p not in self.held or self.held[p].kind != "code")
        ]
        if not gone:
            return set()
        sources = [_source(part, cell) for part, cell in placed if part not in gone and _kind(part, cell) == "code"]
        bound, loaded = (set().union(*map(names, sources)) for names in (names_bound, names_loaded))
        needed: set[Part] = set()
        while more := [p for p in gone if p not in needed and (p.bound & loaded) - bound]:
            needed.update(more)
            loaded |= set().union(*(names_loaded(p.visible["source"]) for p in more))
        return needed

    def _node_of(self, part: Part | None, cell: Cell | None, needed: bool) -> dict | None:
        if part is None:
            return None if cell is None else _new_node(
                cell.kind, cell.source, "" if cell.id in self.by_ids else cell.id, {}, cell.attachments)
        if part.answer:
            return self._answer(part, cell)
        if part.locked:
            return self._locked(part, cell)
        if needed:
            self.notes.say(NEEDED if cell is None else RETYPED, part.label)
            return _released(part)
        return None if cell is None else _new_node(
            cell.kind, cell.source, part.full.get("id", ""), part.full["metadata"], cell.attachments)

    def _answer(self, part: Part, cell: Cell | None) -> dict:
        if cell is None:
            self.notes.say(BACK_EMPTY, part.label)
        else:
            self._note_cell(part, cell)
        self.answered[part.name] = cell is not None and not part.untouched(cell)
        if cell is None or not self.answered[part.name]:
            return _released(part)
        return _new_node(part.kind, cell.source, part.full.get("id", ""), part.full["metadata"], cell.attachments)

    def _locked(self, part: Part, cell: Cell | None) -> dict:
        if cell is None:
            self.notes.say(BACK, part.label)
        else:
            self._note_cell(part, cell)
            if not part.same(cell):
                self.notes.say(OLD if part.outdated(cell) else CHANGED, part.label)
        return _released(part)

    def _note_cell(self, part: Part, cell: Cell) -> None:
        if cell.taken:
            return
        if cell.kind != part.kind:
            self.notes.say(RETYPED, part.label)
        if cell.name != part.name:
            self.notes.say(LOST, part.label)
        elif not part.keeps_settings(cell):
            self.notes.say(SETTINGS, part.label)


def _released(part: Part) -> dict:
    full = part.full
    return _new_node(part.kind, full["source"], full.get("id", ""), full["metadata"], full.get("attachments", {}))


def _source(part: Part | None, cell: Cell | None) -> str:
    """What will stand in a place: the release's where it is locked or the student has nothing there."""
    if part and (part.locked or cell is None):
        return part.full["source"]
    return cell.source if cell else ""


def _kind(part: Part | None, cell: Cell | None) -> str:
    return part.kind if part else cell.kind if cell else ""


def _new_node(kind: str, source: str, identity: str, metadata: dict, attachments: dict) -> dict:
    node = {"id": identity, "cell_type": kind, "metadata": json.loads(json.dumps(metadata)), "source": source}
    if kind == "code":
        return node | {"outputs": [], "execution_count": None}
    return node | ({"attachments": attachments} if attachments else {})


def _identified(nodes: list[dict]) -> list[dict]:
    """The cells with an id each, of which none stands twice; a released one stays with its cell."""
    taken, seen = {node["id"] for node in nodes}, set()
    fresh = (f"cell-{number}" for number in range(2 * len(nodes) + 1) if f"cell-{number}" not in taken)
    for node in nodes:
        if not node["id"] or node["id"] in seen:
            node["id"] = next(fresh)
        seen.add(node["id"])
    return nodes


def _longest_rise(numbers: list[int]) -> set[int]:
    """A longest rising selection of different numbers."""
    tails: list[int] = []
    place: list[int] = []
    for number in numbers:
        place.append(bisect_left(tails, number))
        tails[place[-1]:place[-1] + 1] = [number]
    kept, length = set(), len(tails) - 1
    for number, at in zip(reversed(numbers), reversed(place), strict=True):
        if at == length:
            kept.add(number)
            length -= 1
    return kept
