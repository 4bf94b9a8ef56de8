# syntax=docker/dockerfile:1

ARG NODE_VERSION=24.21.0

# Everything compiled: the whole workspace is needed for that, and nothing of it is kept.
FROM node:${NODE_VERSION}-bookworm-slim AS build
ENV CI=true
RUN npm install --global pnpm@12.21.0
WORKDIR /src
COPY . .
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store pnpm install --frozen-lockfile
RUN pnpm exec tsc -b services/api
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store \
    pnpm --filter @pentimento/api --prod deploy /out/services/api \
    && pnpm --filter @pentimento/api sbom --prod --sbom-format spdx --out /out/sbom.spdx.json

FROM node:${NODE_VERSION}-bookworm-slim AS api
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data
RUN install --directory --owner=1000 --group=1000 --mode=750 /data
COPY --from=build /out /app
WORKDIR /app/services/api
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# As `npm start` runs it.
CMD ["node", "--max-semi-space-size=16", "dist/main.js"]
