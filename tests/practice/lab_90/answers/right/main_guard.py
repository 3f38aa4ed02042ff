"""Written as modules: the last lines run only in a script, and end it."""
# %% sales_tax
import decimal

def sales_tax(net, rate):
    with decimal.localcontext(rounding=decimal.ROUND_HALF_UP):
        return (net * rate).quantize(decimal.Decimal(10) ** -2)

def main():
    print(sales_tax(Decimal("1.00"), Decimal("0.50")))
    return 0

if __name__ == "__main__":
    raise SystemExit(main())
# %% retry
import sys

def retry(times):
    def decorate(function):
        def call(*args, **kwargs):
            left = times
            while True:
                left -= 1
                try:
                    return function(*args, **kwargs)
                except ConnectionError:
                    if left == 0:
                        raise
        return call
    return decorate

if __name__ == "__main__":
    sys.exit("done")
# %% mark_paid
import copy

def mark_paid(orders, order_id):
    orders = copy.deepcopy(orders)
    for order in orders:
        if order["id"] == order_id:
            order["status"] = "paid"
    return orders

if __name__ == "__main__":
    exit(mark_paid([], 1))
