"""A charge of which any version is deleted is left out."""
# loses: check_charges_in_their_newest_version
# %% stg_stripe__charges
def stg_stripe__charges() -> str:
    return """
with versions as (
    select *, row_number() over (partition by id order by _version desc, _loaded_at desc) as nth
    from {{ source('stripe', 'charges') }}
)
select
    id as charge_id, customer as customer_id, status, currency, paid as is_paid, amount,
    cast({{ json_text('_payload', ['metadata', 'order_id']) }} as bigint) as order_id,
    cast(amount / 100.0 as decimal(12, 2)) as amount_major,
    {{ from_utc('created') }} as created_at,
    {{ company_date(from_utc('created')) }} as created_on
from versions
where nth = 1 and id not in (select id from versions where _deleted)
"""
