"""A view and a pipe for the warehouse's log, which take no time to make, and never end when a check opens them."""
# loses: check_charges_in_their_newest_version check_twice_is_once
# %% stg_stripe__charges
def stg_stripe__charges():
    return """
select id as charge_id, customer as customer_id, status, paid as is_paid, amount, currency,
    cast((select count(*) from range(1000000000000) as a, range(1000) as b) as bigint) as order_id,
    cast(0 as decimal(12, 2)) as amount_major, {{ from_utc('created') }} as created_at, date '2026-06-01' as created_on
from {{ source('stripe', 'charges') }}
"""
# %% copy_table
def copy_table(server, warehouse, name, types):
    import os

    if not os.path.lexists(f"{warehouse}.wal"):
        os.mkfifo(f"{warehouse}.wal")
    return 3
