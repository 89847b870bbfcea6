"""From sockets to bytes and back; knows no session."""
