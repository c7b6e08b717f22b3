# The service of `assay serve`: what receives webhooks and answers commands. It never touches data or models.
FROM python:3.12-slim-bookworm AS built
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements-service.lock ./
RUN python -m venv /opt/assay && /opt/assay/bin/pip install --quiet --require-hashes -r requirements-service.lock
COPY assay ./assay
COPY policy ./policy
COPY reports ./reports
COPY actions ./actions
COPY bot ./bot
COPY workflows ./workflows
# As the wheel has it: one installed name, the rooms inside of it.
RUN site=$(/opt/assay/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
    && cp -r assay "$site/assay" \
    && mkdir "$site/assay/_rooms" \
    && cp -r policy reports actions bot workflows "$site/assay/_rooms/" \
    && /opt/assay/bin/python -m compileall -q "$site/assay" \
    && printf '#!/opt/assay/bin/python\nfrom assay.__main__ import main\nmain()\n' > /opt/assay/bin/assay \
    && chmod 755 /opt/assay/bin/assay

FROM python:3.12-slim-bookworm
COPY --from=built /opt/assay /opt/assay
RUN useradd --system --uid 10001 --home-dir /var/lib/assay --create-home assay
USER assay
WORKDIR /var/lib/assay
ENV PATH=/opt/assay/bin:$PATH PYTHONUNBUFFERED=1 ASSAY_DATABASE_URL=sqlite:////var/lib/assay/assay.sqlite3
VOLUME /var/lib/assay
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["assay", "serve"]
CMD ["--host", "0.0.0.0", "--port", "8000"]
