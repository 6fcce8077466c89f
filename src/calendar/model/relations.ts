// What relationships a user to others: the courses they teach, the users they observe.

/** As the service that knows says it. */
export interface Relations {
  /** Course ERNs. */
  readonly teaches: readonly string[];
  /** User ids. */
  readonly observes: readonly string[];
}
