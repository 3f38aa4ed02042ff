"""Goes through float on the way to a Decimal."""
# loses: check_sales_tax
# %% sales_tax
def sales_tax(net, rate):
    return Decimal(str(int(float(net * rate) * 100 + 0.5) / 100))
