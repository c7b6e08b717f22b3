"""The GitHub App: who it is, what it may, the tokens of its installations, and the gateways that use them."""
