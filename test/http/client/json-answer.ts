// An answer of a service, for tests that stand in for a transport.
import type { IncomingHttpHeaders } from 'node:http';
import { HttpResponse } from '../../../src/http/client/response.ts';

/** A 200 with this text. */
export function jsonAnswer(text: string, headers: IncomingHttpHeaders = {}): HttpResponse {
  return new HttpResponse(200, headers, Buffer.from(text));
}
