#!/bin/sh
# Runs in the container before the application starts.
set -e
cd "$(dirname "$0")/../backend"
alembic upgrade head
