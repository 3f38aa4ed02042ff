"""The time limits set for every role: the shop's statements end, too."""
# loses: check_analyst_has_limits
# %% create_analyst
def create_analyst(primary, password):
    analyst_login(primary, password)
    analyst_rights(primary)
    primary.execute("alter role analyst connection limit 5")
    primary.execute("alter role all set statement_timeout = '2min'")
    primary.execute("alter role all set idle_in_transaction_session_timeout = '1min'")
