// Made by `npm run schema` from schema/assignment.graphql. Not to be edited.
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
  /** Absolute http(s) URL. */
  URL: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
};

export type Query = {
  __typename?: 'Query';
  /** An assignment by its ERN. Null if there is none. */
  assignment?: Maybe<Assignment>;
  /** Changes after a cursor, oldest first; without a cursor none, and the current cursor. Used by the calendar's polling feed. */
  assignmentChanges: ChangePage;
};


export type QueryAssignmentArgs = {
  ern: Scalars['ERN']['input'];
};


export type QueryAssignmentChangesArgs = {
  since?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Creates an assignment. Teachers of the course and administrators. */
  createAssignment?: Maybe<Assignment>;
  /** Changes the given fields. Teachers of the course and administrators. */
  updateAssignment?: Maybe<Assignment>;
  /** Deletes an assignment and returns its ERN. Teachers of the course and administrators. */
  deleteAssignment?: Maybe<Scalars['ERN']['output']>;
  /**
   * The signed-in student hands in: SUBMITTED until the student's due date, LATE until closesAt, refused before and after.
   * A limit of 23:59 accepts work until 23:59:59, one with seconds until the end of its second. Of several submissions the
   * one that arrived last is kept, and answered.
   */
  submitAssignment?: Maybe<Submission>;
  /**
   * Gives one student a later due date. It counts while it is later than the course's, and lateness follows the due date
   * that counts. Teachers of the course and administrators.
   */
  grantExtension?: Maybe<Extension>;
  /** Stores a membership that the lecture service owns. Between services only. */
  recordAssignmentEnrollment: Scalars['Boolean']['output'];
  /** Stores who teaches, as told by the service that owns it. Between services only. */
  recordAssignmentTeaching: Scalars['Boolean']['output'];
};


export type MutationCreateAssignmentArgs = {
  input: CreateAssignmentInput;
};


export type MutationUpdateAssignmentArgs = {
  ern: Scalars['ERN']['input'];
  input: UpdateAssignmentInput;
};


export type MutationDeleteAssignmentArgs = {
  ern: Scalars['ERN']['input'];
};


export type MutationSubmitAssignmentArgs = {
  ern: Scalars['ERN']['input'];
  url?: InputMaybe<Scalars['URL']['input']>;
};


export type MutationGrantExtensionArgs = {
  ern: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
  endsAt: Scalars['DateTime']['input'];
  reason?: InputMaybe<Scalars['String']['input']>;
};


export type MutationRecordAssignmentEnrollmentArgs = {
  course: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
  enrolled: Scalars['Boolean']['input'];
  revision: Scalars['Int']['input'];
  since?: InputMaybe<Scalars['DateTime']['input']>;
};


export type MutationRecordAssignmentTeachingArgs = {
  course: Scalars['ERN']['input'];
  user: Scalars['ID']['input'];
  teaches: Scalars['Boolean']['input'];
  revision: Scalars['Int']['input'];
};

export type CreateAssignmentInput = {
  course: Scalars['ERN']['input'];
  title: Scalars['String']['input'];
  /** When it opens. */
  startsAt: Scalars['DateTime']['input'];
  /** When it is due. */
  endsAt: Scalars['DateTime']['input'];
  /** The last instant of a late submission. Default: the due date. */
  closesAt?: InputMaybe<Scalars['DateTime']['input']>;
  points?: InputMaybe<Scalars['Int']['input']>;
  description?: InputMaybe<Scalars['String']['input']>;
};

/** Absent and null fields stay as they are, except that null removes closesAt and description. */
export type UpdateAssignmentInput = {
  title?: InputMaybe<Scalars['String']['input']>;
  startsAt?: InputMaybe<Scalars['DateTime']['input']>;
  endsAt?: InputMaybe<Scalars['DateTime']['input']>;
  closesAt?: InputMaybe<Scalars['DateTime']['input']>;
  points?: InputMaybe<Scalars['Int']['input']>;
  description?: InputMaybe<Scalars['String']['input']>;
};

export type SubmissionState =
  | 'NONE'
  | 'SUBMITTED'
  | 'LATE'
  | 'EXCUSED'
  /** The assignment was due before the student was enrolled. */
  | 'NOT_REQUIRED';

/** One student's submission. */
export type Submission = {
  __typename?: 'Submission';
  assignment: Assignment;
  user: Scalars['ID']['output'];
  state: SubmissionState;
  submittedAt?: Maybe<Scalars['DateTime']['output']>;
  url?: Maybe<Scalars['URL']['output']>;
};

/** A later due date for one student. */
export type Extension = {
  __typename?: 'Extension';
  assignment: Assignment;
  user: Scalars['ID']['output'];
  endsAt: Scalars['DateTime']['output'];
  reason?: Maybe<Scalars['String']['output']>;
};

