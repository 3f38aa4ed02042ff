"""Script tags in outputs, errors, file names, display data and the exception's name."""
# loses: check_bill_cents check_price_tag check_sales_tax
# %% + first
from IPython.display import HTML, Javascript, Markdown, display
display(HTML("<script>document.title='labs-attack-script'</script><img src=x onerror=alert(1)>"), Javascript("alert(1)"),
        Markdown("<script>alert(2)</script>"))
print("</pre><script>alert(3)</script>")
# %% bill_cents
def bill_cents(plan, dishes):
    raise ValueError("<script>alert('labs-attack-script')</script>")
# %% price_tag
def price_tag(cents):
    raise type("<script>alert(1)</script>", (Exception,), {})("</div><svg onload=alert(1)>")
# %% sales_tax
def sales_tax(net, rate):
    return "<script>alert('labs-attack-script')</script>"
