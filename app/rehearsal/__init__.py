"""A rehearsal: simulated people hold a whole race on a real server, over real sockets, and count what comes of it.

A simulated person knows what its pages show it and nothing else: it fills in the forms it finds there.
"""
