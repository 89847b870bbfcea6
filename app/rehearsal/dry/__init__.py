"""A whole event in no time: simulated people play a format through, without a server and without real time."""
