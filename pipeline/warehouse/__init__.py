"""Warehouse: the only psycopg2. Floor 4.

sql.py         connections, named statements, COPY
migrate.py     migrations, views, reference tables, passwords of the roles
feeds.py       feeds, fetch log, documents, items
batches.py     runs, candidates, quarantine, quality results
stories.py     what is known, and the load of stories
events.py      the load of events with their versions
"""
