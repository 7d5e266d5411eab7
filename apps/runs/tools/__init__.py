"""The functions that models may call: whose they are, how a call is checked, answered and paired with its result."""
