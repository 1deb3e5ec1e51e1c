"""Open311 GeoReport v2: what plain clients of that standard know how to ask, and more for those who look.

It reads no cookie and keeps no session; it may seal a name and can open none. It lists nobody's petitions.
"""
