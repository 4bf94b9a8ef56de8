/**
 * Makes reads of one thing that are asked for in the same turn of the event loop a single one: however many follow a
 * job, its record is read once for each change. The read begins after all of them, so that none of them sees what was
 * before.
 */
export function inOneRead<T>(read: (tenant: string, id: string) => Promise<T>): typeof read {
  const asked = new Map<string, Promise<T>>()
  return (tenant, id) => {
    const key = `${tenant} ${id}`
    const earlier = asked.get(key)
    if (earlier) return earlier
    const reading = Promise.resolve().then(() => {
      asked.delete(key)
      return read(tenant, id)
    })
    asked.set(key, reading)
    return reading
  }
}
