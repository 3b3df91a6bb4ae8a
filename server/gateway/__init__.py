"""Everything between the listening socket and Flask or the engine.

One ASGI callable answers queries to the endpoint and hands all other requests to Flask, in threads. Connections that
send or read too slowly are closed by the protocol, before they cost anybody a thread or a query slot.
"""
