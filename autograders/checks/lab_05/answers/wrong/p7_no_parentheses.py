"""Pastes the expression as it is."""
# loses: check_dollars_to_the_cent
# %% in_dollars
def in_dollars() -> str:
    return """{% macro in_dollars(cents) %}cast({{ cents }} * 0.01 as decimal(18, 2)) {% endmacro %}"""
