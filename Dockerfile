# One image for the service, the trainer and the alert log. Build with the commit that it is built from:
#   docker build --build-arg GIT_SHA="$(git rev-parse HEAD)" --tag reprise .
# Not verified: written and checked by its steps, without a container engine.

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Neither Node nor Deno from npm: the base image has the one, and the service needs not the other.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=optional --ignore-scripts --no-audit --no-fund
COPY assembly assembly
COPY scripts scripts
COPY src src
RUN node scripts/build-core.mjs && node scripts/build-assets.mjs

FROM node:24.21.0-bookworm-slim
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/build build
COPY package.json ./
COPY schemas schemas
COPY src src
COPY scripts/alert-log.ts scripts/
COPY scripts/observe/alert-receiver.ts scripts/observe/
# Volumes take over the owner of the folder that they are put on.
RUN mkdir models snapshots var && chown node:node models snapshots var
ARG GIT_SHA=
# The image's digest is known only once it is pushed, so it is given where the container is started.
ARG CONTAINER_IMAGE_DIGEST=
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 GIT_SHA=${GIT_SHA} CONTAINER_IMAGE_DIGEST=${CONTAINER_IMAGE_DIGEST}
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "src/cli.ts"]
CMD ["serve"]
