"""Services that are asked over the network; no other package opens connections."""
