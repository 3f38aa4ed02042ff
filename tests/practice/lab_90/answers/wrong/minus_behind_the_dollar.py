"""A refund is $-5.00."""
# loses: check_price_tag
# %% price_tag
def price_tag(cents):
    return f"${cents / 100:,.2f}"
