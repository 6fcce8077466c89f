// What a request asks for: the query of a GET or the body of a POST. Parsing and checking it has
// the same result for every user and at every time, so it is done once for equal ones, and the
// result is remembered. It says nothing of who asks.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BoundedMap } from '../../bounded-map.ts';
import { ApiError } from '../../errors.ts';
import { sendError } from '../../http/server/json-error.ts';
import { isObject } from '../../json.ts';
import type { GraphLimits } from '../graph/graph.ts';
import { createTextCheck } from '../graph/limits.ts';
import type { Documents } from '../graph/persisted-documents.ts';
import { checkBody } from '../graph/value-limits.ts';
import { createOperationKey } from '../response-cache/request-key.ts';
import { bodyOfGet, type GetQuery } from './graphql-get.ts';

/** A hook without a promise: there are several for each request. */
export type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/** A request within the limits. */
export interface CheckedRequest {
  /** With the text of the document; frozen, because equal requests share it. */
  readonly body: unknown;
  /** The name of its operation, for metrics. */
  readonly operation: string;
  /** Its part of the key of a stored answer; null: never answered from there. */
  readonly key: string | null;
}

/** See {@link documentHooks}. */
export interface DocumentHooks {
  /** Fastify's parser of JSON bodies, as strings. */
  readonly parseBody: (
    request: FastifyRequest,
    text: string,
    done: (error: Error | null, body?: unknown) => void,
  ) => void;
  /** The hook before the handler: refuses with 400. */
  readonly takeDocument: Hook;
}

/** How many bodies are remembered, and the maximum length of one. */
const REMEMBERED = 500;
const MAX_REMEMBERED_LENGTH = 8_192;

/**
 * Prepares the app. After `takeDocument`, `request.getDecorator<CheckedRequest>('checked')` is what
 * is asked for, and `request.body` is its body.
 */
export function documentHooks(app: FastifyInstance, documents: Documents, limits: GraphLimits): DocumentHooks {
  app.decorateRequest('text', '');
  app.decorateRequest('checked', null);
  const check = createCheck(documents, limits);
  const parseJson = app.getDefaultJsonParser('error', 'error');
  // Requests with equal query strings have one query (query-strings.ts). What is refused is not
  // remembered.
  const gets = new WeakMap<object, CheckedRequest>();
  const checkedGet = ({ query }: FastifyRequest): CheckedRequest => {
    const known = gets.get(query as GetQuery);
    if (known !== undefined) return known;
    const checked = check(bodyOfGet(query as GetQuery));
    gets.set(query as GetQuery, checked);
    return checked;
  };
  const posts = new BoundedMap<string, CheckedRequest>(REMEMBERED);
  const checkedPost = (request: FastifyRequest): CheckedRequest => {
    const known = request.getDecorator<CheckedRequest | null>('checked');
    if (known !== null) return known;
    const text = request.getDecorator<string>('text');
    const checked = check(request.body);
    if (text.length <= MAX_REMEMBERED_LENGTH) posts.set(text, checked);
    return checked;
  };
  return {
    parseBody(request, text, done) {
      const known = posts.get(text);
      request.setDecorator('text', text);
      request.setDecorator('checked', known ?? null);
      if (known === undefined) void parseJson(request, text, done);
      else done(null);
    },
    takeDocument(request, reply, done) {
      try {
        const taken = request.method === 'GET' ? checkedGet(request) : checkedPost(request);
        request.body = taken.body;
        request.setDecorator('checked', taken);
        request.setDecorator('operation', taken.operation);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        sendError(reply, 400, String(error.extensions.code), error.message);
        return;
      }
      done();
    },
  };
}

type Check = (body: unknown) => CheckedRequest;

/** Throws ApiError for a body that is refused. */
function createCheck(documents: Documents, limits: GraphLimits): Check {
  const checkText = createTextCheck(limits);
  const keyOf = createOperationKey();
  return (given) => {
    checkBody(given, limits);
    const body = documents(given);
    checkText(body);
    return { body: frozen(body), operation: documents.nameOf(body), key: keyOf(body) };
  };
}

/** The value, which cannot be changed any more. Its depth has a limit. */
function frozen(value: unknown): unknown {
  if (!Array.isArray(value) && !isObject(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