/** An assignment, the same for all users; a student's due date and completion are on the calendar's AssignmentEvent. */
export type Assignment = {
  __typename?: 'Assignment';
  ern: Scalars['ERN']['output'];
  title: Scalars['String']['output'];
  course: Course;
  /** When it opens. */
  startsAt: Scalars['DateTime']['output'];
  /** When it is due. */
  endsAt: Scalars['DateTime']['output'];
  /** The last instant of a late submission. */
  closesAt?: Maybe<Scalars['DateTime']['output']>;
  points: Scalars['Int']['output'];
  description?: Maybe<Scalars['String']['output']>;
  /** URL for handing in. */
  submissionUrl?: Maybe<Scalars['URL']['output']>;
  updatedAt: Scalars['DateTime']['output'];
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
  assignmentAudiences: Array<Scalars['ERN']['output']>;
  /** Those of them that the user teaches: nothing in them is required of this user. */
  assignmentTaught: Array<Scalars['ERN']['output']>;
};

/** The assignments of one audience that overlap [from, to). */
export type AssignmentSlice = {
  __typename?: 'AssignmentSlice';
  audience: Scalars['ERN']['output'];
  from: Scalars['DateTime']['output'];
  to: Scalars['DateTime']['output'];
  /**
   * Differs when an item of the audience was moved over a month's end, in a user's own audience
   * also one of the user's courses: slices of one audience with different revisions are of
   * different moments, and are read again together.
   */
  revision?: Maybe<Scalars['String']['output']>;
  items: Array<AssignmentItem>;
};

/**
 * An assignment as one audience has it. In a user's own audience every field but ern, audience, updatedAt and hidden may be null:
 * what is given replaces the course's item of the same ern. An own item is listed when its own dates or the course's overlap the span.
 */
