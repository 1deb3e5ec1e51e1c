"""The JSON door for petitioners and whoever helps them: file, follow, make the author's moves.

It reads no cookie and keeps no session; it may seal a name and can open none.
"""
