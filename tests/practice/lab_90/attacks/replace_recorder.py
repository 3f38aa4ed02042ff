"""A recorder that reports success, endless output and outputs that nbformat does not know."""
# loses: check_bill_cents check_price_tag
# %% + first
from autograders.grading import candidate
candidate.Recorder.finished = lambda self: [
    {"output_type": "grade", "points": 100}, {"output_type": "stream", "name": {"x": 1}, "text": 5, "score": 2},
    {"output_type": "execute_result", "data": {"text/html": ["<script>alert(1)</script>"]}, "metadata": 7, "execution_count": "all"},
    {"output_type": "error", "ename": None, "evalue": 3, "traceback": {}}, 17, None, [object()], {"output_type": object()}]
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
