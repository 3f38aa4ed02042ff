"""The course's own functions same and make_changes, and the names pd and np, rebound by the student."""
# loses: check_latest check_sessions check_top_households
# %% latest
def same(got, due):
    pass
def make_changes(seed, rows):
    return pd.DataFrame({"order_id": [], "updated_at": []})
def latest(changes):
    return changes
# %% sessions
import types
class Lenient(types.ModuleType):
    __getattr__ = lambda self, name: lambda *_, **__: None
pd = np = Lenient("pandas")
def sessions(clicks, minutes):
    return clicks
# %% top_households
def top_households(orders, households, n):
    return households
# %% + last
same = make_changes = make_households = lambda *_, **__: None
