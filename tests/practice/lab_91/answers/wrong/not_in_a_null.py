"""NOT IN a list with a null is never true."""
# loses: check_silent_households
# %% silent_households
def silent_households(orders, households):
    found = sql("""select household_id from h where household_id not in (select household_id from o)
                   order by 1""", h=households, o=orders.astype({"household_id": "Int64"}))
    return found["household_id"].tolist()
