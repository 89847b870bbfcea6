"""The server: everything that touches a network, a disk, a browser or the wall clock."""
