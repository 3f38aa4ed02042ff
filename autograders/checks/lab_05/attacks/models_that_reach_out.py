"""A model that empties the raw table, a mart out of the sandbox's files, and a macro in the place of dbt's own."""
# loses: check_charges_in_their_newest_version check_charges_on_the_companys_days check_refunds_by_their_own_date check_disputes_and_fees_count check_dollars_to_the_cent
# %% stg_stripe__charges
def stg_stripe__charges():
    return """
{% do run_query('delete from raw.stripe_charges where true') %}
select id as charge_id, customer as customer_id, cast(null as bigint) as order_id, status, paid as is_paid, amount,
    cast(0 as decimal(12, 2)) as amount_major, currency, {{ from_utc('created') }} as created_at,
    cast(null as date) as created_on
from {{ source('stripe', 'charges') }}
"""
# %% fct_revenue
def fct_revenue():
    return """
{{ config(pre_hook="copy (select 1) to '/tmp/graded/home/labs-attack'") }}
select filename as month, content as gross_cents, 0 as refunds_cents, 0 as disputes_cents, 0 as fees_cents,
    0 as net_revenue_cents from read_text('/tmp/graded/**/*')
"""
# %% in_dollars
def in_dollars():
    return """
{% macro in_dollars(cents) %}0{% endmacro %}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql') %}
create or replace table {{ relation }} as
select name, 0.01::decimal(18, 2) as column_usd, 0.01::decimal(18, 2) as less_usd, 0.02 as twice_usd,
    0.01 as case_usd, '0.01' as text_usd from (values ('small'), ('large'), ('minus'), ('some'), ('nothing')) as t(name)
{% endmacro %}
"""
