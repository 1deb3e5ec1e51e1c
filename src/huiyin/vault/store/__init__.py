"""THE KEY STORE: the data key of each seal, wrapped; a database of its own, with backups of its own.

Whoever has the database but not this store can open nothing, not even with the private key. What is destroyed
here is erased in every copy of the database as well.
"""
