"""The steps that bring a file from one version to the next."""
