// Made by `npm run schema` from schema/attendance.graphql. Not to be edited.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
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
  /**
   * Resource name: ern:<tenant>:<type>/<id>(/<type>/<id>)*, at most 256 characters. In an id, all characters but letters, digits
   * and . _ ~ @ - are percent-encoded: ern:lms:user/auth0%7C64a9.
   */
  ERN: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
};

export type Query = {
  __typename?: 'Query';
  /** An attendance check by its ERN. Null if there is none. */
  attendanceCheck?: Maybe<AttendanceCheck>;
  /** Changes after a cursor, oldest first; without a cursor none, and the current cursor. Used by the calendar's polling feed. */
  attendanceChanges: ChangePage;
};


export type QueryAttendanceCheckArgs = {
  ern: Scalars['ERN']['input'];
};


export type QueryAttendanceChangesArgs = {
  since?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Opens an attendance check. Teachers of the course and administrators. */
  openAttendanceCheck?: Maybe<AttendanceCheck>;
  /**
   * Other times. Without lateAt, it moves with startsAt and ends at endsAt at the latest; null removes it. Teachers of the course
   * and administrators.
   */
  rescheduleAttendanceCheck?: Maybe<AttendanceCheck>;
  /** The signed-in student checks in: PRESENT until lateAt, LATE until endsAt, refused before and after. */
  checkIn?: Maybe<AttendanceRecord>;
  /** Stores a membership that the lecture service owns. Between services only. */
  recordAttendanceEnrollment: Scalars['Boolean']['output'];
  /** Moves the checks within a lecture's former time that name no other lecture, as told by the service that owns the lecture. Between services only. */
  recordLectureMove: Scalars['Boolean']['output'];
  /** Stores who teaches, as told by the service that owns it. Between services only. */
  recordAttendanceTeaching: Scalars['Boolean']['output'];
};


export type MutationOpenAttendanceCheckArgs = {
  input: OpenAttendanceCheckInput;
};


export type MutationRescheduleAttendanceCheckArgs = {
  ern: Scalars['ERN']['input'];
  startsAt: Scalars['DateTime']['input'];
  endsAt: Scalars['DateTime']['input'];
  lateAt?: InputMaybe<Scalars['DateTime']['input']>;
};


export type MutationCheckInArgs = {
  ern: Scalars['ERN']['input'];
};


export type MutationRecordAttendanceEnrollmentArgs = {
  course: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
  enrolled: Scalars['Boolean']['input'];
  revision: Scalars['Int']['input'];
  since?: InputMaybe<Scalars['DateTime']['input']>;
};


export type MutationRecordLectureMoveArgs = {
  course: Scalars['ERN']['input'];
  lecture: Scalars['ERN']['input'];
  wasStartsAt: Scalars['DateTime']['input'];
  wasEndsAt: Scalars['DateTime']['input'];
  startsAt: Scalars['DateTime']['input'];
  revision: Scalars['Int']['input'];
};


export type MutationRecordAttendanceTeachingArgs = {
  course: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
  teaches: Scalars['Boolean']['input'];
  revision: Scalars['Int']['input'];
};

export type OpenAttendanceCheckInput = {
  course: Scalars['ERN']['input'];
  /** The lecture in which it takes place; a lecture of the same course or of a section of it. Default: it stands alone. */
  lecture?: InputMaybe<Scalars['ERN']['input']>;
  title: Scalars['String']['input'];
  startsAt: Scalars['DateTime']['input'];
  /** From here until endsAt a check-in counts as late. Default: no late check-in. */
  lateAt?: InputMaybe<Scalars['DateTime']['input']>;
  endsAt: Scalars['DateTime']['input'];
  method?: InputMaybe<AttendanceMethod>;
};

export type AttendanceMethod =
  | 'CODE'
  | 'BEACON'
  | 'TEACHER';

export type AttendanceOutcome =
  | 'PRESENT'
  | 'LATE'
  | 'ABSENT'
  | 'EXCUSED'
  /** The check ended before the student was enrolled. */
  | 'NOT_REQUIRED';

