"""The sequences are readable as well."""
# loses: check_analyst_cannot_write
# %% create_analyst
def create_analyst(primary, password) -> None:
    analyst_login(primary, password)
    analyst_rights(primary)
    primary.execute("grant select on all sequences in schema public to analyst")
    primary.execute("alter role analyst set statement_timeout = '2min'")
    primary.execute("alter role analyst set idle_in_transaction_session_timeout = '1min'")
    primary.execute("alter role analyst connection limit 5")
