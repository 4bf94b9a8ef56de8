import { idleConnections, requestStorm, slowReaders } from './connections.ts'
import type { Attack } from './context.ts'
import { costlyPictures } from './costly-pictures.ts'
import { jsonPictures } from './json-pictures.ts'
import { fatHeads, pipelinedDocuments, pipelining } from './pipelining.ts'
import { probeStorm } from './probe-storm.ts'
import { over } from './raw-http.ts'
import { eventStreams, listStorm, longPolls, pipelinedLists } from './reads.ts'
import { stallingOrigins } from './stalling-origins.ts'
import { submitAndCancel } from './submit-and-cancel.ts'
import { testEvents } from './test-events.ts'
import { idleUploads, largeUploads, oddForms, tinyChunks, tinyPackets, trickledUploads } from './uploads.ts'

/** What the neighbour meets where nobody attacks: the measure of the machine. */
const nothing: Attack = { name: 'nothing', run: ({ until }) => over(until) }

/** Every attack of a client over HTTP, in the order in which they run. */
export const attacks: readonly Attack[] = [
  nothing,
  pipelining,
  pipelinedDocuments,
  fatHeads,
  idleConnections,
  slowReaders,
  requestStorm,
  idleUploads,
  trickledUploads,
  largeUploads,
  tinyChunks,
  tinyPackets,
  oddForms,
  stallingOrigins,
  pipelinedLists,
  listStorm,
  eventStreams,
  longPolls,
  costlyPictures,
  jsonPictures,
  submitAndCancel,
  testEvents,
  probeStorm,
]
