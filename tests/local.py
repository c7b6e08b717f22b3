"""HTTP to servers of a test on this machine."""

import httpx

LOCAL = httpx.Client(verify=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
"""For plain HTTP. `httpx.get` reads all certificates of the machine first, each time, which takes 30 ms of CPU.

No connection outlives its request, as servers are ended and started again under the same address.
"""
