// Made by `npm run schema` from schema/calendar.graphql. Not to be edited.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * RFC 3339 instant with an offset: 2026-11-22T09:00:00+09:00. A calendar renders it in its own time zone. What is written is
   * from 1970 to 2199, the years that a calendar shows.
   */
  DateTime: { input: string; output: string; }
  /** Calendar day, YYYY-MM-DD, no zone. */
  Date: { input: string; output: string; }
  /** IANA zone name, e.g. Asia/Seoul. */
  TimeZone: { input: string; output: string; }
  /**
   * Resource name: ern:<tenant>:<type>/<id>(/<type>/<id>)*, at most 256 characters. In an id, all characters but letters, digits
   * and . _ ~ @ - are percent-encoded: ern:lms:user/auth0%7C64a9.
   */
  ERN: { input: string; output: string; }
  /** Absolute http(s) URL. */
  URL: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
};

export type Query = {
  __typename?: 'Query';
  /** The signed-in user. A request without a valid token is refused with 401, so this is null only when the calendar does not answer and what was asked for cannot be known without it. */
  viewer?: Maybe<User>;
  /** Another user whose calendar the viewer may read: their observer, staff of their courses, an administrator. Null (and FORBIDDEN) for anyone else, and for ids that do not exist. */
  user?: Maybe<User>;
  /** The users that the viewer observes (a parent's children), by id. Empty if there are none. */
  observed: Array<User>;
  /**
   * A user or an event by its id, with the rights and errors of user and scheduleEvent. Other types have no id of their own:
   * courses and items have an ern.
   */
  node?: Maybe<Node>;
  /** One event by its id, read from its source now. Null when it does not exist or the viewer may not see it. */
  scheduleEvent?: Maybe<ScheduleEvent>;
  /**
   * Busy intervals of a user, without titles, also for members of a common course, who may not read the calendar (or for those
   * whom the deployment allows). FORBIDDEN otherwise, also for users that do not exist. OVERLOADED for a viewer who asks about
   * others more often than the deployment allows (60 a minute by default); the message has the seconds to wait.
   */
  freeBusy: FreeBusy;
  /** Whose URL it is, and what it shows; null when it is not valid. Between services only. */
  calendarSubscriptionOwner?: Maybe<CalendarSubscriptionOwner>;
};


export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QueryScheduleEventArgs = {
  id: Scalars['ID']['input'];
};


export type QueryFreeBusyArgs = {
  user: Scalars['ID']['input'];
  from: Scalars['DateTime']['input'];
  to: Scalars['DateTime']['input'];
  timeZone?: InputMaybe<Scalars['TimeZone']['input']>;
};


export type QueryCalendarSubscriptionOwnerArgs = {
  token: Scalars['String']['input'];
};

/** A field that fails is null, with an error. The other fields of the request are executed and answered. */
export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Gives the viewer a new subscription URL; the old one stops working at once.
   * CONFLICT where the deployment has no store for rotations: there a URL is valid as long as its key.
   */
  rotateCalendarSubscription?: Maybe<CalendarSubscription>;
  /**
   * Ends all subscription URLs of the viewer without giving a new one; an administrator ends those of a user. calendarSubscription
   * has another URL from then on.
   */
  endCalendarSubscription?: Maybe<Scalars['Boolean']['output']>;
  /**
   * The former name of rotateCalendarSubscription.
   * @deprecated Use rotateCalendarSubscription.
   */
  rotateCalendarFeed?: Maybe<CalendarFeed>;
  /** A source of this kind was just written: change feeds that poll do so at once. Between services only. */
  notifyChange: Scalars['Boolean']['output'];
};


/** A field that fails is null, with an error. The other fields of the request are executed and answered. */
export type MutationEndCalendarSubscriptionArgs = {
  user?: InputMaybe<Scalars['ID']['input']>;
};


/** A field that fails is null, with an error. The other fields of the request are executed and answered. */
export type MutationNotifyChangeArgs = {
  kind: EventKind;
};

/** What node finds by its id (Relay's Global Object Identification). */
export type Node = {
  id: Scalars['ID']['output'];
};

export type User = Node & {
  __typename?: 'User';
  id: Scalars['ID']['output'];
  /** The events in [from, to), read from the sources at query time. The window has at most 400 days and is one list without pages, because a month view needs the whole month. */
  calendar: Calendar;
  /** Not ended and not done, earliest first: by the due instant of deadlines, by the start of other events. At most 400 days ahead. */
  upcoming: ScheduleEventConnection;
  /** Closed and not done, latest first. At most 400 days back. */
  overdue: ScheduleEventConnection;
  /**
   * The changes since a Calendar.syncToken, in the same window and with the same filter. The server keeps no state for clients.
   * A token that is malformed, too old or of another user is not an error: the answer has isFullSync.
   */
  calendarChanges: CalendarChanges;
  /** Busy intervals without titles, in a window of at most 62 days. */
  freeBusy: FreeBusy;
  /** The URL for calendar apps to subscribe to. Null unless this user is the viewer. */
  calendarSubscription?: Maybe<CalendarSubscription>;
  /**
   * The former name of calendarSubscription.
   * @deprecated Use calendarSubscription.
   */
  calendarFeed?: Maybe<CalendarFeed>;
};


