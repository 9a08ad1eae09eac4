"""The embedded default: Postgres from a wheel, Airflow on this machine, the sample wire. Floor 6.

state.py      what is remembered between commands: ports, secrets, in .communique/
processes.py  start, find and end what we started, by pid
postgres.py   the cluster
airflow.py    the four components, and Airflow's REST API
demo.py       the main job from nothing, with a report
"""
