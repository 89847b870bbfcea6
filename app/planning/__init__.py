"""Before a session: formats, and creating one."""
