"""round() takes half a cent to the even neighbour."""
# loses: check_sales_tax
# %% sales_tax
def sales_tax(net, rate):
    return round(net * rate, 2)
