"""Who grades: threads of this process,
each with an engine's processes at work for it, or the workers of a Dask scheduler."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from queue import SimpleQueue
from typing import Any

from autograders.grading import worker
from autograders.grading.model import Graded, Release, Submission
from autograders.grading.sandbox import Limits, processors
from autograders.grading.worker import Refused
from environments.errors import LabsError

PREFETCH = 2  # submissions waiting for each worker: enough to keep it busy, few enough to stay in memory
MAX_RESENDS = 3  # times that a submission is sent again when its worker died


@dataclass(frozen=True)
class GradingOptions:
    """How to grade: on how many processors here, or on the workers of a Dask scheduler; sandboxed or not."""

    jobs: int | None = None
    scheduler: str | None = None
    sandboxed: bool = True
    limits: Limits = Limits()


class Pool:
    """Workers that grade one release. `hand_out` gives it to all of them, and tells what it is called there."""

    def __init__(self, executor: Executor, many: int, hand_out: Callable[[], Any], how: GradingOptions):
        self._executor, self._hand_out, self._how = executor, hand_out, how
        self._at_once = PREFETCH * many
        self._release = hand_out()

    def results(self, submissions: Iterator[Submission]) -> Iterator[tuple[Submission, Graded | Refused]]:
        """Each submission with its result, as they come; only a few are under way at a time, the first from now on."""
        under_way: dict[Future, tuple[Submission, int]] = {}
        self._send_some(submissions, under_way)
        return self._as_they_come(submissions, under_way)

    def _as_they_come(
        self, submissions: Iterator[Submission], under_way: dict
    ) -> Iterator[tuple[Submission, Graded | Refused]]:
        alone: list[Submission] = []  # those for which no time was left: once more, with nothing beside them
        while under_way:
            submission, result = self._one(under_way)
            if isinstance(result, Refused) and result.busy:
                alone.append(replace(submission, given=result.given))
            else:
                yield submission, result
            self._send_some(submissions, under_way)
        for submission in alone:
            self._send(submission, under_way)
            yield self._one(under_way)

    def _send_some(self, submissions: Iterator[Submission], under_way: dict) -> None:
        for submission in islice(submissions, self._at_once - len(under_way)):
            self._send(submission, under_way)

    def _send(self, submission: Submission, under_way: dict, again: int = MAX_RESENDS) -> None:
        future = self._executor.submit(
            worker.grade_one, self._release, submission, self._how.sandboxed, self._how.limits
        )
        under_way[future] = submission, again

    def _one(self, under_way: dict) -> tuple[Submission, Graded | Refused]:
        while True:
            future = next(iter(wait(under_way, return_when=FIRST_COMPLETED).done))
            submission, again = under_way.pop(future)
            try:
                return submission, future.result()
            except Exception as e:  # whatever happened to the worker: the others go on
                why = f"its worker failed ({type(e).__name__}: {str(e)[:200]}). Run the same command again."
            try:
                if not again:
                    raise TimeoutError
                self._release = self._hand_out()  # with the last of those who had it, it was lost
                self._send(submission, under_way, again - 1)
            except Exception:  # nor is there another worker
                return submission, Refused(submission.student, why, again=True)


@contextmanager
def workers(release: Release, how: GradingOptions) -> Iterator[Pool]:
    """Threads here, or the workers of a Dask scheduler at an address. Raises LabsError where none can grade."""
    with _reached(release, how) if how.scheduler else _here(release, how) as pool:
        yield pool


@contextmanager
def _here(release: Release, how: GradingOptions):
    engine = worker.engine_for(release, how.sandboxed, how.limits)
    _ = engine.shown  # made once, before all workers want them
    many = how.jobs or engine.needs.jobs_per_cpu * (len(processors()) or os.cpu_count() or 1)
    free: SimpleQueue[int] = SimpleQueue()
    if many == len(processors()):  # with fewer the others would stand idle, and with more they wait for servers
        for processor in processors():
            free.put(processor)
    with ThreadPoolExecutor(many, initializer=worker.take_processor, initargs=(free,)) as threads:
        try:
            yield Pool(threads, many, lambda: release, how)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)  # what is under way ends with its engine
            worker.close()


@contextmanager
def _reached(release: Release, how: GradingOptions):
    from distributed import Client

    address = how.scheduler
    try:
        client = Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as e:
        raise LabsError(
            f"no Dask scheduler answers at {address} ({type(e).__name__}). Start one with `dask scheduler`, "
            "and workers on each machine with `dask worker`."
        ) from None
    with client:
        many = len(client.scheduler_info(n_workers=-1)["workers"])
        if not many:
            raise LabsError(
                f"the Dask scheduler at {address} has no workers. Start some with: dask worker {address} --nthreads 1"
            )
        yield Pool(
            client.get_executor(pure=False), many, lambda: client.scatter(release, broadcast=True, hash=False), how
        )
