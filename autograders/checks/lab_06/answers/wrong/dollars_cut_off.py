"""Dollars without their cents, rounded down."""
# loses: check_titles_say_what_was_found
# %% headline
def headline(months):
    (_, before), (day, now) = sorted(months)[-2:]
    end = f"to ${now // 100:,} in {day:%B %Y}"
    stayed = f"MRR stayed at ${now // 100:,} in {day:%B %Y}"
    if before == 0:
        return f"MRR rose from $0 {end}" if now else stayed
    change = f"{abs(now - before) / before * 100:.1f}"
    if change == "0.0":
        return stayed
    return f"MRR {'rose' if now > before else 'fell'} {change} % {end}"