export type UserCalendarArgs = {
  from: Scalars['DateTime']['input'];
  to: Scalars['DateTime']['input'];
  timeZone?: InputMaybe<Scalars['TimeZone']['input']>;
  filter?: InputMaybe<EventFilter>;
  maxAge?: InputMaybe<Scalars['Int']['input']>;
  timeout?: InputMaybe<Scalars['Int']['input']>;
};


export type UserUpcomingArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  timeZone?: InputMaybe<Scalars['TimeZone']['input']>;
};


export type UserOverdueArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<EventFilter>;
  timeZone?: InputMaybe<Scalars['TimeZone']['input']>;
};


export type UserCalendarChangesArgs = {
  since: Scalars['String']['input'];
};


export type UserFreeBusyArgs = {
  from: Scalars['DateTime']['input'];
  to: Scalars['DateTime']['input'];
  timeZone?: InputMaybe<Scalars['TimeZone']['input']>;
};


export type UserCalendarSubscriptionArgs = {
  child?: InputMaybe<Scalars['ID']['input']>;
  course?: InputMaybe<Scalars['ERN']['input']>;
};

/** An absent field does not restrict; an event must match all given fields. */
export type EventFilter = {
  /** The sources of other kinds are not called. */
  kinds?: InputMaybe<Array<EventKind>>;
  /** Course ERNs. */
  courses?: InputMaybe<Array<Scalars['ERN']['input']>>;
  completion?: InputMaybe<Array<Completion>>;
  /** Part of the title. Case, width (Unicode NFKC) and surrounding spaces make no difference. */
  search?: InputMaybe<Scalars['String']['input']>;
};

export type EventKind =
  | 'LECTURE'
  | 'ATTENDANCE'
  | 'ASSIGNMENT';

export type Calendar = {
  __typename?: 'Calendar';
  from: Scalars['DateTime']['output'];
  to: Scalars['DateTime']['output'];
  timeZone: Scalars['TimeZone']['output'];
  /** The server's clock; phase and isOverdue are relative to it. */
  now: Scalars['DateTime']['output'];
  /** The events that overlap the window, each once, by (startsAt, id). */
  events: Array<ScheduleEvent>;
  /** The same events by local day: every day of the window, including empty ones. */
  days: Array<CalendarDay>;
  summary: CalendarSummary;
  /** Overlapping events and clusters of deadlines, by startsAt. */
  conflicts: Array<Conflict>;
  /** Whether the list is complete: only then does an empty list mean that nothing is scheduled. */
  completeness: Completeness;
  /** One entry for each requested kind. */
  sources: Array<SourceStatus>;
  /** Digest of the content: equal for equal events, whenever they were loaded. */
  version: Scalars['String']['output'];
  /** Identifies what this answer shows; see User.calendarChanges. About 12 characters for each event with numbered names, 45 with UUIDs; at most 96,000. */
  syncToken: Scalars['String']['output'];
};

export type CalendarDay = {
  __typename?: 'CalendarDay';
  date: Scalars['Date']['output'];
  isToday: Scalars['Boolean']['output'];
  /** Number of all segments, independent of first. */
  count: Scalars['Int']['output'];
  /** In the order of events. first: maximum number of segments. */
  segments: Array<DaySegment>;
};


export type CalendarDaySegmentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** The part of an event that falls on one local day and in the window; a day may have 23, 24 or 25 hours. */
export type DaySegment = {
  __typename?: 'DaySegment';
  event: ScheduleEvent;
  startsAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
  /** Whether the event starts here. */
  isStart: Scalars['Boolean']['output'];
  /** Whether the event ends here. */
  isEnd: Scalars['Boolean']['output'];
};

export type CalendarSummary = {
  __typename?: 'CalendarSummary';
  total: Scalars['Int']['output'];
  /** Every kind, including those without events. */
  byKind: Array<KindCount>;
  /** Events in progress. */
  open: Scalars['Int']['output'];
  /** Deadlines on the current local day that are still to be met; those past due count while late work is accepted. A deadline at midnight belongs to the day that ends there. */
  dueToday: Scalars['Int']['output'];
  overdue: Scalars['Int']['output'];
  /** Done in time, or late. */
  completed: Scalars['Int']['output'];
};

export type KindCount = {
  __typename?: 'KindCount';
  kind: EventKind;
  count: Scalars['Int']['output'];
};

export type Conflict = {
  __typename?: 'Conflict';
  kind: ConflictKind;
  startsAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
  events: Array<ScheduleEvent>;
};

