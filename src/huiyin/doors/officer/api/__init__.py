"""The desk for programs: what an officer sees and does there, as JSON, by a token of theirs.

The same access, the same moves and the same refusals as on the pages, and the same record.
"""
