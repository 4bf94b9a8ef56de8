/**
 * What a tenant's jobs keep in the storage. `stored:{tenant}` is the sum of each job's share, which is its `bytes`:
 * until it ends, its inputs and room for its results; from then on its results, and its inputs until they are deleted.
 * `inputs` (zset) are ended jobs whose inputs are to be deleted; `leaving` (hash) the shares of jobs whose records are
 * gone and whose objects are not yet. A record in Redis is dearer than a file: its share bounds how many jobs are kept.
 */
export const storageLua = `
local recordBytes = 100000

local function addStored(tenant, bytes)
  local left = redis.call('INCRBY', ns .. 'stored:' .. tenant, string.format('%.0f', bytes))
  if left <= 0 then redis.call('DEL', ns .. 'stored:' .. tenant) end
end

local function setShare(job, tenant, bytes)
  addStored(tenant, bytes - tonumber(redis.call('HGET', job, 'bytes') or '0'))
  redis.call('HSET', job, 'bytes', string.format('%.0f', bytes))
end

-- From its end on a job needs its inputs no more.
local function keepResults(id, job, tenant, result, t)
  local bytes = recordBytes + tonumber(redis.call('HGET', job, 'input_bytes') or '0')
  for _, image in ipairs(cjson.decode(result).images) do bytes = bytes + (image.bytes or 0) end
  setShare(job, tenant, bytes)
  redis.call('ZADD', ns .. 'inputs', t, id)
end

-- The record goes; its objects count until they are deleted.
local function leave(id, job)
  local bytes = redis.call('HGET', job, 'bytes')
  if bytes then redis.call('HSET', ns .. 'leaving', id, bytes) end
  redis.call('ZREM', ns .. 'inputs', id)
end
`
