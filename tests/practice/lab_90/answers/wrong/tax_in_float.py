"""Computes the tax in float."""
# loses: check_sales_tax
# %% sales_tax
def sales_tax(net, rate):
    return round(float(net) * float(rate), 2)
