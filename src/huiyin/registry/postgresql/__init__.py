"""PostgreSQL for Django, with connections that are noticed when their server has gone."""
