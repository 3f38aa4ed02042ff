"""Divides as DOUBLE, which loses a cent of 16 digits."""
# loses: check_dollars_to_the_cent
# %% in_dollars
def in_dollars() -> str:
    return """{% macro in_dollars(cents) %}cast(({{ cents }}) / 100.0 as decimal(18, 2)){% endmacro %}"""
