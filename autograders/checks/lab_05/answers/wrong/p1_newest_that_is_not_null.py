"""arg_max column by column: where the newest version has NULL, an older one's value stays."""
# loses: check_charges_in_their_newest_version
# %% stg_stripe__charges
def stg_stripe__charges() -> str:
    return r"""
with newest as (
    select id,
    {% for column in ['customer', 'status', 'currency', 'paid', 'amount', 'created', '_deleted'] %}
        arg_max({{ column }}, (_version, _loaded_at)) as {{ column }},
    {% endfor %}
        arg_max({{ json_text('_payload', ['metadata', 'order_id']) }}, (_version, _loaded_at)) as order_id
    from {{ source('stripe', 'charges') }} group by id
)
select id as charge_id, customer as customer_id, status, currency, cast(order_id as bigint) as order_id,
    paid as is_paid, amount, cast(amount / 100 as decimal(12, 2)) as amount_major,
    {{ from_utc('created') }} as created_at, {{ company_date(from_utc('created')) }} as created_on
from newest where not _deleted
"""
