"""Compares in lower case, and keeps _ and -."""
# loses: check_spellings_known check_values_audited check_orders_counted_once check_steps_counted_by_people
# %% real_name
def real_name(name, planned):
    def bare(text):
        return text.lower()
    return {bare(each): each for each in planned}.get(bare(name))
