/** A field that is valid alone but not beside the others or with this model. */
export interface FieldIssue {
  code:
    | 'invalid_fields'
    | 'not_supported'
    | 'too_few_steps'
    | 'too_much_work'
    | 'unknown_lora'
    | 'unknown_upscaler'
    | 'unknown_reference_model'
    | 'image_required'
    | 'unknown_control'
    | 'no_worker'
  pointer: string
  detail: string
}
