"""The first start: a new office, a folder that is there already, or the sample township."""
