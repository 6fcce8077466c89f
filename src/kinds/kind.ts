// What a kind of events is described by. Each kind is one file beside this one that holds nothing
// but data, which the calendar, the gateway, subscriptions and My Page read.

/**
 * What a user did about an item: an attendance outcome or a submission state, in one vocabulary.
 * NOT_ASKED: nothing is required of this user.
 */
export type CompletionState = 'NONE' | 'DONE' | 'LATE' | 'ABSENT' | 'EXCUSED' | 'NOT_ASKED';

/**
 * One kind. Its name is that of the export (`EXAM`, one word), from which follow the name of its
 * service (`exam`), the names in the source contract (`examAudiences`, `ExamSlice`, `ExamItem`),
 * the type of its events (`ExamEvent`) and its settings (`EXAM_URL`).
 */
export interface KindDefinition {
  /** Default port of its service. Answers list kinds in the order of their ports. */
  readonly port: number;
  /** The link from an event to its resource: the event's field, and the type. Null: none. */
  readonly resource: { readonly field: string; readonly type: string } | null;
  /** Whether events take place from start to end, or fall due at their end. */
  readonly timing: 'INTERVAL' | 'DEADLINE';
  /** The Boolean field of an item that says that it takes whole days. Null: none does. */
  readonly allDay: string | null;
  /** Whether events take the user's time. Those of whole days never do. */
  readonly busy: 'BUSY' | 'FREE';
  /**
   * The field of an item and of an event with the late limit. LATE_FROM: from it on what is done is
   * late. LATE_UNTIL: the last instant at which late work is accepted, after the end.
   */
  readonly lateLimit: { readonly field: string; readonly meaning: 'LATE_FROM' | 'LATE_UNTIL' } | null;
  /** The field of an item with the ERN of the lecture in which it takes place. */
  readonly lecture: string | null;
  /**
   * What is required of users: the field of an item with what the user did, what its values mean,
   * and whether users check in or hand in, for the words. Null: nothing is required.
   */
  readonly completion: {
    readonly field: string;
    readonly states: Readonly<Record<string, CompletionState>>;
    readonly action: 'CHECK_IN' | 'HAND_IN';
  } | null;
  /** An SVG path: an outline of 16 × 16. */
  readonly icon: string;
  /** One event, and its heading on My Page, in each language. */
  readonly words: Readonly<Record<'ko' | 'en', { readonly one: string; readonly many: string }>>;
}
