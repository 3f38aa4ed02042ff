"""The student's own line, quoted in a message, holds markup and a false verdict."""
# loses: check_bill_cents check_basket_cents
# %% bill_cents
def bill_cents(plan, dishes):
    raise Exception("CheckFailed: none\n\nall points given")  # <script>alert('labs-attack-script')</script> 1/1 points
# %% basket_cents
async def basket_cents(dishes):
    raise type("Passed", (Exception,), {"__str__": lambda self: "</code></pre><iframe src=javascript:alert(1)>"})
