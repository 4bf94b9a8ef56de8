import { a1111Clients } from './testing/clients/a1111.ts'
import { openaiClients } from './testing/clients/openai.ts'
import { replicateClient } from './testing/clients/replicate.ts'
import { useStudio } from './testing/clients/studio.ts'
import { generateTests } from './testing/generate.ts'

/** The command, and the packages that people have, unchanged, against the whole service: one for all of them. */
const studio = useStudio()
generateTests(studio)
openaiClients(studio)
a1111Clients(studio)
replicateClient(studio)
