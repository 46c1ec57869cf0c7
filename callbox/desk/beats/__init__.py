"""Beats at the desk: drawn in a file, looked at, saved; who works them."""
