"""One session on the wire: who speaks (socket), what is decided (desk), what is kept (journal), who is told (fanout).
"""
