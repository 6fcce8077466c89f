// Made by `npm run schema` from schema/lecture.graphql. Not to be edited.
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
  /** A lecture by its ERN. Null if there is none. */
  lecture?: Maybe<Lecture>;
  /** Changes after a cursor, oldest first; without a cursor none, and the current cursor. Used by the calendar's polling feed. */
  lectureChanges: ChangePage;
};


export type QueryLectureArgs = {
  ern: Scalars['ERN']['input'];
};


export type QueryLectureChangesArgs = {
  since?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Creates a lecture. Teachers of the course and administrators. */
  createLecture?: Maybe<Lecture>;
  /**
   * Reschedules a lecture; the room changes only if one is given, and null removes it. With moveChecks, the attendance checks
   * within its time move by as much. Teachers of the course and administrators.
   */
  rescheduleLecture?: Maybe<Lecture>;
  /** Deletes a lecture and returns its ERN. Teachers of the course and administrators. */
  cancelLecture?: Maybe<Scalars['ERN']['output']>;
  /** Hides one lecture from one student, or shows it again. Teachers of the course and administrators. */
  setLectureHidden?: Maybe<Lecture>;
  /** Enrolls a user in a course, in all three services. Teachers of the course and administrators. */
  enroll?: Maybe<Enrollment>;
  /** Removes a user from a course, in all three services. Teachers of the course and administrators. */
  withdraw?: Maybe<Enrollment>;
  /** Makes a user a teacher of a course, in all three services. Teachers of the course and administrators. */
  assignTeacher?: Maybe<Teaching>;
  /** Ends that a user teaches a course, in all three services. Teachers of the course and administrators. */
  removeTeacher?: Maybe<Teaching>;
  /**
   * Lets a user read a student's calendar, or no longer: from `from` until before `until`, each without a limit if it is not
   * given. Replaces the times given before. Administrators.
   */
  setObserver?: Maybe<Observation>;
};


export type MutationCreateLectureArgs = {
  input: CreateLectureInput;
};


export type MutationRescheduleLectureArgs = {
  ern: Scalars['ERN']['input'];
  startsAt: Scalars['DateTime']['input'];
  endsAt: Scalars['DateTime']['input'];
  room?: InputMaybe<Scalars['String']['input']>;
  moveChecks?: InputMaybe<Scalars['Boolean']['input']>;
};


export type MutationCancelLectureArgs = {
  ern: Scalars['ERN']['input'];
};


export type MutationSetLectureHiddenArgs = {
  ern: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
  hidden: Scalars['Boolean']['input'];
};


export type MutationEnrollArgs = {
  course: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
};


export type MutationWithdrawArgs = {
  course: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
};


export type MutationAssignTeacherArgs = {
  course: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
};


export type MutationRemoveTeacherArgs = {
  course: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
};


