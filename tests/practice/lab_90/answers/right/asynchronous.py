"""async inside: await in the cell, asyncio.run in a thread, tasks and queues."""
# %% bill_cents
async def load_plans():
    await asyncio.sleep(0.01)
    return dict(PLANS)

loaded = await load_plans()

def bill_cents(plan, dishes):
    return loaded[plan] + 450 * max(0, dishes - 10)
# %% price_tag
from concurrent.futures import ThreadPoolExecutor

async def formatted(cents):
    await asyncio.sleep(0)
    return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.2f}"

def price_tag(cents):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, formatted(cents)).result()
# %% totals_by
from concurrent.futures import ThreadPoolExecutor

async def summed(orders, keys):
    totals = {}
    for order, key in zip(orders, keys):
        await asyncio.sleep(0)
        totals[key] = totals.get(key, 0) + order["cents"]
    return totals

def totals_by(orders, key):
    loop = asyncio.new_event_loop()
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(loop.run_until_complete, summed(orders, [key(order) for order in orders])).result()
    finally:
        loop.close()
# %% basket_cents
async def basket_cents(dishes):
    queue = asyncio.Queue()
    async def ask(dish):
        await queue.put(await price_of(dish))
    async with asyncio.TaskGroup() as group:
        for dish in dishes:
            group.create_task(ask(dish))
    total = 0
    while not queue.empty():
        total += queue.get_nowait()
    return total
