"""The only place where parts are built and handed to one another."""
