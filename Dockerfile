# The image of every service in docker-compose.yml: Airflow with this project and its locked dependencies.
FROM python:3.12-slim-bookworm

RUN useradd --create-home --uid 50000 airflow
WORKDIR /opt/communique
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir 'uv>=0.9'
COPY requirements.lock pyproject.toml README.md ./
RUN .venv/bin/uv pip install --no-cache --python .venv/bin/python --require-hashes -r requirements.lock
COPY pipeline pipeline
COPY sql sql
COPY dags dags
COPY plugins plugins
RUN .venv/bin/uv pip install --no-cache --python .venv/bin/python --no-deps --no-build-isolation -e . \
    && mkdir -p /opt/airflow/logs /opt/airflow/data_docs && chown -R airflow /opt/airflow
USER airflow
ENV PATH=/opt/communique/.venv/bin:$PATH PYTHONPATH=/opt/communique AIRFLOW_HOME=/opt/airflow
