"""The arguments of hidden tests carried out in a message, in an exception's name and in a later cell's output."""
# loses: check_bill_cents check_price_tag
# %% + first
given = []
# %% bill_cents
def bill_cents(plan, dishes):
    given.append((plan, dishes))
    raise ValueError(f"canary {given}")
# %% price_tag
def price_tag(cents):
    given.append(cents)
    return f"canary {given}"
# %% + last
print(len(given))
