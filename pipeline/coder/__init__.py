"""The coder: cleaned text → diplomatic events with their evidence. Floor 3.

data/        the codebook and the entity tables, with examples that are their tests
tables.py    reads them
language.py  the parser, loaded once a process
parties.py   who: countries, bodies, people, and the words that stand for them
dates.py     when: dates against the published day
actions.py   what: codebook rows against a parsed sentence
code.py      a story → events, one a happening
"""
