# SPDX-License-Identifier: Apache-2.0
# spiritsafe with all it calls: git, and the libraries that it loads when it publishes or asks a database.
#     docker build -t spiritsafe . && docker run --rm -v "$PWD:$PWD" -w "$PWD" spiritsafe spiritsafe check
FROM debian:12-slim AS build
# `program_packages` of ./dev, without ccache.
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ cmake ninja-build pkg-config libpg-query-dev libyaml-cpp-dev libre2-dev \
      nlohmann-json3-dev rapidjson-dev libcli11-dev libexpected-dev libfmt-dev libtomlplusplus-dev libcurl4-openssl-dev libpq-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY CMakeLists.txt ./
COPY engine engine
COPY adapters adapters
COPY policies policies
RUN cmake -S . -B /build -G Ninja -DSPIRITSAFE_TESTS=OFF -DSPIRITSAFE_PORTABLE=ON \
 && cmake --build /build --target spiritsafe \
 && strip -o /spiritsafe /build/spiritsafe

FROM debian:12-slim
LABEL org.opencontainers.image.title="spiritsafe" \
      org.opencontainers.image.description="Judges Alembic migrations against a policy, without running anything" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git libcurl4 libpq5 \
 && rm -rf /var/lib/apt/lists/* \
# What is mounted belongs to another user than the one in here, and git would refuse to read it. Nothing in it is run.
 && git config --system --add safe.directory '*'
COPY --from=build /spiritsafe /usr/local/bin/spiritsafe
# No ENTRYPOINT: GitLab starts a shell in a job's image.
CMD ["spiritsafe", "--help"]
