"""WITH GRANT OPTION: the analyst may hand rights on."""
# loses: check_analyst_cannot_write
# %% create_analyst
def create_analyst(primary, password):
    analyst_login(primary, password)
    analyst_rights(primary)
    primary.execute("grant select on plans, recipes, orders to analyst with grant option")
    primary.execute("alter role analyst connection limit 5")
    primary.execute("alter role analyst set statement_timeout = '2min'")
    primary.execute("alter role analyst set idle_in_transaction_session_timeout = '1min'")
