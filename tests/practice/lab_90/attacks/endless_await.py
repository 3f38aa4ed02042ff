"""Coroutines and generators that never come to an end."""
# loses: check_basket_cents check_charges
# %% basket_cents
import asyncio
async def basket_cents(dishes):
    while True:
        try:
            await asyncio.sleep(3600)
        except BaseException:
            pass
# %% charges
def charges(fetch):
    while True:
        yield "ch_1"
