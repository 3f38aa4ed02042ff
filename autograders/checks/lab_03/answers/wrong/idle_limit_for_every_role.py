"""The idle limit is the server's, for everybody."""
# loses: check_analyst_has_limits
# %% create_analyst
def create_analyst(primary, password) -> None:
    analyst_login(primary, password)
    analyst_rights(primary)
    primary.execute("alter role analyst set statement_timeout = '2min'")
    primary.configure(idle_in_transaction_session_timeout="1min")
    primary.execute("alter role analyst connection limit 5")