export type ConflictKind =
  /** Two or more BUSY events at once. */
  | 'OVERLAP'
  /** Three or more deadlines within 24 hours that can still be met; those past due count while late work is accepted. */
  | 'DEADLINE_CLUSTER';

/** Unless it is COMPLETE, gaps do not mean free time. Also PARTIAL when a malformed item was left out. */
export type FreeBusy = {
  __typename?: 'FreeBusy';
  /** In order, with a gap between any two, cut at the window. */
  busy: Array<BusyInterval>;
  completeness: Completeness;
};

export type BusyInterval = {
  __typename?: 'BusyInterval';
  startsAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
};

export type ScheduleEventConnection = {
  __typename?: 'ScheduleEventConnection';
  edges: Array<ScheduleEventEdge>;
  nodes: Array<ScheduleEvent>;
  pageInfo: PageInfo;
  /** Unless it is COMPLETE, events may be missing. */
  completeness: Completeness;
  sources: Array<SourceStatus>;
};

export type ScheduleEventEdge = {
  __typename?: 'ScheduleEventEdge';
  /** Opaque. It names this event's position, so pages stay right while events are added and removed. */
  cursor: Scalars['String']['output'];
  node: ScheduleEvent;
};

export type PageInfo = {
  __typename?: 'PageInfo';
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
  endCursor?: Maybe<Scalars['String']['output']>;
};

export type CalendarChanges = {
  __typename?: 'CalendarChanges';
  /** New or changed events: replace by id. Changes by time alone (phase, isOverdue, MISSED) are not reported. */
  upserted: Array<ScheduleEvent>;
  /** Ids that are no longer in the window. Never an id whose source did not answer. */
  removed: Array<Scalars['ID']['output']>;
  /** True: the token was not usable, and upserted replaces everything. If its window is unknown too, that is the current month. */
  isFullSync: Scalars['Boolean']['output'];
  /** The token for the next call. */
  syncToken: Scalars['String']['output'];
  completeness: Completeness;
  sources: Array<SourceStatus>;
};

