"""The last two as they come."""
# loses: check_titles_say_what_was_found
# %% headline
def headline(months):
    (_, before), (month, now) = months[-2:]
    end = f"${now / 100:,.0f} in {month:%B %Y}"
    if before == 0 < now:
        return f"MRR rose from $0 to {end}"
    change = f"{abs(100 * (now - before) / before) if before else 0:.1f}"
    if change == "0.0":
        return f"MRR stayed at {end}"
    return f"MRR {'rose' if now > before else 'fell'} {change} % to {end}"
