"""How big a world is: one number, the households. Each makes about 5,000 product events in its two years.

small is a lab on a laptop (about 1 million events), large is 100 million.
"""

SIZES = {"small": 200, "medium": 2000, "large": 20000}
