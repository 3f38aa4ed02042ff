"""Floor division takes a refund of 5 cents for one of a dollar and 95 cents."""
# loses: check_price_tag
# %% price_tag
def price_tag(cents):
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents // 100):,}.{cents % 100:02}"
