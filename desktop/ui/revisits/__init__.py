"""Revisits 监察执法回访: the forms, and the view of the programmes."""
