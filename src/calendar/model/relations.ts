// A user's relationships to others: the courses they teach and the users they observe.

/** Relationships as the lecture service reports them. */
export interface Relations {
  /** Course ERNs. */
  readonly teaches: readonly string[];
  /** User ids. */
  readonly observes: readonly string[];
}

/** The audiences of a user in one source. */
export interface Audiences {
  readonly all: readonly string[];
  /** Those of them that the user teaches: nothing in them is required of this user. */
  readonly taught: readonly string[];
}