/** One student's outcome of one check. */
export type AttendanceRecord = {
  __typename?: 'AttendanceRecord';
  attendanceCheck: AttendanceCheck;
  user: Scalars['ID']['output'];
  outcome: AttendanceOutcome;
  checkedInAt?: Maybe<Scalars['DateTime']['output']>;
};

/** An attendance check, the same for all users; a student's outcome is on the calendar's AttendanceEvent. */
export type AttendanceCheck = {
  __typename?: 'AttendanceCheck';
  ern: Scalars['ERN']['output'];
  title: Scalars['String']['output'];
  course: Course;
  startsAt: Scalars['DateTime']['output'];
  lateAt?: Maybe<Scalars['DateTime']['output']>;
  endsAt: Scalars['DateTime']['output'];
  /** How a student checks in. */
  method: AttendanceMethod;
  /** The lecture in which it takes place; null if it stands alone. */
  lecture?: Maybe<Lecture>;
  updatedAt: Scalars['DateTime']['output'];
};

export type Lecture = {
  __typename?: 'Lecture';
  ern: Scalars['ERN']['output'];
};

export type Course = {
  __typename?: 'Course';
  ern: Scalars['ERN']['output'];
  title: Scalars['String']['output'];
  /** CSS colour, #rrggbb. */
  color: Scalars['String']['output'];
};

export type User = {
  __typename?: 'User';
  id: Scalars['ID']['output'];
  /** The audiences of this user: their courses, and the user's own audience if there are overrides. */
  attendanceAudiences: Array<Scalars['ERN']['output']>;
  /** Those of them that the user teaches: nothing in them is required of this user. */
  attendanceTaught: Array<Scalars['ERN']['output']>;
};

/** The attendance checks of one audience that overlap [from, to). */
export type AttendanceSlice = {
  __typename?: 'AttendanceSlice';
  audience: Scalars['ERN']['output'];
  from: Scalars['DateTime']['output'];
  to: Scalars['DateTime']['output'];
  /**
   * Differs when an item of the audience was moved over a month's end, in a user's own audience
   * also one of the user's courses: slices of one audience with different revisions are of
   * different moments, and are read again together.
   */
  revision?: Maybe<Scalars['String']['output']>;
  items: Array<AttendanceItem>;
};

/**
 * An attendance check as one audience has it. In a user's own audience every field but ern, audience, updatedAt and hidden may be null:
 * what is given replaces the course's item of the same ern. An own item is listed when its own dates or the course's overlap the span.
 */
export type AttendanceItem = {
  __typename?: 'AttendanceItem';
  ern: Scalars['ERN']['output'];
  audience: Scalars['ERN']['output'];
  title?: Maybe<Scalars['String']['output']>;
  startsAt?: Maybe<Scalars['DateTime']['output']>;
  endsAt?: Maybe<Scalars['DateTime']['output']>;
  course?: Maybe<Course>;
  room?: Maybe<Scalars['String']['output']>;
  updatedAt: Scalars['DateTime']['output'];
  /** In a user's own audience: the item is hidden from this user. */
  hidden: Scalars['Boolean']['output'];
  lateAt?: Maybe<Scalars['DateTime']['output']>;
  /** The lecture in which it takes place. */
  lecture?: Maybe<Scalars['ERN']['output']>;
  /** In a user's own audience: the outcome for this user. */
  outcome?: Maybe<AttendanceOutcome>;
  /** In a user's own audience, with other dates: the course's start. */
  originalStartsAt?: Maybe<Scalars['DateTime']['output']>;
  /** In a user's own audience, with other dates: the course's end. */
  originalEndsAt?: Maybe<Scalars['DateTime']['output']>;
  /** Why the dates differ. */
  overrideReason?: Maybe<Scalars['String']['output']>;
};

export type ChangePage = {
  __typename?: 'ChangePage';
  /** The next value of since. */
  cursor: Scalars['String']['output'];
  /** Fewer than 100: there are no more. */
  changes: Array<Change>;
};

