// A user's relationships to others: the courses they teach and the users they observe.

/** Relationships as the lecture service reports them. */
export interface Relations {
  /** Course ERNs. */
  readonly teaches: readonly string[];
  /** User ids. */
  readonly observes: readonly string[];
}
