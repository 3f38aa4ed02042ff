"""Teaspoon's own data stack, as its first data hire left it: what later labs start from."""
