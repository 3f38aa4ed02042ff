"""What each session runs on: platform, release of the website or app,
browser or model of phone. By session, as codes."""

import numpy as np

from datasets.product_ids import mixed
from datasets.product_plan import BROWSERS, MODELS, RELEASES, SLOWEST_UPDATE, SYSTEMS
from datasets.product_sessions import Sessions
from datasets.shape import DAY

LUCK = 5  # salt
SINCE = [np.array([at for _, at in column]) for column in RELEASES]


def platform(sessions: Sessions) -> np.ndarray:
    """Positions in product_plan.PLATFORMS."""
    return np.where(sessions.web, 0, np.where(sessions.ios, 1, 2))


def release(sessions: Sessions) -> np.ndarray:
    """Positions in the platform's RELEASES: on phones some days old, on websites the newest."""
    old = np.where(sessions.web, 0, _luck(sessions) % SLOWEST_UPDATE * DAY)
    on, at, newest = platform(sessions), sessions.at - old, np.empty(len(sessions), np.int64)
    for code, since in enumerate(SINCE):
        here = on == code
        newest[here] = np.searchsorted(since, at[here], side="right") - 1
    return np.maximum(newest, 0)


def browser(sessions: Sessions) -> np.ndarray:
    return _luck(sessions) // 64 % len(BROWSERS)


def system(sessions: Sessions) -> np.ndarray:
    return _luck(sessions) // 1024 % len(SYSTEMS)


def model(sessions: Sessions) -> np.ndarray:
    """Positions in the platform's MODELS of phones."""
    return _luck(sessions) // 64 % len(MODELS[1])


def _luck(sessions: Sessions) -> np.ndarray:
    """A number of the device, which says what it is."""
    return (mixed(sessions.device, 0, LUCK) >> np.uint64(16)).astype(np.int64)
