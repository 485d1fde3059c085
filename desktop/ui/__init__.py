"""All of Qt, and nothing but Qt."""
