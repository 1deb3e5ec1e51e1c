"""The law of the house, pure: no Django, no database, no network, no clock, no chance.

Time is always passed in. What the law says is data (`huiyin.rulebooks`); this room only decides.
"""
