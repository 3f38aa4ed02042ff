"""The truth about the product, from who came and what they did: nothing here looks at an event as a tool has it.

Test accounts are nobody. A person counts once, on the website and in the app, also for visits before signing up.
"""

from collections import deque

import numpy as np

from datasets.mess import TEST_BLOCK, Mess
from datasets.product import Product, date_of
from datasets.product_events import drawn_from, lengths, outline
from datasets.product_plan import CODE, FUNNEL
from datasets.product_sessions import Sessions

WEEK = 7


def truth(product: Product) -> dict:
    """`{"mixpanel": {"export": n}, "amplitude": {"export": n}, "metrics": {...}}`.

    `export` counts distinct ids (Mixpanel: of event, distinct_id, time and `$insert_id` together; Amplitude: of uuid).
    Of the metrics: `dau` (people and strangers with a session, by day of UTC), `wau` (of the seven days that end with
    it), `mau` (by month), `funnel` (by day and by month: how many did each step in it), each also of the website or the
    apps alone.
    """
    exported = {"mixpanel": 0, "amplitude": 0}
    counts = {"": VisitorCounts(product), "_web": VisitorCounts(product), "_mobile": VisitorCounts(product)}
    for day in product.days:
        reached = [_reached(product, day, block, exported) for block in product.blocks()]
        for suffix, count in counts.items():
            count.day(day, [{step: who[_side(web, suffix)] for step, (who, web) in steps.items()} for steps in reached])
        _count(exported, product, Mess(product).tests(day), day, TEST_BLOCK, False)
    metrics = {
        f"{name}{suffix}": values for suffix, count in counts.items() for name, values in count.metrics().items()
    }
    return {api: {"export": n} for api, n in exported.items()} | {"metrics": metrics}


class VisitorCounts:
    """Distinct visitors so far, by day, week and month; of those who come back a mark each, strangers by number."""

    def __init__(self, product: Product):
        self.people = len(product.cast.home)
        self.week: deque = deque(maxlen=WEEK)
        self.found: dict[str, dict] = {"dau": {}, "wau": {}, "mau": {}, "funnel": {}}
        self.month = ""
        self.seen: dict[str, tuple] = {}

    def day(self, day: int, blocks: list[dict[str, np.ndarray]]) -> None:
        """`blocks`: of each block, who came (under "") and who reached each step of the funnel."""
        when = date_of(day).isoformat()
        steps = {step: self._marks([block[step] for block in blocks]) for step in ("", *FUNNEL)}
        if when[:7] != self.month:
            self.month, self.seen = when[:7], {step: (np.zeros(self.people, bool), 0) for step in steps}
        self.seen = {step: _united([self.seen[step], marks]) for step, marks in steps.items()}
        self.week.append(steps[""])
        self.found["dau"][when], self.found["wau"][when] = _size(steps[""]), _size(_united(self.week))
        self.found["mau"][self.month] = _size(self.seen[""])
        for key, seen in ((when, steps), (self.month, self.seen)):
            self.found["funnel"][key] = {step: _size(seen[step]) for step in FUNNEL}

    def metrics(self) -> dict[str, dict]:
        return self.found

    def _marks(self, visitors: list[np.ndarray]) -> tuple[np.ndarray, int]:
        """Which people, and how many strangers: these come once only."""
        every, marks = np.concatenate(visitors), np.zeros(self.people, bool)
        marks[every[every >= 0]] = True
        return marks, len(np.unique(every[every < 0]))


def _reached(product: Product, day: int, block: int, exported: dict) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Who came ("") and who did each step of the funnel, each with whether that was on the website."""
    sessions = product.sessions(day, block)
    parts = [(late, sessions.where((sessions.delay > 0) == late)) for late in (False, True)]
    steps: dict[str, list] = {step: [] for step in FUNNEL}
    for late, part in parts:
        _count(exported, product, part, day, block, late)
        for step, rows in _sessions_with(product, part, day, block, late).items():
            steps[step].append(part.where(rows))
    every = {"": [sessions]} | steps
    return {step: (np.concatenate([p.visitor() for p in found]), np.concatenate([p.web for p in found]))
            for step, found in every.items()}


def _sessions_with(product: Product, sessions: Sessions, day: int, block: int, late: bool) -> dict[str, np.ndarray]:
    o = outline(product.cast, sessions, drawn_from(product.cast, day, block, late))
    return {step: np.unique(o.session[o.code == CODE[step]]) for step in FUNNEL}


def _count(exported: dict, product: Product, sessions: Sessions, day: int, block: int, late: bool) -> None:
    """Add the events of sessions to the export they are in; one that is sent twice without an id is two."""
    size = lengths(product.cast, sessions) * (1 + (Mess(product).twice(day, block, sessions, late) == 2))
    exported["mixpanel"] += int(size[sessions.web].sum())
    exported["amplitude"] += int(size[~sessions.web].sum())


def _side(web: np.ndarray, suffix: str) -> np.ndarray:
    return {"": np.ones(len(web), bool), "_web": web, "_mobile": ~web}[suffix]


def _united(marks) -> tuple[np.ndarray, int]:
    return np.logical_or.reduce([people for people, _ in marks]), sum(strangers for _, strangers in marks)


def _size(marks: tuple[np.ndarray, int]) -> int:
    return int(marks[0].sum()) + marks[1]