export type MutationSetObserverArgs = {
  observer: Scalars['ID']['input'];
  student: Scalars['ID']['input'];
  observes: Scalars['Boolean']['input'];
  from?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type CreateLectureInput = {
  course: Scalars['ERN']['input'];
  title: Scalars['String']['input'];
  startsAt: Scalars['DateTime']['input'];
  endsAt: Scalars['DateTime']['input'];
  room?: InputMaybe<Scalars['String']['input']>;
};

/** Whether a user is enrolled in a course. */
export type Enrollment = {
  __typename?: 'Enrollment';
  course: Course;
  user: Scalars['ID']['output'];
  enrolled: Scalars['Boolean']['output'];
};

/** Whether a user teaches a course. */
export type Teaching = {
  __typename?: 'Teaching';
  course: Course;
  user: Scalars['ID']['output'];
  teaches: Scalars['Boolean']['output'];
};

/** Whether a user may read a student's calendar. */
export type Observation = {
  __typename?: 'Observation';
  observer: Scalars['ID']['output'];
  student: Scalars['ID']['output'];
  observes: Scalars['Boolean']['output'];
  /** From when on; null: without a limit. */
  from?: Maybe<Scalars['DateTime']['output']>;
  /** Until before when; null: without a limit. */
  until?: Maybe<Scalars['DateTime']['output']>;
};

/** A lecture of a course, the same for all users; a student's own dates are on the calendar's LectureEvent. */
export type Lecture = {
  __typename?: 'Lecture';
  ern: Scalars['ERN']['output'];
  title: Scalars['String']['output'];
  course: Course;
  startsAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
  room?: Maybe<Scalars['String']['output']>;
  /** Name of the lecturer. */
  lecturer?: Maybe<Scalars['String']['output']>;
  /** Topic. */
  description?: Maybe<Scalars['String']['output']>;
  updatedAt: Scalars['DateTime']['output'];
};

/** A course of the term. Title and color come with every event, without a call to another service. */
export type Course = {
  __typename?: 'Course';
  ern: Scalars['ERN']['output'];
  title: Scalars['String']['output'];
  /** CSS colour, #rrggbb. */
  color: Scalars['String']['output'];
  /** Name of the teacher in charge. Null also if the lecture service does not answer. */
  teacher?: Maybe<Scalars['String']['output']>;
  /** Number of enrolled users. Null if the lecture service does not answer or does not know the course. */
  enrollmentCount?: Maybe<Scalars['Int']['output']>;
};

/** A person: student, teacher, observer or administrator. */
export type User = {
  __typename?: 'User';
  id: Scalars['ID']['output'];
  /**
   * The courses that this user attends or teaches, by title. For the user and those who observe the user; FORBIDDEN for others.
   * Null also if the lecture service does not answer.
   */
  courses?: Maybe<Array<Course>>;
  /** The audiences of this user: their courses, and the user's own audience if there are overrides. */
  lectureAudiences: Array<Scalars['ERN']['output']>;
  /** Those of them that the user teaches: nothing in them is required of this user. */
  lectureTaught: Array<Scalars['ERN']['output']>;
  /** Courses that this user teaches. They decide what a teacher may see of a student. */
  teaches: Array<Scalars['ERN']['output']>;
  /** Students whose calendar this user may read (a parent, a tutor). */
  observes: Array<Scalars['ID']['output']>;
};

/** The lectures of one audience that overlap [from, to). */
export type LectureSlice = {
  __typename?: 'LectureSlice';
  audience: Scalars['ERN']['output'];
  from: Scalars['DateTime']['output'];
  to: Scalars['DateTime']['output'];
  /**
   * Differs when an item of the audience was moved over a month's end, in a user's own audience
   * also one of the user's courses: slices of one audience with different revisions are of
   * different moments, and are read again together.
   */
  revision?: Maybe<Scalars['String']['output']>;
  items: Array<LectureItem>;
};

/**
 * A lecture as one audience has it. In a user's own audience every field but ern, audience, updatedAt and hidden may be null:
 * what is given replaces the course's item of the same ern. An own item is listed when its own dates or the course's overlap the span.
 */
export type LectureItem = {
  __typename?: 'LectureItem';
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
  Lecture: Lecture;
  Course: Course;
  User: User;
  LectureSlice: LectureSlice;
  LectureItem: LectureItem;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Lecture:
    ( { __typename: 'Lecture' }
    & GraphQLRecursivePick<FederationTypes['Lecture'], {"ern":true}> );
  Course:
    ( { __typename: 'Course' }
    & GraphQLRecursivePick<FederationTypes['Course'], {"ern":true}> );
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
  LectureSlice:
    ( { __typename: 'LectureSlice' }
    & GraphQLRecursivePick<FederationTypes['LectureSlice'], {"audience":true,"from":true,"to":true}> );
  LectureItem:
    ( { __typename: 'LectureItem' }
    & GraphQLRecursivePick<FederationTypes['LectureItem'], {"ern":true,"audience":true}> );
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
  CreateLectureInput: CreateLectureInput;
  Enrollment: ResolverTypeWrapper<Enrollment>;
  Teaching: ResolverTypeWrapper<Teaching>;
  Observation: ResolverTypeWrapper<Observation>;
  Lecture: ResolverTypeWrapper<Lecture>;
  Course: ResolverTypeWrapper<Course>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  User: ResolverTypeWrapper<User>;
  LectureSlice: ResolverTypeWrapper<LectureSlice>;
  LectureItem: ResolverTypeWrapper<LectureItem>;
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
  CreateLectureInput: CreateLectureInput;
  Enrollment: Enrollment;
  Teaching: Teaching;
  Observation: Observation;
  Lecture: Lecture | FederationReferenceTypes['Lecture'];
  Course: Course | FederationReferenceTypes['Course'];
  Int: Scalars['Int']['output'];
  User: User | FederationReferenceTypes['User'];
  LectureSlice: LectureSlice | FederationReferenceTypes['LectureSlice'];
  LectureItem: LectureItem | FederationReferenceTypes['LectureItem'];
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
  lecture?: Resolver<Maybe<ResolversTypes['Lecture']>, ParentType, ContextType, RequireFields<QueryLectureArgs, 'ern'>>;
  lectureChanges?: Resolver<ResolversTypes['ChangePage'], ParentType, ContextType, Partial<QueryLectureChangesArgs>>;
};

export type MutationResolvers<ContextType = any, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createLecture?: Resolver<Maybe<ResolversTypes['Lecture']>, ParentType, ContextType, RequireFields<MutationCreateLectureArgs, 'input'>>;
  rescheduleLecture?: Resolver<Maybe<ResolversTypes['Lecture']>, ParentType, ContextType, RequireFields<MutationRescheduleLectureArgs, 'ern' | 'startsAt' | 'endsAt' | 'moveChecks'>>;
  cancelLecture?: Resolver<Maybe<ResolversTypes['ERN']>, ParentType, ContextType, RequireFields<MutationCancelLectureArgs, 'ern'>>;
  setLectureHidden?: Resolver<Maybe<ResolversTypes['Lecture']>, ParentType, ContextType, RequireFields<MutationSetLectureHiddenArgs, 'ern' | 'user' | 'hidden'>>;
  enroll?: Resolver<Maybe<ResolversTypes['Enrollment']>, ParentType, ContextType, RequireFields<MutationEnrollArgs, 'course' | 'user'>>;
  withdraw?: Resolver<Maybe<ResolversTypes['Enrollment']>, ParentType, ContextType, RequireFields<MutationWithdrawArgs, 'course' | 'user'>>;
  assignTeacher?: Resolver<Maybe<ResolversTypes['Teaching']>, ParentType, ContextType, RequireFields<MutationAssignTeacherArgs, 'course' | 'user'>>;
  removeTeacher?: Resolver<Maybe<ResolversTypes['Teaching']>, ParentType, ContextType, RequireFields<MutationRemoveTeacherArgs, 'course' | 'user'>>;
  setObserver?: Resolver<Maybe<ResolversTypes['Observation']>, ParentType, ContextType, RequireFields<MutationSetObserverArgs, 'observer' | 'student' | 'observes'>>;
};