/** A calendar subscription. Anyone with the URL can read the calendar: treat it like a password. */
export type CalendarSubscription = {
  __typename?: 'CalendarSubscription';
  url: Scalars['URL']['output'];
  /** The same URL with the scheme webcal, which calendar apps open. */
  webcalUrl: Scalars['URL']['output'];
  /** When the URL was last replaced by a new one; null if never. */
  rotatedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** What a subscription URL shows: the calendar of the user, or of the child, whole or of one course. */
export type CalendarSubscriptionOwner = {
  __typename?: 'CalendarSubscriptionOwner';
  user: Scalars['ID']['output'];
  child?: Maybe<Scalars['ID']['output']>;
  course?: Maybe<Scalars['ERN']['output']>;
};

/** The former name of CalendarSubscription. */
export type CalendarFeed = {
  __typename?: 'CalendarFeed';
  url: Scalars['URL']['output'];
  webcalUrl: Scalars['URL']['output'];
  rotatedAt?: Maybe<Scalars['DateTime']['output']>;
};

/**
 * An event of one user: dates and state are this user's, with extensions applied.
 * The resource, which is the same for all users, is a nullable link that is resolved only when it is asked for.
 */
export type ScheduleEvent = {
  /** Unique for each user and resource, also as a cache key when one page shows two users. */
  id: Scalars['ID']['output'];
  /** ERN of the resource, the same for all users. */
  ern: Scalars['ERN']['output'];
  kind: EventKind;
  title: Scalars['String']['output'];
  course: Course;
  startsAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
  timing: EventTiming;
  /** Set when this user's dates differ from the course's. */
  dateOverride?: Maybe<DateOverride>;
  /** Relative to the calendar's now: UPCOMING before startsAt, OPEN until endsAt, then CLOSED. */
  phase: EventPhase;
  completion: Completion;
  /** Closed, required of this user, and not done. */
  isOverdue: Scalars['Boolean']['output'];
  busyStatus: BusyStatus;
  location?: Maybe<Scalars['String']['output']>;
  /** Link to the event. */
  url: Scalars['URL']['output'];
  /** When its service last changed the resource. */
  updatedAt: Scalars['DateTime']['output'];
};

/** A lecture on a user's calendar. */
export type LectureEvent = Node & ScheduleEvent & {
  __typename?: 'LectureEvent';
  id: Scalars['ID']['output'];
  ern: Scalars['ERN']['output'];
  kind: EventKind;
  title: Scalars['String']['output'];
  course: Course;
  startsAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
  timing: EventTiming;
  dateOverride?: Maybe<DateOverride>;
  phase: EventPhase;
  completion: Completion;
  isOverdue: Scalars['Boolean']['output'];
  busyStatus: BusyStatus;
  location?: Maybe<Scalars['String']['output']>;
  url: Scalars['URL']['output'];
  updatedAt: Scalars['DateTime']['output'];
  /** The lecture. Null when its service does not answer. */
  lecture?: Maybe<Lecture>;
};

/** An attendance check on a user's calendar. */
export type AttendanceEvent = Node & ScheduleEvent & {
  __typename?: 'AttendanceEvent';
  id: Scalars['ID']['output'];
  ern: Scalars['ERN']['output'];
  kind: EventKind;
  title: Scalars['String']['output'];
  course: Course;
  startsAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
  timing: EventTiming;
  dateOverride?: Maybe<DateOverride>;
  phase: EventPhase;
  completion: Completion;
  isOverdue: Scalars['Boolean']['output'];
  busyStatus: BusyStatus;
  location?: Maybe<Scalars['String']['output']>;
  url: Scalars['URL']['output'];
  updatedAt: Scalars['DateTime']['output'];
  /** From here until endsAt a check-in counts as late. */
  lateAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The lecture in which the check takes place, whose event may be in the same answer; null if it stands alone. Its ern costs
   * no call; its other fields are null when its service does not answer.
   */
  lecture?: Maybe<Lecture>;
  /** The attendance check. Null when its service does not answer. */
  attendanceCheck?: Maybe<AttendanceCheck>;
};

/** An assignment on a user's calendar: it opens at startsAt and is due at endsAt. */
export type AssignmentEvent = Node & ScheduleEvent & {
  __typename?: 'AssignmentEvent';
  id: Scalars['ID']['output'];
  ern: Scalars['ERN']['output'];
  kind: EventKind;
  title: Scalars['String']['output'];
  course: Course;
  startsAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
  timing: EventTiming;
  dateOverride?: Maybe<DateOverride>;
  phase: EventPhase;
  completion: Completion;
  isOverdue: Scalars['Boolean']['output'];
  busyStatus: BusyStatus;
  location?: Maybe<Scalars['String']['output']>;
  url: Scalars['URL']['output'];
  updatedAt: Scalars['DateTime']['output'];
  /** The last instant of a late submission, after the due date. */
  closesAt?: Maybe<Scalars['DateTime']['output']>;
  /** The assignment. Null when its service does not answer. */
  assignment?: Maybe<Assignment>;
};

export type EventTiming =
  /** Takes place from startsAt to endsAt. */
  | 'INTERVAL'
  /** Due at endsAt. A deadline at midnight belongs to the day that ends there. */
  | 'DEADLINE'
  /** Whole local days. */
  | 'ALL_DAY';

export type EventPhase =
  | 'UPCOMING'
  | 'OPEN'
  | 'CLOSED';

export type Completion =
  /** Nothing is required of this user. */
  | 'NOT_REQUIRED'
  /** Required and still possible. */
  | 'PENDING'
  | 'COMPLETED'
  /** Done after it was due. */
  | 'LATE'
  /** Not done and no longer possible. */
  | 'MISSED'
  | 'EXCUSED';

export type BusyStatus =
  | 'BUSY'
  | 'FREE';

/** The course's dates, and why this user has others. */
export type DateOverride = {
  __typename?: 'DateOverride';
  startsAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
  reason?: Maybe<Scalars['String']['output']>;
};

export type Lecture = {
  __typename?: 'Lecture';
  ern: Scalars['ERN']['output'];
};

export type AttendanceCheck = {
  __typename?: 'AttendanceCheck';
  ern: Scalars['ERN']['output'];
};

export type Assignment = {
  __typename?: 'Assignment';
  ern: Scalars['ERN']['output'];
};

/** A course of the term. Title and color come with every event, without a call to another service. */
export type Course = {
  __typename?: 'Course';
  ern: Scalars['ERN']['output'];
  title: Scalars['String']['output'];
  /** CSS colour, #rrggbb. */
  color: Scalars['String']['output'];
};

export type Completeness =
  /** Every requested source is FRESH, and nothing was left out. */
  | 'COMPLETE'
  /** Every source is present, at least one is STALE. */
  | 'STALE'
  /** At least one source is UNAVAILABLE while others are present, or malformed items were left out, or a slice was cut. */
  | 'PARTIAL'
  | 'UNAVAILABLE';

export type SourceStatus = {
  __typename?: 'SourceStatus';
  kind: EventKind;
  status: SourceState;
  /** When the oldest data in this answer was read from the source. Null when there is none. */
  fetchedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Events of this source in this answer. */
  count: Scalars['Int']['output'];
  /** Malformed items left out of this answer. */
  dropped: Scalars['Int']['output'];
  /** Whether a slice was cut at its limit. */
  truncated: Scalars['Boolean']['output'];
  /** Why the source is not FRESH. Null when it is. */
  reason?: Maybe<SourceReason>;
};

export type SourceState =
  /** Read within the TTL and not known to have changed since. */
  | 'FRESH'
  /** Older, or known to have changed, while the source could not be read in time or is being read. */
  | 'STALE'
  /** Some of the requested data could not be loaded. The rest is in the answer. */
  | 'UNAVAILABLE';

export type SourceReason =
  /** It did not answer in time. */
  | 'TIMEOUT'
  /** It could not be reached, or the connection was lost. */
  | 'UNREACHABLE'
  /** It answered that it is overloaded, or too many calls were waiting. */
  | 'OVERLOADED'
  /** It failed repeatedly and is not called for a moment (circuit breaker). */
  | 'CIRCUIT_OPEN'
  /** Its answer was malformed. */
  | 'BAD_RESPONSE'
  /** It refused our credentials. */
  | 'FORBIDDEN'
  /** A copy is served while a newer one is loaded. */
  | 'REVALIDATING';



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( { readonly id: string } )
    | ( LectureEvent )
    | ( AttendanceEvent )
    | ( AssignmentEvent )
  ;
  ScheduleEvent:
    | ( LectureEvent )
    | ( AttendanceEvent )
    | ( AssignmentEvent )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  TimeZone: ResolverTypeWrapper<Scalars['TimeZone']['output']>;
  ERN: ResolverTypeWrapper<Scalars['ERN']['output']>;
  URL: ResolverTypeWrapper<Scalars['URL']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  User: ResolverTypeWrapper<{ readonly id: string }>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  EventFilter: EventFilter;
  EventKind: EventKind;
  Calendar: ResolverTypeWrapper<Omit<Calendar, 'events' | 'days' | 'conflicts'> & { events: Array<ResolversTypes['ScheduleEvent']>, days: Array<ResolversTypes['CalendarDay']>, conflicts: Array<ResolversTypes['Conflict']> }>;
  CalendarDay: ResolverTypeWrapper<Omit<CalendarDay, 'segments'> & { segments: Array<ResolversTypes['DaySegment']> }>;
  DaySegment: ResolverTypeWrapper<Omit<DaySegment, 'event'> & { event: ResolversTypes['ScheduleEvent'] }>;
  CalendarSummary: ResolverTypeWrapper<CalendarSummary>;
  KindCount: ResolverTypeWrapper<KindCount>;
  Conflict: ResolverTypeWrapper<Omit<Conflict, 'events'> & { events: Array<ResolversTypes['ScheduleEvent']> }>;
  ConflictKind: ConflictKind;
  FreeBusy: ResolverTypeWrapper<FreeBusy>;
  BusyInterval: ResolverTypeWrapper<BusyInterval>;
  ScheduleEventConnection: ResolverTypeWrapper<Omit<ScheduleEventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['ScheduleEventEdge']>, nodes: Array<ResolversTypes['ScheduleEvent']> }>;
  ScheduleEventEdge: ResolverTypeWrapper<Omit<ScheduleEventEdge, 'node'> & { node: ResolversTypes['ScheduleEvent'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  CalendarChanges: ResolverTypeWrapper<Omit<CalendarChanges, 'upserted'> & { upserted: Array<ResolversTypes['ScheduleEvent']> }>;
  CalendarSubscription: ResolverTypeWrapper<CalendarSubscription>;
  CalendarSubscriptionOwner: ResolverTypeWrapper<CalendarSubscriptionOwner>;
  CalendarFeed: ResolverTypeWrapper<CalendarFeed>;
  ScheduleEvent: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['ScheduleEvent']>;
  LectureEvent: ResolverTypeWrapper<LectureEvent>;
  AttendanceEvent: ResolverTypeWrapper<AttendanceEvent>;
  AssignmentEvent: ResolverTypeWrapper<AssignmentEvent>;
  EventTiming: EventTiming;
  EventPhase: EventPhase;
  Completion: Completion;
  BusyStatus: BusyStatus;
  DateOverride: ResolverTypeWrapper<DateOverride>;
  Lecture: ResolverTypeWrapper<Lecture>;
  AttendanceCheck: ResolverTypeWrapper<AttendanceCheck>;
  Assignment: ResolverTypeWrapper<Assignment>;
  Course: ResolverTypeWrapper<Course>;
  Completeness: Completeness;
  SourceStatus: ResolverTypeWrapper<SourceStatus>;
  SourceState: SourceState;
  SourceReason: SourceReason;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  TimeZone: Scalars['TimeZone']['output'];
  ERN: Scalars['ERN']['output'];
  URL: Scalars['URL']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  Boolean: Scalars['Boolean']['output'];
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  User: { readonly id: string };
  Int: Scalars['Int']['output'];
  EventFilter: EventFilter;
  Calendar: Omit<Calendar, 'events' | 'days' | 'conflicts'> & { events: Array<ResolversParentTypes['ScheduleEvent']>, days: Array<ResolversParentTypes['CalendarDay']>, conflicts: Array<ResolversParentTypes['Conflict']> };
  CalendarDay: Omit<CalendarDay, 'segments'> & { segments: Array<ResolversParentTypes['DaySegment']> };
  DaySegment: Omit<DaySegment, 'event'> & { event: ResolversParentTypes['ScheduleEvent'] };
  CalendarSummary: CalendarSummary;
  KindCount: KindCount;
  Conflict: Omit<Conflict, 'events'> & { events: Array<ResolversParentTypes['ScheduleEvent']> };
  FreeBusy: FreeBusy;
  BusyInterval: BusyInterval;
  ScheduleEventConnection: Omit<ScheduleEventConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['ScheduleEventEdge']>, nodes: Array<ResolversParentTypes['ScheduleEvent']> };
  ScheduleEventEdge: Omit<ScheduleEventEdge, 'node'> & { node: ResolversParentTypes['ScheduleEvent'] };
  PageInfo: PageInfo;
  CalendarChanges: Omit<CalendarChanges, 'upserted'> & { upserted: Array<ResolversParentTypes['ScheduleEvent']> };
  CalendarSubscription: CalendarSubscription;
  CalendarSubscriptionOwner: CalendarSubscriptionOwner;
  CalendarFeed: CalendarFeed;
  ScheduleEvent: ResolversInterfaceTypes<ResolversParentTypes>['ScheduleEvent'];
  LectureEvent: LectureEvent;
  AttendanceEvent: AttendanceEvent;
  AssignmentEvent: AssignmentEvent;
  DateOverride: DateOverride;
  Lecture: Lecture;
  AttendanceCheck: AttendanceCheck;
  Assignment: Assignment;
  Course: Course;
  SourceStatus: SourceStatus;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface TimeZoneScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['TimeZone'], any> {
  name: 'TimeZone';
}

export interface ErnScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['ERN'], any> {
  name: 'ERN';
}

export interface UrlScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['URL'], any> {
  name: 'URL';
}

export type QueryResolvers<ContextType = any, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  viewer?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'id'>>;
  observed?: Resolver<Array<ResolversTypes['User']>, ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  scheduleEvent?: Resolver<Maybe<ResolversTypes['ScheduleEvent']>, ParentType, ContextType, RequireFields<QueryScheduleEventArgs, 'id'>>;
  freeBusy?: Resolver<ResolversTypes['FreeBusy'], ParentType, ContextType, RequireFields<QueryFreeBusyArgs, 'user' | 'from' | 'to'>>;
  calendarSubscriptionOwner?: Resolver<Maybe<ResolversTypes['CalendarSubscriptionOwner']>, ParentType, ContextType, RequireFields<QueryCalendarSubscriptionOwnerArgs, 'token'>>;
};

