"""Services asked over the network."""
