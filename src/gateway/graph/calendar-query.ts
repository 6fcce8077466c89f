// One query that the calendar answers alone, for a user: without planning and shaping.

import { SourceError } from '../../errors.ts';
import type { Transport } from '../../http/client/transport.ts';
import { isObject, parseJson } from '../../json.ts';
import { type CallOptions, type GatewayContext, subgraphCall } from './subgraph-source.ts';

/** The data of an answer, null if it has errors, and its validator. */
export interface CalendarAnswer {
  readonly data: unknown;
  /** Whether the user may not read what was asked for. */
  readonly isForbidden: boolean;
  readonly validator: string | null;
}

/** Asks the calendar. Rejects with SourceError when it does not answer. */
export type CalendarQuery = (query: string, variables: object, context: GatewayContext) => Promise<CalendarAnswer>;

/** See the head of this file. `transport`: to the calendar. */
export function createCalendarQuery(
  options: CallOptions & { readonly transport: Pick<Transport, 'post'> },
): CalendarQuery {
  return async (query, variables, context) => {
    const { body, headers } = await subgraphCall(options, 'calendar', context, (call) =>
      options.transport.post({ body: JSON.stringify({ query, variables }), ...call, retry: true }),
    );
    const answer = parseJson(body, (cause) => new SourceError('BAD_RESPONSE', 'not JSON', { cause }));
    const { data = null, errors } = isObject(answer) ? answer : {};
    const { 'x-validator': validator } = headers;
    return {
      data: errors === undefined ? data : null,
      isForbidden: Array.isArray(errors) && errors.some(isForbidding),
      validator: typeof validator === 'string' ? validator : null,
    };
  };
}

function isForbidding(error: unknown): boolean {
  return isObject(error) && isObject(error.extensions) && error.extensions.code === 'FORBIDDEN';
}
