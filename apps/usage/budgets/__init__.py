"""How much may be used: each call is reserved before it is made, and settled by what it really took."""
