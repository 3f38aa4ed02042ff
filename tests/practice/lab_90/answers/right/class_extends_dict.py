"""A right Bucket that extends dict."""
# %% Bucket
class Bucket(dict):
    def __init__(self, capacity):
        super().__init__(capacity=capacity, left=capacity)
    __getattr__ = dict.__getitem__
    def take(self, n):
        if n > self["left"]:
            return False
        self["left"] -= n
        return True
    def refill(self, n):
        self["left"] = min(self["capacity"], self["left"] + n)
