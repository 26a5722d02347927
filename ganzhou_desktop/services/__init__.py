"""Use cases, one module each: what a screen or the command line asks for."""
