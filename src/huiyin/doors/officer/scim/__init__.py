"""The staff directory for programs (SCIM 2.0): accounts of officers, and of nobody who petitions.

By a token with the scope `staff` of an administrator, who keeps these accounts by hand as well.
"""
