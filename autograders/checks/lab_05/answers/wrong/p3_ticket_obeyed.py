"""The ticket is obeyed, and the promise of the YAML broken."""
# loses: check_the_ticket_is_answered
# %% after_the_ticket
def after_the_ticket(sql) -> str:
    return sql.replace("{{ company_date('created_at', 'month') }}", "cast(date_trunc('month', created_at) as date)")
