"""The first start: before there is an office to work in."""
