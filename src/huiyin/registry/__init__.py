"""THE REGISTRY: petitions, bodies, officers; `file` and `perform` are its only writers."""
