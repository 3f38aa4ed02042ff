"""Nothing holds the whole together: a cast after it takes the factor alone."""
# loses: check_dollars_to_the_cent
# %% in_dollars
def in_dollars() -> str:
    return r'''
{% macro in_dollars(cents) -%}
    cast(({{ cents }}) as decimal(16, 0)) * cast(0.01 as decimal(2, 2))
{%- endmacro %}
'''
