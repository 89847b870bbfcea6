"""The simulated facilitator: through the agenda at the console, press by press."""
