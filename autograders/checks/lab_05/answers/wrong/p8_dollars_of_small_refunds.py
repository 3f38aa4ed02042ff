"""Dollars and cents as text: less than a dollar loses its minus."""
# loses: check_dollars_to_the_cent
# %% in_dollars
def in_dollars():
    return """
{% macro in_dollars(cents) %}cast((({{ cents }}) // 100) || '.' || lpad(cast(abs(({{ cents }}) % 100) as varchar), 2, '0') as decimal(18, 2)){% endmacro %}
"""
