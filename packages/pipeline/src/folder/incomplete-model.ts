import { PipelineError } from '../errors.ts'
import type { ModelDescription } from './description.ts'

/** A model that is known for what it is and lacks a part: `description.missing` says what to add. */
export class IncompleteModel extends PipelineError {
  readonly description: ModelDescription

  constructor(description: ModelDescription) {
    super('model_unusable', (description.missing ?? []).join(' '))
    this.name = 'IncompleteModel'
    this.description = description
  }
}
