# Quotewell in a container: see docs/deployment.md.
#
#   docker build -t quotewell:0.1.0 .
#
# The first stage installs, and exports the models by torch. The last one has the exported models and
# no torch. Nothing here names a processor: amd64 and arm64 are built alike.
ARG BASE=docker.io/library/debian:bookworm-slim
# To pin the base to the byte: --build-arg BASE_DIGEST=@sha256:…
ARG BASE_DIGEST=

FROM ${BASE}${BASE_DIGEST} AS python
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/*

FROM python AS build
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
# Where your index of packages lacks CPU builds of torch, name one that has them; it is left behind
# with this stage: --build-arg PIP_EXTRA_INDEX_URL=…
ARG PIP_EXTRA_INDEX_URL=
ARG PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock requirements-serve.lock ./
# Complete lists, so that nothing is looked up beside them.
RUN python3 -m venv /opt/quotewell/venv \
    && /opt/quotewell/venv/bin/python -m pip install --no-deps -r requirements-serve.lock
RUN /opt/quotewell/venv/bin/python -m pip install --target /opt/torch -c requirements.lock \
    onnx onnxscript sentence-transformers torch transformers
COPY pyproject.toml README.md LICENSE ./
COPY qa qa
RUN PIP_CONSTRAINT=requirements.lock /opt/quotewell/venv/bin/python -m pip install --no-deps . \
    && cp LICENSE /opt/quotewell/
COPY qa.toml ./
# A build of one sentence exports both models, and compares them with what torch makes of them.
RUN mkdir /tmp/corpus \
    && printf '# Opening hours\n\nWe open at nine.\n' > /tmp/corpus/hours.md \
    && PYTHONPATH=/opt/torch QA_EMBEDDING__MODELS=/opt/quotewell/models \
    /opt/quotewell/venv/bin/qa build --corpus /tmp/corpus --index /tmp/index \
    && rm -f /opt/quotewell/models/*.lock \
    && chmod -R a+rX,go-w /opt/quotewell \
    && /opt/quotewell/venv/bin/python -m pip uninstall --yes pip setuptools

FROM python AS serve
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Quotewell" \
    org.opencontainers.image.description="Answers that are word-for-word quotes from a clinic's documents" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}"
# A number that no account of the host should have; /var/lib/quotewell is what it may write.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp \
    --shell /usr/sbin/nologin quotewell \
    && install -d -o quotewell -g quotewell -m 0750 /var/lib/quotewell \
    /var/lib/quotewell/corpus /var/lib/quotewell/index /var/lib/quotewell/records
COPY --from=build /opt/quotewell /opt/quotewell
COPY qa.toml /etc/quotewell/qa.toml
ENV PATH=/opt/quotewell/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    MPLCONFIGDIR=/tmp/matplotlib \
    QA_CONFIG=/etc/quotewell/qa.toml \
    QA_CORPUS=/var/lib/quotewell/corpus \
    QA_INDEX=/var/lib/quotewell/index \
    QA_EMBEDDING__MODELS=/opt/quotewell/models \
    QA_PRIVACY__STORE=/var/lib/quotewell/records/records.sqlite3 \
    QA_STAFF__STORE=/var/lib/quotewell/records/staff.sqlite3
USER 10001:10001
WORKDIR /var/lib/quotewell
VOLUME ["/var/lib/quotewell/corpus", "/var/lib/quotewell/index", "/var/lib/quotewell/records"]
EXPOSE 7860
STOPSIGNAL SIGTERM
# Fails here, and not at a clinic, where something would still need torch.
RUN mkdir /tmp/corpus \
    && printf '# Opening hours\n\nWe open at nine.\n' > /tmp/corpus/hours.md \
    && qa build --corpus /tmp/corpus --index /tmp/index \
    && qa ask --corpus /tmp/corpus --index /tmp/index "When do you open?" \
    && rm -rf /tmp/corpus /tmp/index
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "from os import environ as e; from urllib.request import urlopen as u; u('http://127.0.0.1:' + e.get('QA_SERVE__PORT', '7860') + '/health', timeout=4)"]
ENTRYPOINT ["qa"]
CMD ["serve", "--host", "0.0.0.0"]
