"""Everything but chat, as gateways serve it: each endpoint by its dialect's server half, over the makers."""
