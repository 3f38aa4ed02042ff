"""A comment on the ticket is put above a model that needs no change."""
# loses: check_the_ticket_is_answered
# %% after_the_ticket
def after_the_ticket(sql) -> str:
    return '-- finance asked for UTC; months stay on the clock of the company\n' + sql
