"""Five cents are $0.5."""
# loses: check_price_tag
# %% price_tag
def price_tag(cents):
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100}"
