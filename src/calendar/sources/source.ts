// Our client for one upstream service: questions in, checked answers out, any number of them in one HTTP request.
import type { FailureReason } from '../../errors.ts';
import { SourceError } from '../../errors.ts';
import type { EventKind } from '../model/event.ts';
import { type Answer, answersOf, operationOf, type Question, requestOf } from './entities.ts';
import type { SourceWords } from './kinds.ts';

/** Sends a GraphQL request body to the service and gives the body of its 200 answer. Rejects with {@link SourceError}. */
export type Post = (body: string) => Promise<string>;

/** One source: which kind of event it has, and how to ask it. */
export interface Source {
  readonly kind: EventKind;
  /** Answers in the order of the questions, an Error in place of each that failed. Never rejects. */
  ask(questions: readonly Question[]): Promise<readonly (Answer | Error)[]>;
}

/** The source that speaks the contract in these words through this transport. */
export function createSource(words: SourceWords, post: Post): Source {
  const operation = operationOf(words);
  return {
    kind: words.kind,
    async ask(questions) {
      try {
        return answersOf(words, questions, await post(requestOf(words, operation, questions)));
      } catch (error) {
        const failure = error instanceof SourceError ? error : unexpected(error);
        return questions.map(() => failure);
      }
    },
  };
}

function unexpected(cause: unknown): SourceError {
  const reason: FailureReason = 'BAD_RESPONSE';
  return new SourceError(reason, 'unexpected failure', { cause });
}
