"""REVOKE CONNECT on the primary, which the standby replays."""
# loses: check_analyst_reaches_only_the_standby
# %% keep_analyst_on_standby
def keep_analyst_on_standby(primary, standby) -> None:
    primary.execute("revoke connect on database teaspoon from public")
    primary.execute("grant connect on database teaspoon to replicator")
