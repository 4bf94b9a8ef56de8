#!/bin/bash
# On the GPU machine, in the folder with the parcels: bash check.sh. DEVICE=cpu rehearses it where there is no GPU.
# Unpacks them and runs the checks, the most wanted first, each with a time limit of its own; everything is written to check.log as it comes.
set -uo pipefail
cd "$(dirname "$0")"
here=$PWD
rm -rf unpacked
mkdir unpacked
for parcel in service runtime provider; do tar -xJf "$parcel.tar.xz" -C unpacked; done
cd unpacked

# CUDA and cuDNN of the machine's Python packages, where there are any; else the system's are found by themselves.
packages=$(python3 -c 'import glob, nvidia; print(":".join(d for p in nvidia.__path__ for d in glob.glob(p + "/*/lib")))' 2> /dev/null)
export PATH=$PWD/bin:$PATH LD_LIBRARY_PATH=$PWD/lib:$packages NODE_OPTIONS=--conditions=source REDIS_SERVER=$PWD/redis/redis-server
export DEVICE=${DEVICE:-cuda} MODELS_DIR=$PWD/models-dir DATA_DIR=$PWD/data PORT=18080 WORKER_PORT=18081 METRICS_PORT=18082 LOG_LEVEL=warn
mkdir models-dir
model=still-life
side=128
if [ -d model ]; then
  mv model models-dir/measured
  model=measured
  side=512
fi

# name, seconds, command
check() {
  echo "== $1"
  timeout "$2" "${@:3}" 2>&1
  local code=$?
  [ $code -eq 0 ] || echo "== $1: exit code $code"
}

all() {
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv
  check device 60 node scripts/cuda/try-device.ts "$DEVICE"
  check fidelity 60 node tools/gpu/fidelity.ts models/fixtures/tiny-sd1 "$DEVICE"
  if [ "$model" = measured ]; then
    check weights 60 python3 tools/gpu/random-weights.py $(dirname models-dir/measured/*/model.onnx)
    check table 120 node tools/gpu/table.ts models-dir/measured "$DEVICE"
  fi
  node ./*/cli/src/main.ts start > service.log 2>&1 &
  local service=$!
  for _ in $(seq 120); do grep -q '^ready ' service.log && break; sleep 0.5; done
  check 'service, 8 in flight' 60 node tools/gpu/service.ts "http://127.0.0.1:$PORT" $model $side 40 8
  check 'service, 16 in flight' 60 node tools/gpu/service.ts "http://127.0.0.1:$PORT" $model $side 64 16
  kill $service
  wait $service
  echo '== service.log'
  tail -n 20 service.log
}

all | tee "$here/check.log"
