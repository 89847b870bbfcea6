"""One session on the wire: who speaks (socket), who decides (desk), what is kept (journal), who is told (fanout)."""
