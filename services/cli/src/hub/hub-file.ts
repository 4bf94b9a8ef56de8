/** A file of a repository as the hub lists it. */
export interface HubFile {
  path: string
  size: number
  /** Git object id: for a small file the SHA-1 of its contents with git's header. */
  oid: string
  /** SHA-256 of the contents, for files in large file storage. */
  sha256: string | null
}

/** A file to fetch, and where it goes inside the model's folder. */
export interface ChosenFile extends HubFile {
  target: string
}