export type EnrollmentResolvers<ContextType = any, ParentType extends ResolversParentTypes['Enrollment'] = ResolversParentTypes['Enrollment']> = {
  course?: Resolver<ResolversTypes['Course'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  enrolled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type TeachingResolvers<ContextType = any, ParentType extends ResolversParentTypes['Teaching'] = ResolversParentTypes['Teaching']> = {
  course?: Resolver<ResolversTypes['Course'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  teaches?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ObservationResolvers<ContextType = any, ParentType extends ResolversParentTypes['Observation'] = ResolversParentTypes['Observation']> = {
  observer?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  student?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  observes?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  until?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type LectureResolvers<ContextType = any, ParentType extends ResolversParentTypes['Lecture'] = ResolversParentTypes['Lecture'], FederationReferenceType extends FederationReferenceTypes['Lecture'] = FederationReferenceTypes['Lecture']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Lecture']> | FederationReferenceType, FederationReferenceType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  course?: Resolver<ResolversTypes['Course'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lecturer?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type CourseResolvers<ContextType = any, ParentType extends ResolversParentTypes['Course'] = ResolversParentTypes['Course'], FederationReferenceType extends FederationReferenceTypes['Course'] = FederationReferenceTypes['Course']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Course']> | FederationReferenceType, FederationReferenceType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  color?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  teacher?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  enrollmentCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type UserResolvers<ContextType = any, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  courses?: Resolver<Maybe<Array<ResolversTypes['Course']>>, ParentType, ContextType>;
  lectureAudiences?: Resolver<Array<ResolversTypes['ERN']>, ParentType, ContextType>;
  lectureTaught?: Resolver<Array<ResolversTypes['ERN']>, ParentType, ContextType>;
  teaches?: Resolver<Array<ResolversTypes['ERN']>, ParentType, ContextType>;
  observes?: Resolver<Array<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type LectureSliceResolvers<ContextType = any, ParentType extends ResolversParentTypes['LectureSlice'] = ResolversParentTypes['LectureSlice'], FederationReferenceType extends FederationReferenceTypes['LectureSlice'] = FederationReferenceTypes['LectureSlice']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['LectureSlice']> | FederationReferenceType, FederationReferenceType, ContextType>;
  audience?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  revision?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  items?: Resolver<Array<ResolversTypes['LectureItem']>, ParentType, ContextType>;
};

export type LectureItemResolvers<ContextType = any, ParentType extends ResolversParentTypes['LectureItem'] = ResolversParentTypes['LectureItem'], FederationReferenceType extends FederationReferenceTypes['LectureItem'] = FederationReferenceTypes['LectureItem']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['LectureItem']> | FederationReferenceType, FederationReferenceType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  audience?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  startsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  course?: Resolver<Maybe<ResolversTypes['Course']>, ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  hidden?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
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
  Enrollment?: EnrollmentResolvers<ContextType>;
  Teaching?: TeachingResolvers<ContextType>;
  Observation?: ObservationResolvers<ContextType>;
  Lecture?: LectureResolvers<ContextType>;
  Course?: CourseResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  LectureSlice?: LectureSliceResolvers<ContextType>;
  LectureItem?: LectureItemResolvers<ContextType>;
  ChangePage?: ChangePageResolvers<ContextType>;
  Change?: ChangeResolvers<ContextType>;
};

