"""async inside: await in the cell, asyncio.run in a thread."""
# %% revenue_in
import asyncio

async def statuses():
    await asyncio.sleep(0)
    return ["paid", "delivered"]

EARNED = await statuses()

def revenue_in(path):
    day = pd.read_csv(path)
    return int(day.loc[day["status"].isin(EARNED), "cents"].sum())
# %% silent_households
import asyncio
from concurrent.futures import ThreadPoolExecutor

async def silent(orders, households):
    ordered = await asyncio.to_thread(set, orders["household_id"])
    return sorted(set(households["household_id"]) - ordered)

def silent_households(orders, households):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, silent(orders, households)).result()
# %% busiest_days
import asyncio
import threading

loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()

async def counted(orders):
    return orders["placed_at"].dt.date.value_counts().to_dict()

def busiest_days(orders, n):
    counts = asyncio.run_coroutine_threadsafe(counted(orders), loop).result(10)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:n]
