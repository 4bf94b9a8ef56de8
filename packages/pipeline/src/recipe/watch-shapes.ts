import type { LoadedModel } from '../load-model.ts'
import type { OnNewShape, RowSession, Session } from '../ort/graph.ts'

/** The model as one generation uses it, which hears how long the first calls of shapes took that it was in. */
export function watchShapes(model: LoadedModel, onNewShape: OnNewShape): LoadedModel {
  const watched = <S extends Session>(session: S): S => ({
    ...session,
    run: (feeds, fetches) => session.run(feeds, fetches, onNewShape),
    runTyped: (feeds, fetches) => session.runTyped(feeds, fetches, onNewShape),
  })
  const { textEncoders, unet, vae } = model
  const rows: RowSession['rows'] = {
    ...unet.rows,
    ask: (asked, timesteps) => unet.rows.ask(asked, timesteps, onNewShape),
  }
  return {
    ...model,
    textEncoders: textEncoders.map((encoder) => ({ ...encoder, session: watched(encoder.session) })),
    unet: { ...watched(unet), rows },
    vae: { ...vae, encoder: watched(vae.encoder), decoder: watched(vae.decoder) },
  }
}