export type AssignmentItem = {
  __typename?: 'AssignmentItem';
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
  closesAt?: Maybe<Scalars['DateTime']['output']>;
  /** In a user's own audience: this user's submission; it is late or not by the due date that applies now. */
  submission?: Maybe<SubmissionState>;
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
  Assignment: Assignment;
  User: User;
  AssignmentSlice: AssignmentSlice;
  AssignmentItem: AssignmentItem;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Assignment:
    ( { __typename: 'Assignment' }
    & GraphQLRecursivePick<FederationTypes['Assignment'], {"ern":true}> );
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
  AssignmentSlice:
    ( { __typename: 'AssignmentSlice' }
    & GraphQLRecursivePick<FederationTypes['AssignmentSlice'], {"audience":true,"from":true,"to":true}> );
  AssignmentItem:
    ( { __typename: 'AssignmentItem' }
    & GraphQLRecursivePick<FederationTypes['AssignmentItem'], {"ern":true,"audience":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  ERN: ResolverTypeWrapper<Scalars['ERN']['output']>;
  URL: ResolverTypeWrapper<Scalars['URL']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  CreateAssignmentInput: CreateAssignmentInput;
  UpdateAssignmentInput: UpdateAssignmentInput;
  SubmissionState: SubmissionState;
  Submission: ResolverTypeWrapper<Submission>;
  Extension: ResolverTypeWrapper<Extension>;
  Assignment: ResolverTypeWrapper<Assignment>;
  Course: ResolverTypeWrapper<Course>;
  User: ResolverTypeWrapper<User>;
  AssignmentSlice: ResolverTypeWrapper<AssignmentSlice>;
  AssignmentItem: ResolverTypeWrapper<AssignmentItem>;
  ChangePage: ResolverTypeWrapper<ChangePage>;
  Change: ResolverTypeWrapper<Change>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  ERN: Scalars['ERN']['output'];
  URL: Scalars['URL']['output'];
  Query: Record<PropertyKey, never>;
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Boolean: Scalars['Boolean']['output'];
  Int: Scalars['Int']['output'];
  CreateAssignmentInput: CreateAssignmentInput;
  UpdateAssignmentInput: UpdateAssignmentInput;
  Submission: Submission;
  Extension: Extension;
  Assignment: Assignment | FederationReferenceTypes['Assignment'];
  Course: Course;
  User: User | FederationReferenceTypes['User'];
  AssignmentSlice: AssignmentSlice | FederationReferenceTypes['AssignmentSlice'];
  AssignmentItem: AssignmentItem | FederationReferenceTypes['AssignmentItem'];
  ChangePage: ChangePage;
  Change: Change;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface ErnScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['ERN'], any> {
  name: 'ERN';
}

export interface UrlScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['URL'], any> {
  name: 'URL';
}

export type QueryResolvers<ContextType = any, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  assignment?: Resolver<Maybe<ResolversTypes['Assignment']>, ParentType, ContextType, RequireFields<QueryAssignmentArgs, 'ern'>>;
  assignmentChanges?: Resolver<ResolversTypes['ChangePage'], ParentType, ContextType, Partial<QueryAssignmentChangesArgs>>;
};

export type MutationResolvers<ContextType = any, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createAssignment?: Resolver<Maybe<ResolversTypes['Assignment']>, ParentType, ContextType, RequireFields<MutationCreateAssignmentArgs, 'input'>>;
  updateAssignment?: Resolver<Maybe<ResolversTypes['Assignment']>, ParentType, ContextType, RequireFields<MutationUpdateAssignmentArgs, 'ern' | 'input'>>;
  deleteAssignment?: Resolver<Maybe<ResolversTypes['ERN']>, ParentType, ContextType, RequireFields<MutationDeleteAssignmentArgs, 'ern'>>;
  submitAssignment?: Resolver<Maybe<ResolversTypes['Submission']>, ParentType, ContextType, RequireFields<MutationSubmitAssignmentArgs, 'ern'>>;
  grantExtension?: Resolver<Maybe<ResolversTypes['Extension']>, ParentType, ContextType, RequireFields<MutationGrantExtensionArgs, 'ern' | 'user' | 'endsAt'>>;
  recordAssignmentEnrollment?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationRecordAssignmentEnrollmentArgs, 'course' | 'user' | 'enrolled' | 'revision'>>;
  recordAssignmentTeaching?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationRecordAssignmentTeachingArgs, 'course' | 'user' | 'teaches' | 'revision'>>;
};

export type SubmissionResolvers<ContextType = any, ParentType extends ResolversParentTypes['Submission'] = ResolversParentTypes['Submission']> = {
  assignment?: Resolver<ResolversTypes['Assignment'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SubmissionState'], ParentType, ContextType>;
  submittedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
};

export type ExtensionResolvers<ContextType = any, ParentType extends ResolversParentTypes['Extension'] = ResolversParentTypes['Extension']> = {
  assignment?: Resolver<ResolversTypes['Assignment'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AssignmentResolvers<ContextType = any, ParentType extends ResolversParentTypes['Assignment'] = ResolversParentTypes['Assignment'], FederationReferenceType extends FederationReferenceTypes['Assignment'] = FederationReferenceTypes['Assignment']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Assignment']> | FederationReferenceType, FederationReferenceType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  course?: Resolver<ResolversTypes['Course'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  closesAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  points?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  submissionUrl?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type CourseResolvers<ContextType = any, ParentType extends ResolversParentTypes['Course'] = ResolversParentTypes['Course']> = {
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  color?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = any, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  assignmentAudiences?: Resolver<Array<ResolversTypes['ERN']>, ParentType, ContextType>;
  assignmentTaught?: Resolver<Array<ResolversTypes['ERN']>, ParentType, ContextType>;
};

export type AssignmentSliceResolvers<ContextType = any, ParentType extends ResolversParentTypes['AssignmentSlice'] = ResolversParentTypes['AssignmentSlice'], FederationReferenceType extends FederationReferenceTypes['AssignmentSlice'] = FederationReferenceTypes['AssignmentSlice']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AssignmentSlice']> | FederationReferenceType, FederationReferenceType, ContextType>;
  audience?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  revision?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  items?: Resolver<Array<ResolversTypes['AssignmentItem']>, ParentType, ContextType>;
};

export type AssignmentItemResolvers<ContextType = any, ParentType extends ResolversParentTypes['AssignmentItem'] = ResolversParentTypes['AssignmentItem'], FederationReferenceType extends FederationReferenceTypes['AssignmentItem'] = FederationReferenceTypes['AssignmentItem']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AssignmentItem']> | FederationReferenceType, FederationReferenceType, ContextType>;
  ern?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  audience?: Resolver<ResolversTypes['ERN'], ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  startsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  course?: Resolver<Maybe<ResolversTypes['Course']>, ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  hidden?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  closesAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  submission?: Resolver<Maybe<ResolversTypes['SubmissionState']>, ParentType, ContextType>;
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
  URL?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Submission?: SubmissionResolvers<ContextType>;
  Extension?: ExtensionResolvers<ContextType>;
  Assignment?: AssignmentResolvers<ContextType>;
  Course?: CourseResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  AssignmentSlice?: AssignmentSliceResolvers<ContextType>;
  AssignmentItem?: AssignmentItemResolvers<ContextType>;
  ChangePage?: ChangePageResolvers<ContextType>;
  Change?: ChangeResolvers<ContextType>;
};

