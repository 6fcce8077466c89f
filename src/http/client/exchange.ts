// One request over a pool of connections, and its whole answer. Undici hands the parts of the
// answer to a handler (its `dispatch`), without a stream and a signal around them: the gateway
// makes such calls hundreds of times a second. Every failure is a SourceError.
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.ts';
import { SourceError } from '../../errors.ts';
import type { Deadline } from './deadline.ts';
import { checkHead, HttpResponse } from './response.ts';

/**
 * This much of a refusal's body is read, to keep the connection open; if there is more, it is
 * closed.
 */
const DUMP_BYTES = 64 * 1024;

/**
 * The connection was refused or lost: a retry may reach another replica, or use a new connection.
 */
const LOST: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
/** A malformed answer (in addition to the parser's own codes, `HPE_…`). */
const GARBAGE: ReadonlySet<string> = new Set([
  'HTTPParserError',
  'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_HEADERS_OVERFLOW',
]);

/** What is sent. */
export type HttpRequest = Pick<Dispatcher.DispatchOptions, 'method' | 'path' | 'headers' | 'body'>;

/** Sends a request. Rejects with SourceError, at the deadline with TIMEOUT. */
export function exchange(
  pool: Pick<Dispatcher, 'dispatch'>,
  request: HttpRequest,
  deadline: Deadline,
  clock: Pick<Clock, 'now'>,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    pool.dispatch(request, new AnswerHandler({ resolve, reject, deadline, clock }));
  });
}

/** How an exchange ends, and when. */
interface Exchange {
  readonly resolve: (answer: HttpResponse) => void;
  readonly reject: (error: SourceError) => void;
  readonly deadline: Deadline;
  readonly clock: Pick<Clock, 'now'>;
}

/** Takes the parts of one answer. */
class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #refusal: unknown = null;
  #bytes = 0;
  readonly #chunks: Buffer[] = [];

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    // Also while there is no connection yet.
    exchange.deadline.onOver(() => {
      const late = new SourceError('TIMEOUT', 'no whole answer in time');
      exchange.reject(asSourceError(this.#refusal ?? late));
      this.#controller?.abort(late);
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#exchange.deadline.isOver) controller.abort(new SourceError('TIMEOUT', 'not sent in time'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Informational responses (RFC 9110 §15.2): the answer is still to come.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    try {
      checkHead(status, headers, this.#exchange.clock.now());
    } catch (refusal) {
      this.#refusal = refusal;
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#refusal === null) this.#chunks.push(chunk);
    else if (this.#bytes > DUMP_BYTES) controller.abort(new Error('the rest of a refusal is not read'));
  }

  onResponseEnd(): void {
    try {
      if (this.#refusal !== null) throw this.#refusal;
      const [first = Buffer.alloc(0), ...others] = this.#chunks;
      const bytes = others.length === 0 ? first : Buffer.concat(this.#chunks);
      this.#exchange.resolve(new HttpResponse(this.#status, this.#headers, bytes));
    } catch (error) {
      this.#exchange.reject(asSourceError(error));
    }
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#exchange.reject(asSourceError(this.#refusal ?? error));
  }
}

/** Whether the answer was larger than `maxBytes`: a smaller question may have an answer. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof SourceError && codeOf(error.cause) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
}

/** Whether the request may have failed with its connection only. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof SourceError && LOST.has(codeOf(error.cause));
}

function asSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const code = codeOf(error);
  const isGarbage = code.startsWith('HPE_') || GARBAGE.has(code);
  return new SourceError(isGarbage ? 'BAD_RESPONSE' : 'UNREACHABLE', code, { cause: error });
}

/**
 * The code of a system or undici error, or its name. Errors from Node may come from another realm.
 */
function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return String(code ?? name);
}
