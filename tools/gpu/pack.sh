#!/bin/bash
# Packs what a bare GPU machine needs into parcels of at most 60 MB: tools/gpu/pack.sh OUT [MODEL]
# README.md beside this file says what the machine must have, and how the parcels are used.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(realpath -m "${1:?say where the parcels go: tools/gpu/pack.sh OUT [MODEL]}")
model=${2:-}
arch=${GPU_ARCH:-90}
limit=60000000
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$out" "$stage"/{provider,runtime,service}

parcel() {
  tar -C "$stage/$1" -c . | xz -9 -T0 > "$out/$1.tar.xz"
  local bytes
  bytes=$(stat -c %s "$out/$1.tar.xz")
  echo "$1.tar.xz: $((bytes / 1000000)) MB"
  [ "$bytes" -le "$limit" ] || { echo "error: $1.tar.xz is larger than 60 MB" >&2; exit 1; }
}

# 1. The provider for one kind of GPU, and the graphs of the model without their weights.
cache=${PENTIMENTO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pentimento}/cuda
provider=$(find "$cache" -maxdepth 1 -name 'onnxruntime-gpu-*' | sort -V | tail -n 1)
[ -n "$provider" ] || { echo "error: no provider in $cache: DEVICE=cuda npm run generate -- --help fetches it" >&2; exit 1; }
mkdir "$stage/provider/lib"
python3 tools/gpu/trim-provider.py "$provider/libonnxruntime_providers_cuda.so" "$stage/provider/lib/libonnxruntime_providers_cuda.so" "$arch"
cp "$provider"/libonnxruntime_providers_shared.so "$stage/provider/lib/"
if [ -n "$model" ]; then
  mkdir "$stage/provider/model"
  (cd "$model" && find . -type f -size -8M -print0 | tar --null -T - -c) | tar -C "$stage/provider/model" -x
fi
parcel provider

# 2. Node, ONNX Runtime and Redis with what it is linked to, but for the C library.
mkdir -p "$stage"/runtime/{bin,lib,redis}
strip -o "$stage/runtime/bin/node" "$(node -p process.execPath)"
cp "$provider/libonnxruntime.so.1" "$stage/runtime/lib/"
redis=${REDIS_SERVER:-$(command -v redis-server)}
cp "$redis" "$stage/runtime/redis/redis-server.bin"
ldd "$redis" | awk '$3 ~ /^\// && $1 !~ /^lib(c|m|pthread|dl|rt)\.so/ {print $3}' | xargs -I{} cp -L {} "$stage/runtime/redis/"
cat > "$stage/runtime/redis/redis-server" <<'WRAPPER'
#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH=$here exec "$here/redis-server.bin" "$@"
WRAPPER
chmod +x "$stage/runtime/redis/redis-server"
parcel runtime

# 3. The repository as it is committed, with the packages that the service runs on and no others.
git archive HEAD -- . ':!models/fixtures' ':!docs' ':!test' ':!**/fixtures' | tar -C "$stage/service" -x
git archive HEAD -- models/fixtures/tiny-sd1 | tar -C "$stage/service" -x
(cd "$stage/service" && CI=true ONNXRUNTIME_NODE_INSTALL=skip npx -y pnpm@12.21.0 install --prod --frozen-lockfile --prefer-offline > /dev/null)
# What is left out is there already (Node, libonnxruntime.so.1) or for other systems.
find "$stage/service/node_modules/.pnpm" -maxdepth 1 \( -name 'node-linux-*' -o -name '*musl*' \) -exec rm -r {} +
find "$stage/service/node_modules/.pnpm" -path '*/onnxruntime-node/bin/napi-v6/*' -type f ! -path '*/linux/x64/onnxruntime_binding.node' -delete
parcel service
cp tools/gpu/check.sh "$out/"
