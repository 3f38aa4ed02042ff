"""Stripe, Mixpanel and Amplitude as Teaspoon uses them, simulated on this machine over one generated world."""
