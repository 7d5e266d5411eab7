"""Everything on a gateway's menu that is not chat: one module per family, each dialect with both directions."""
