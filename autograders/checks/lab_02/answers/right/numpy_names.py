"""Names as numpy.str_, deep copies, ends read by index."""
# %% matters_most
import copy
import numpy as np

def matters_most(cost, company, ranges):
    names = np.array(list(ranges))
    def at(name, end):
        other = copy.deepcopy(company)
        other[name] = ranges[name][end]
        return cost(other)
    return names[np.argmax([abs(at(name, 1) - at(name, 0)) for name in ranges])]
# %% worth_knowing
def worth_knowing(first, second, company, ranges):
    """Today's choice, then a loop that keeps the largest regret."""
    best, most = None, 0
    stays_first = first(company) <= second(company)
    for name, pair in ranges.items():
        for end in pair:
            moved = copy.deepcopy(company)
            moved[name] = end
            gap = first(moved) - second(moved)
            regret = gap if stays_first else -gap
            if regret > most:
                best, most = name, regret
    return best
