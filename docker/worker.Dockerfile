# syntax=docker/dockerfile:1

# Three targets: `cpu` runs anywhere, `cuda` needs an NVIDIA GPU, both in either role (see ROLES); `cli` has the commands for
# keys and models.
ARG NODE_VERSION=24.21.0
ARG CUDA_IMAGE=nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04

FROM node:${NODE_VERSION}-bookworm-slim AS node

FROM node AS build
ENV CI=true
RUN npm install --global pnpm@12.21.0
WORKDIR /src
COPY . .
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store pnpm install --frozen-lockfile
RUN pnpm exec tsc -b services/worker
# onnxruntime-node carries the libraries of every platform; one is enough.
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store \
    pnpm --filter @pentimento/worker --prod deploy /out/services/worker \
    && cd /out/services/worker/node_modules/.pnpm/onnxruntime-node@*/node_modules/onnxruntime-node/bin/napi-v6 \
    && find . -mindepth 2 -maxdepth 2 -not -path "./linux/$(node -p process.arch)" -exec rm -r {} + \
    && find . -mindepth 1 -maxdepth 1 -empty -delete
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store \
    pnpm --filter @pentimento/worker sbom --prod --sbom-format spdx --out /out/sbom.spdx.json
RUN mkdir -p models && cp -r models /out/models

FROM build AS build-cuda
# The CUDA provider (CUDA 12, cuDNN 9; x64 alone), of the version that onnxruntime-node itself names; TensorRT is not used.
RUN cd /out/services/worker/node_modules/.pnpm/onnxruntime-node@*/node_modules/onnxruntime-node \
    && ONNXRUNTIME_NODE_INSTALL=true node script/install.js \
    && rm bin/napi-v6/linux/x64/libonnxruntime_providers_tensorrt.so \
    && test -s bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so

FROM ${CUDA_IMAGE} AS cuda
COPY --from=node /usr/local/bin/node /usr/local/bin/node
ENV NODE_ENV=production \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    DEVICE=cuda \
    DATA_DIR=/data \
    MODELS_DIR=/models \
    WORKER_HOST=0.0.0.0 \
    WORKER_PORT=8081
RUN install --directory --owner=1000 --group=1000 --mode=750 /data /models
COPY --from=build-cuda /out /app
WORKDIR /app/services/worker
USER 1000:1000
EXPOSE 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=120s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]

FROM build AS build-cli
RUN pnpm exec tsc -b services/cli
RUN --mount=type=cache,id=pnpm,target=/root/.local/share/pnpm/store \
    pnpm --filter @pentimento/cli --prod deploy /cli/services/cli \
    && pnpm --filter @pentimento/cli sbom --prod --sbom-format spdx --out /cli/sbom.spdx.json

FROM node AS cli
ENV NODE_ENV=production \
    GLIBC_TUNABLES=glibc.malloc.hugetlb=1 \
    DATA_DIR=/data \
    MODELS_DIR=/models
RUN install --directory --owner=1000 --group=1000 --mode=750 /data /models
COPY --from=build-cli /cli /app
WORKDIR /app/services/cli
USER 1000:1000
ENTRYPOINT ["node", "dist/main.js"]

FROM node AS cpu
ENV NODE_ENV=production \
    DEVICE=cpu \
    DATA_DIR=/data \
    MODELS_DIR=/models \
    WORKER_HOST=0.0.0.0 \
    WORKER_PORT=8081
RUN install --directory --owner=1000 --group=1000 --mode=750 /data /models
COPY --from=build /out /app
WORKDIR /app/services/worker
USER 1000:1000
EXPOSE 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=120s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