export type MutationResolvers<ContextType = any, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  rotateCalendarSubscription?: Resolver<Maybe<ResolversTypes['CalendarSubscription']>, ParentType, ContextType>;
  endCalendarSubscription?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType, Partial<MutationEndCalendarSubscriptionArgs>>;
  rotateCalendarFeed?: Resolver<Maybe<ResolversTypes['CalendarFeed']>, ParentType, ContextType>;
  notifyChange?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationNotifyChangeArgs, 'kind'>>;
};

export type NodeResolvers<ContextType = any, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'User' | 'LectureEvent' | 'AttendanceEvent' | 'AssignmentEvent', ParentType, ContextType>;
};

export type UserResolvers<ContextType = any, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  calendar?: Resolver<ResolversTypes['Calendar'], ParentType, ContextType, RequireFields<UserCalendarArgs, 'from' | 'to'>>;
  upcoming?: Resolver<ResolversTypes['ScheduleEventConnection'], ParentType, ContextType, RequireFields<UserUpcomingArgs, 'first'>>;
  overdue?: Resolver<ResolversTypes['ScheduleEventConnection'], ParentType, ContextType, RequireFields<UserOverdueArgs, 'first'>>;
  calendarChanges?: Resolver<ResolversTypes['CalendarChanges'], ParentType, ContextType, RequireFields<UserCalendarChangesArgs, 'since'>>;
  freeBusy?: Resolver<ResolversTypes['FreeBusy'], ParentType, ContextType, RequireFields<UserFreeBusyArgs, 'from' | 'to'>>;
  calendarSubscription?: Resolver<Maybe<ResolversTypes['CalendarSubscription']>, ParentType, ContextType, Partial<UserCalendarSubscriptionArgs>>;
  calendarFeed?: Resolver<Maybe<ResolversTypes['CalendarFeed']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CalendarResolvers<ContextType = any, ParentType extends ResolversParentTypes['Calendar'] = ResolversParentTypes['Calendar']> = {
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  timeZone?: Resolver<ResolversTypes['TimeZone'], ParentType, ContextType>;
  now?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  events?: Resolver<Array<ResolversTypes['ScheduleEvent']>, ParentType, ContextType>;
  days?: Resolver<Array<ResolversTypes['CalendarDay']>, ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['CalendarSummary'], ParentType, ContextType>;
  conflicts?: Resolver<Array<ResolversTypes['Conflict']>, ParentType, ContextType>;
  completeness?: Resolver<ResolversTypes['Completeness'], ParentType, ContextType>;
  sources?: Resolver<Array<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  syncToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CalendarDayResolvers<ContextType = any, ParentType extends ResolversParentTypes['CalendarDay'] = ResolversParentTypes['CalendarDay']> = {
  date?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  isToday?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  segments?: Resolver<Array<ResolversTypes['DaySegment']>, ParentType, ContextType, Partial<CalendarDaySegmentsArgs>>;
};

export type DaySegmentResolvers<ContextType = any, ParentType extends ResolversParentTypes['DaySegment'] = ResolversParentTypes['DaySegment']> = {
  event?: Resolver<ResolversTypes['ScheduleEvent'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  isStart?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isEnd?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type CalendarSummaryResolvers<ContextType = any, ParentType extends ResolversParentTypes['CalendarSummary'] = ResolversParentTypes['CalendarSummary']> = {
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  byKind?: Resolver<Array<ResolversTypes['KindCount']>, ParentType, ContextType>;
  open?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  dueToday?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  completed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type KindCountResolvers<ContextType = any, ParentType extends ResolversParentTypes['KindCount'] = ResolversParentTypes['KindCount']> = {
  kind?: Resolver<ResolversTypes['EventKind'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ConflictResolvers<ContextType = any, ParentType extends ResolversParentTypes['Conflict'] = ResolversParentTypes['Conflict']> = {
  kind?: Resolver<ResolversTypes['ConflictKind'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  events?: Resolver<Array<ResolversTypes['ScheduleEvent']>, ParentType, ContextType>;
};

export type FreeBusyResolvers<ContextType = any, ParentType extends ResolversParentTypes['FreeBusy'] = ResolversParentTypes['FreeBusy']> = {
  busy?: Resolver<Array<ResolversTypes['BusyInterval']>, ParentType, ContextType>;
  completeness?: Resolver<ResolversTypes['Completeness'], ParentType, ContextType>;
};

export type BusyIntervalResolvers<ContextType = any, ParentType extends ResolversParentTypes['BusyInterval'] = ResolversParentTypes['BusyInterval']> = {
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ScheduleEventConnectionResolvers<ContextType = any, ParentType extends ResolversParentTypes['ScheduleEventConnection'] = ResolversParentTypes['ScheduleEventConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ScheduleEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['ScheduleEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  completeness?: Resolver<ResolversTypes['Completeness'], ParentType, ContextType>;
  sources?: Resolver<Array<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
};

export type ScheduleEventEdgeResolvers<ContextType = any, ParentType extends ResolversParentTypes['ScheduleEventEdge'] = ResolversParentTypes['ScheduleEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ScheduleEvent'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = any, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type CalendarChangesResolvers<ContextType = any, ParentType extends ResolversParentTypes['CalendarChanges'] = ResolversParentTypes['CalendarChanges']> = {
  upserted?: Resolver<Array<ResolversTypes['ScheduleEvent']>, ParentType, ContextType>;
  removed?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
  isFullSync?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  syncToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  completeness?: Resolver<ResolversTypes['Completeness'], ParentType, ContextType>;
  sources?: Resolver<Array<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
};

export type CalendarSubscriptionResolvers<ContextType = any, ParentType extends ResolversParentTypes['CalendarSubscription'] = ResolversParentTypes['CalendarSubscription']> = {
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  webcalUrl?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  rotatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type CalendarSubscriptionOwnerResolvers<ContextType = any, ParentType extends ResolversParentTypes['CalendarSubscriptionOwner'] = ResolversParentTypes['CalendarSubscriptionOwner']> = {
  user?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  child?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  course?: Resolver<Maybe<ResolversTypes['ERN']>, ParentType, ContextType>;
};

export type CalendarFeedResolvers<ContextType = any, ParentType extends ResolversParentTypes['CalendarFeed'] = ResolversParentTypes['CalendarFeed']> = {
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  webcalUrl?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  rotatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type ScheduleEventResolvers<ContextType = any, ParentType extends ResolversParentTypes['ScheduleEvent'] = ResolversParentTypes['ScheduleEvent']> = {
  __resolveType: TypeResolveFn<'LectureEvent' | 'AttendanceEvent' | 'AssignmentEvent', ParentType, ContextType>;
};

export type LectureEventResolvers<ContextType = any, ParentType extends ResolversParentTypes['LectureEvent'] = ResolversParentTypes['LectureEvent']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['EventKind'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  course?: Resolver<ResolversTypes['Course'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  timing?: Resolver<ResolversTypes['EventTiming'], ParentType, ContextType>;
  dateOverride?: Resolver<Maybe<ResolversTypes['DateOverride']>, ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['EventPhase'], ParentType, ContextType>;
  completion?: Resolver<ResolversTypes['Completion'], ParentType, ContextType>;
  isOverdue?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  busyStatus?: Resolver<ResolversTypes['BusyStatus'], ParentType, ContextType>;
  location?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lecture?: Resolver<Maybe<ResolversTypes['Lecture']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AttendanceEventResolvers<ContextType = any, ParentType extends ResolversParentTypes['AttendanceEvent'] = ResolversParentTypes['AttendanceEvent']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['EventKind'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  course?: Resolver<ResolversTypes['Course'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  timing?: Resolver<ResolversTypes['EventTiming'], ParentType, ContextType>;
  dateOverride?: Resolver<Maybe<ResolversTypes['DateOverride']>, ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['EventPhase'], ParentType, ContextType>;
  completion?: Resolver<ResolversTypes['Completion'], ParentType, ContextType>;
  isOverdue?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  busyStatus?: Resolver<ResolversTypes['BusyStatus'], ParentType, ContextType>;
  location?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lateAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lecture?: Resolver<Maybe<ResolversTypes['Lecture']>, ParentType, ContextType>;
  attendanceCheck?: Resolver<Maybe<ResolversTypes['AttendanceCheck']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AssignmentEventResolvers<ContextType = any, ParentType extends ResolversParentTypes['AssignmentEvent'] = ResolversParentTypes['AssignmentEvent']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['EventKind'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  course?: Resolver<ResolversTypes['Course'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  timing?: Resolver<ResolversTypes['EventTiming'], ParentType, ContextType>;
  dateOverride?: Resolver<Maybe<ResolversTypes['DateOverride']>, ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['EventPhase'], ParentType, ContextType>;
  completion?: Resolver<ResolversTypes['Completion'], ParentType, ContextType>;
  isOverdue?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  busyStatus?: Resolver<ResolversTypes['BusyStatus'], ParentType, ContextType>;
  location?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  closesAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  assignment?: Resolver<Maybe<ResolversTypes['Assignment']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DateOverrideResolvers<ContextType = any, ParentType extends ResolversParentTypes['DateOverride'] = ResolversParentTypes['DateOverride']> = {
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type LectureResolvers<ContextType = any, ParentType extends ResolversParentTypes['Lecture'] = ResolversParentTypes['Lecture']> = {
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
};

export type AttendanceCheckResolvers<ContextType = any, ParentType extends ResolversParentTypes['AttendanceCheck'] = ResolversParentTypes['AttendanceCheck']> = {
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
};

export type AssignmentResolvers<ContextType = any, ParentType extends ResolversParentTypes['Assignment'] = ResolversParentTypes['Assignment']> = {
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
};

export type CourseResolvers<ContextType = any, ParentType extends ResolversParentTypes['Course'] = ResolversParentTypes['Course']> = {
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  color?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SourceStatusResolvers<ContextType = any, ParentType extends ResolversParentTypes['SourceStatus'] = ResolversParentTypes['SourceStatus']> = {
  kind?: Resolver<ResolversTypes['EventKind'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['SourceState'], ParentType, ContextType>;
  fetchedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  dropped?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  truncated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['SourceReason']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = any> = {
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  TimeZone?: GraphQLScalarType;
  ERN?: GraphQLScalarType;
  URL?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  Calendar?: CalendarResolvers<ContextType>;
  CalendarDay?: CalendarDayResolvers<ContextType>;
  DaySegment?: DaySegmentResolvers<ContextType>;
  CalendarSummary?: CalendarSummaryResolvers<ContextType>;
  KindCount?: KindCountResolvers<ContextType>;
  Conflict?: ConflictResolvers<ContextType>;
  FreeBusy?: FreeBusyResolvers<ContextType>;
  BusyInterval?: BusyIntervalResolvers<ContextType>;
  ScheduleEventConnection?: ScheduleEventConnectionResolvers<ContextType>;
  ScheduleEventEdge?: ScheduleEventEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  CalendarChanges?: CalendarChangesResolvers<ContextType>;
  CalendarSubscription?: CalendarSubscriptionResolvers<ContextType>;
  CalendarSubscriptionOwner?: CalendarSubscriptionOwnerResolvers<ContextType>;
  CalendarFeed?: CalendarFeedResolvers<ContextType>;
  ScheduleEvent?: ScheduleEventResolvers<ContextType>;
  LectureEvent?: LectureEventResolvers<ContextType>;
  AttendanceEvent?: AttendanceEventResolvers<ContextType>;
  AssignmentEvent?: AssignmentEventResolvers<ContextType>;
  DateOverride?: DateOverrideResolvers<ContextType>;
  Lecture?: LectureResolvers<ContextType>;
  AttendanceCheck?: AttendanceCheckResolvers<ContextType>;
  Assignment?: AssignmentResolvers<ContextType>;
  Course?: CourseResolvers<ContextType>;
  SourceStatus?: SourceStatusResolvers<ContextType>;
};

