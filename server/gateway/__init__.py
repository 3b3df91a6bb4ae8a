"""Everything between a connection and Flask or the engine: one ASGI callable, and deadlines for slow clients."""
