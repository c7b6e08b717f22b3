"""Receiving webhooks: verified, durable before the answer, handled once for each, one at a time for each pull request."""