/** Something of this audience changed between these instants. Null from and to mean everything of the audience (a membership). */
export type Change = {
  __typename?: 'Change';
  ern: Scalars['ERN']['output'];
  audience: Scalars['ERN']['output'];
  from?: Maybe<Scalars['DateTime']['output']>;
  to?: Maybe<Scalars['DateTime']['output']>;
  /** When it was written. */
  at: Scalars['DateTime']['output'];
};



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
  AttendanceCheck: AttendanceCheck;
  User: User;
  AttendanceSlice: AttendanceSlice;
  AttendanceItem: AttendanceItem;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  AttendanceCheck:
    ( { __typename: 'AttendanceCheck' }
    & GraphQLRecursivePick<FederationTypes['AttendanceCheck'], {"ern":true}> );
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
  AttendanceSlice:
    ( { __typename: 'AttendanceSlice' }
    & GraphQLRecursivePick<FederationTypes['AttendanceSlice'], {"audience":true,"from":true,"to":true}> );
  AttendanceItem:
    ( { __typename: 'AttendanceItem' }
    & GraphQLRecursivePick<FederationTypes['AttendanceItem'], {"ern":true,"audience":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  ERN: ResolverTypeWrapper<Scalars['ERN']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  OpenAttendanceCheckInput: OpenAttendanceCheckInput;
  AttendanceMethod: AttendanceMethod;
  AttendanceOutcome: AttendanceOutcome;
  AttendanceRecord: ResolverTypeWrapper<AttendanceRecord>;
  AttendanceCheck: ResolverTypeWrapper<AttendanceCheck>;
  Lecture: ResolverTypeWrapper<Lecture>;
  Course: ResolverTypeWrapper<Course>;
  User: ResolverTypeWrapper<User>;
  AttendanceSlice: ResolverTypeWrapper<AttendanceSlice>;
  AttendanceItem: ResolverTypeWrapper<AttendanceItem>;
  ChangePage: ResolverTypeWrapper<ChangePage>;
  Change: ResolverTypeWrapper<Change>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  ERN: Scalars['ERN']['output'];
  Query: Record<PropertyKey, never>;
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  Boolean: Scalars['Boolean']['output'];
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  OpenAttendanceCheckInput: OpenAttendanceCheckInput;
  AttendanceRecord: AttendanceRecord;
  AttendanceCheck: AttendanceCheck | FederationReferenceTypes['AttendanceCheck'];
  Lecture: Lecture;
  Course: Course;
  User: User | FederationReferenceTypes['User'];
  AttendanceSlice: AttendanceSlice | FederationReferenceTypes['AttendanceSlice'];
  AttendanceItem: AttendanceItem | FederationReferenceTypes['AttendanceItem'];
  ChangePage: ChangePage;
  Change: Change;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface ErnScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['ERN'], any> {
  name: 'ERN';
}

export type QueryResolvers<ContextType = any, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  attendanceCheck?: Resolver<Maybe<ResolversTypes['AttendanceCheck']>, ParentType, ContextType, RequireFields<QueryAttendanceCheckArgs, 'ern'>>;
  attendanceChanges?: Resolver<ResolversTypes['ChangePage'], ParentType, ContextType, Partial<QueryAttendanceChangesArgs>>;
};

export type MutationResolvers<ContextType = any, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  openAttendanceCheck?: Resolver<Maybe<ResolversTypes['AttendanceCheck']>, ParentType, ContextType, RequireFields<MutationOpenAttendanceCheckArgs, 'input'>>;
  rescheduleAttendanceCheck?: Resolver<Maybe<ResolversTypes['AttendanceCheck']>, ParentType, ContextType, RequireFields<MutationRescheduleAttendanceCheckArgs, 'ern' | 'startsAt' | 'endsAt'>>;
  checkIn?: Resolver<Maybe<ResolversTypes['AttendanceRecord']>, ParentType, ContextType, RequireFields<MutationCheckInArgs, 'ern'>>;
  recordAttendanceEnrollment?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationRecordAttendanceEnrollmentArgs, 'course' | 'user' | 'enrolled' | 'revision'>>;
  recordLectureMove?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationRecordLectureMoveArgs, 'course' | 'lecture' | 'wasStartsAt' | 'wasEndsAt' | 'startsAt' | 'revision'>>;
  recordAttendanceTeaching?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationRecordAttendanceTeachingArgs, 'course' | 'user' | 'teaches' | 'revision'>>;
};

