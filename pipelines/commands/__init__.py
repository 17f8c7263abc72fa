"""One module per family of commands; each is a thin face over the module that does the work."""
