// The public API, and which changes to it are breaking.
import { composeServices } from '@theguild/federation-composition';
import { buildSchema, findBreakingChanges, lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql';
import { services } from './generate.ts';

/** Where the API is written down as it was last agreed on; a path from the project's root. */
export const BASELINE = 'test/schema/baseline.graphql';

/**
 * The API of the SDL files, by name and without a word of explanation; what is @inaccessible is
 * left out.
 */
export function publicSchema(): string {
  const { errors, publicSdl } = composeServices(services());
  if (publicSdl === undefined) throw new AggregateError(errors ?? [], 'the SDL files do not compose');
  const sorted = printSchema(lexicographicSortSchema(buildSchema(publicSdl)));
  const bare = visit(parse(sorted), { StringValue: (_, key) => (key === 'description' ? null : undefined) });
  return `${print(bare)}\n`;
}

/** Each change from one API to another that some client may notice as an error, in words. */
export function breakingChanges(before: string, after: string): string[] {
  const changes = findBreakingChanges(buildSchema(before), buildSchema(after));
  return changes.map(({ type, description }) => `${type}: ${description}`);
}
