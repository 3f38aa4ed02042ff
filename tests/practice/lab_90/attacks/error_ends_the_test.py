"""StopIteration, SystemExit, KeyboardInterrupt, GeneratorExit and plain BaseExceptions raised by answers."""
# loses: check_bill_cents check_price_tag check_sales_tax check_next_billing check_mark_paid check_totals_by check_charges check_retry check_basket_cents
# %% bill_cents
def bill_cents(plan, dishes):
    raise StopIteration(990)
# %% price_tag
def price_tag(cents):
    raise SystemExit(0)
# %% sales_tax
def sales_tax(net, rate):
    raise KeyboardInterrupt
# %% next_billing
def next_billing(day):
    raise GeneratorExit
# %% mark_paid
def mark_paid(orders, order_id):
    raise type("Silent", (BaseException,), {})
# %% totals_by
def totals_by(orders, key):
    raise StopAsyncIteration({})
# %% charges
def charges(fetch):
    yield "ch_1"
    raise SystemExit
# %% retry
def retry(times):
    raise ConnectionError
# %% basket_cents
import asyncio
async def basket_cents(dishes):
    raise asyncio.CancelledError
