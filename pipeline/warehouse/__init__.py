"""Warehouse: the only psycopg2. Floor 4.

sql.py         connections, named statements, COPY
migrate.py     migrations, views, reference tables, passwords of the roles
feeds.py       feeds, fetch log, documents, items
batches.py     runs, candidates, quarantine, quality results
stored.py      the way back from JSON
stories.py     what is known, and the load of stories
events.py      the load of events with their versions (versions.py: as rows)
quality.py     the daily report
export.py      views as files, and the dictionary
"""
