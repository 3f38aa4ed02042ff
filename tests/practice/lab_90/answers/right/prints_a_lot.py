"""Prints 100,000 lines, in a cell and in its functions."""
# %% bill_cents
def bill_cents(plan, dishes):
    print("\n".join(f"{plan} {n}" for n in range(100_000)))
    extra = 0
    for _ in range(10, dishes):
        extra += 450
    return extra + PLANS[plan]

for n in range(100_000):
    print("line", n)
# %% charges
def charges(fetch):
    rows, cursor = fetch(None)
    for row in rows:
        print("row" * 10_000)
        yield row
    while cursor is not None:
        rows, cursor = fetch(cursor)
        for row in rows:
            print(row)
            yield row
# %% price_tag
def price_tag(cents):
    print("$" * 1_000_000)
    text = "{:,.2f}".format(abs(cents) / 100)
    return ("-$" if cents < 0 else "$") + text
