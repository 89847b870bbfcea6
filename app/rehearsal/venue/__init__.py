"""Where a rehearsal takes place: servers, a PostgreSQL of its own, a session and the seats in it."""