export type AttendanceRecordResolvers<ContextType = any, ParentType extends ResolversParentTypes['AttendanceRecord'] = ResolversParentTypes['AttendanceRecord']> = {
  attendanceCheck?: Resolver<ResolversTypes['AttendanceCheck'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['AttendanceOutcome'], ParentType, ContextType>;
  checkedInAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type AttendanceCheckResolvers<ContextType = any, ParentType extends ResolversParentTypes['AttendanceCheck'] = ResolversParentTypes['AttendanceCheck'], FederationReferenceType extends FederationReferenceTypes['AttendanceCheck'] = FederationReferenceTypes['AttendanceCheck']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AttendanceCheck']> | FederationReferenceType, FederationReferenceType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  course?: Resolver<ResolversTypes['Course'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lateAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  method?: Resolver<ResolversTypes['AttendanceMethod'], ParentType, ContextType>;
  lecture?: Resolver<Maybe<ResolversTypes['Lecture']>, ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type LectureResolvers<ContextType = any, ParentType extends ResolversParentTypes['Lecture'] = ResolversParentTypes['Lecture']> = {
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
};

export type CourseResolvers<ContextType = any, ParentType extends ResolversParentTypes['Course'] = ResolversParentTypes['Course']> = {
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  color?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = any, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  attendanceAudiences?: Resolver<Array<ResolversTypes['ERN']>, ParentType, ContextType>;
  attendanceTaught?: Resolver<Array<ResolversTypes['ERN']>, ParentType, ContextType>;
};

export type AttendanceSliceResolvers<ContextType = any, ParentType extends ResolversParentTypes['AttendanceSlice'] = ResolversParentTypes['AttendanceSlice'], FederationReferenceType extends FederationReferenceTypes['AttendanceSlice'] = FederationReferenceTypes['AttendanceSlice']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AttendanceSlice']> | FederationReferenceType, FederationReferenceType, ContextType>;
  audience?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  revision?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  items?: Resolver<Array<ResolversTypes['AttendanceItem']>, ParentType, ContextType>;
};

export type AttendanceItemResolvers<ContextType = any, ParentType extends ResolversParentTypes['AttendanceItem'] = ResolversParentTypes['AttendanceItem'], FederationReferenceType extends FederationReferenceTypes['AttendanceItem'] = FederationReferenceTypes['AttendanceItem']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AttendanceItem']> | FederationReferenceType, FederationReferenceType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  audience?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  startsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  course?: Resolver<Maybe<ResolversTypes['Course']>, ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  hidden?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lateAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lecture?: Resolver<Maybe<ResolversTypes['ERN']>, ParentType, ContextType>;
  outcome?: Resolver<Maybe<ResolversTypes['AttendanceOutcome']>, ParentType, ContextType>;
  originalStartsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  originalEndsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  overrideReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ChangePageResolvers<ContextType = any, ParentType extends ResolversParentTypes['ChangePage'] = ResolversParentTypes['ChangePage']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  changes?: Resolver<Array<ResolversTypes['Change']>, ParentType, ContextType>;
};

export type ChangeResolvers<ContextType = any, ParentType extends ResolversParentTypes['Change'] = ResolversParentTypes['Change']> = {
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  audience?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type Resolvers<ContextType = any> = {
  DateTime?: GraphQLScalarType;
  ERN?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  AttendanceRecord?: AttendanceRecordResolvers<ContextType>;
  AttendanceCheck?: AttendanceCheckResolvers<ContextType>;
  Lecture?: LectureResolvers<ContextType>;
  Course?: CourseResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  AttendanceSlice?: AttendanceSliceResolvers<ContextType>;
  AttendanceItem?: AttendanceItemResolvers<ContextType>;
  ChangePage?: ChangePageResolvers<ContextType>;
  Change?: ChangeResolvers<ContextType>;
};

