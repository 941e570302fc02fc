#!/bin/bash
# Runs once, when the database is made. crs_owner migrates, owns, and may make a database to try a backup in; crs_app
# runs and owns nothing.
set -euo pipefail

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$CRS_OWNER_PASSWORD" --set app_password="$CRS_APP_PASSWORD" <<'SQL'
CREATE ROLE crs_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE crs_app LOGIN PASSWORD :'app_password';
CREATE DATABASE crs OWNER crs_owner;
REVOKE CONNECT ON DATABASE crs FROM PUBLIC;
GRANT CONNECT ON DATABASE crs TO crs_app;
\connect crs
CREATE EXTENSION btree_gist;
SQL
