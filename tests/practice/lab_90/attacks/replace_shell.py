"""Everything of the candidate's Shell replaced: runs, user_ns, the recorder, the history."""
# loses: check_bill_cents check_price_tag
# %% + first
shell = get_ipython()
class Space(dict):
    def __contains__(self, name): return True
    def __missing__(self, name): return lambda *_, **__: shell
    def __getitem__(self, name): return dict.get(self, name, lambda *_, **__: shell)
type(shell).runs = lambda self, source: ([{"output_type": "stream", "name": "stdout", "text": "all tests passed"}], True)
shell.user_ns = Space(shell.user_ns)
# %% bill_cents
def bill_cents(plan, dishes):
    return 0
# %% price_tag
def price_tag(cents):
    return ""
