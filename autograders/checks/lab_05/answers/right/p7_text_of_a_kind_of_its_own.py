"""The text is of a kind of str of the student's own; in_dollars is dispatched."""
# %% both_names
class Model(str):
    """The text of a model."""


def both_names(text, old, new):
    return Model("select model.*, model." + old + " as " + new + " from (\n" + text + "\n) as model")

# %% in_dollars
def in_dollars():
    return """
{% macro in_dollars(cents) %}{{ return(adapter.dispatch('in_dollars')(cents)) }}{% endmacro %}
{% macro default__in_dollars(cents) -%}
    cast(cast(({{ cents }}) as decimal(18, 0)) * cast('0.01' as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}
"""
