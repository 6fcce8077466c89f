// The graph: Apollo Server over Apollo Gateway over the committed supergraph. All other features of
// both are disabled: usage reports, metadata look-ups, query plans and traces for clients, landing
// page, signals.

import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { disableTelemetry } from '../../config.ts';
import { reportError } from '../../diagnostics.ts';
import { disabledPlugins } from '../../http/server/apollo-plugins.ts';
import { rememberRequestOfErrors } from '../../http/server/request-id.ts';
import { isObject } from '../../json.ts';
import { operationStore } from '../../operation-store.ts';
import { fewErrors, MAX_ERRORS } from './bad-variables.ts';
import { createFormatError } from './format-error.ts';
import { refuseKeyAliases } from './key-aliases.ts';
import type { QueryLimits } from './limits.ts';
import { requireKnownOperation } from './operation-name.ts';
import type { GatewayContext } from './subgraph-source.ts';
import type { ValueLimits } from './value-limits.ts';
import { answerWithoutCalendar, type OwnKnowledge } from './without-calendar.ts';

/** Limits of one query; `tokens` are the parser's. */
export type GraphLimits = QueryLimits & ValueLimits & { readonly tokens: number };

/** Options of {@link createGraph}. */
export interface GraphOptions {
  /** The composed supergraph's SDL. */
  readonly supergraph: string;
  /**
   * The data source of a subgraph, by its name in the supergraph; the URL written there is not
   * used.
   */
  readonly sourceOf: (name: string) => GraphQLDataSource<GatewayContext>;
  readonly limits: GraphLimits;
  /** Whether `__schema` and suggestions in error messages are allowed. */
  readonly introspection: boolean;
  /** What answers say when the calendar does not answer. */
  readonly known: OwnKnowledge;
}

/** Apollo's own log: debug messages are dropped, errors are reported like all others. */
const report = (error: unknown) => reportError(error);
const logger = { debug: () => {}, info: () => {}, warn: report, error: report };

/** An Apollo Server, not started. Starting it throws when the supergraph cannot be served. */
export function createGraph({
  supergraph,
  sourceOf,
  limits,
  introspection,
  known,
}: GraphOptions): ApolloServer<GatewayContext> {
  disableTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: ({ name }) => sourceOf(name) as GraphQLDataSource,
    __exposeQueryPlanExperimental: false,
    queryPlannerConfig: { cache: operationStore() },
    logger,
  });
  return new ApolloServer<GatewayContext>({
    gateway: fewErrors(answerWithoutCalendar(gateway, known)),
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    formatError: createFormatError(limits.tokens),
    parseOptions: { maxTokens: limits.tokens },
    documentStore: operationStore(),
    validationRules: [refuseKeyAliases(supergraph)],
    // One less, because the last error says that there were too many.
    validationOptions: { maxErrors: MAX_ERRORS - 1 },
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    logger,
    plugins: [requireKnownOperation, rememberRequestOfErrors, passDetailsOn, noteError, ...disabledPlugins()],
  });
}

/** Notes the code of an answer's first error, which is one of ours or GraphQL's. */
const noteError: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { body }, contextValue: { fetches } }) {
        if (body.kind !== 'single' || fetches === undefined) return;
        const code = body.singleResult.errors?.[0]?.extensions?.code;
        if (typeof code === 'string') fetches.error = code;
      },
    };
  },
};

/** Passes on what the calendar says of its answers, those of several calls together. */
const passDetailsOn: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { body }, contextValue: { fetches } }) {
        const details = (fetches?.details ?? []).filter(isObject);
        if (body.kind !== 'single' || details.length === 0) return;
        const calendar: Record<string, unknown> = {};
        for (const [name, part] of details.flatMap(Object.entries))
          calendar[name] = [calendar[name] ?? [], part].flat();
        body.singleResult.extensions = { ...body.singleResult.extensions, calendar };
      },
    };
  },
};
