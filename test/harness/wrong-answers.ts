// Malformed answers of a source. Each takes the right answer and returns a wrong one.
import type { EntitiesAnswer } from './mock-source.ts';

type Entity = EntitiesAnswer['data']['_entities'][number];

const withEntities =
  (change: (entities: readonly Entity[]) => readonly unknown[]) =>
  ({ data }: EntitiesAnswer): unknown => ({ data: { _entities: change(data._entities) } });

/** No `_entities` at all. */
export const withoutEntities = (): unknown => ({ data: {} });

/** `data: null` and an error whose text is nobody's business. */
export const onlyErrors = (message: string) => (): unknown => ({
  data: null,
  errors: [{ message, extensions: { stacktrace: [message] } }],
});

/** The last slot is missing. */
export const short = withEntities((entities) => entities.slice(0, -1));

/** Every slot twice, and one of nothing we know. */
export const long = withEntities((entities) => [...entities, ...entities, { __typename: 'Stranger' }]);

/** Backwards. */
export const shuffled = withEntities((entities) => entities.toReversed());

/** Nothing in any slot. */
export const nulls = withEntities((entities) => entities.map(() => null));

/** Null in the slots of one audience, as a service does that fails for it alone. */
export const nullFor = (audience: string) =>
  withEntities((entities) => entities.map((entity) => (entity?.audience === audience ? null : entity)));

/** One audience's items in the slots of another, which still say that they are the other's. */
export const swapped = (mine: string, theirs: string) =>
  withEntities((entities) => {
    const foreign = entities.find((entity) => entity?.audience === theirs)?.items;
    return entities.map((entity) => (entity?.audience === mine ? { ...entity, items: foreign } : entity));
  });

/** The items changed, wherever they stand. */
export const withItems = (change: (items: readonly Readonly<Record<string, unknown>>[]) => readonly unknown[]) =>
  withEntities((entities) =>
    entities.map((entity) => {
      const items = entity?.items;
      return Array.isArray(items) ? { ...entity, items: change(items) } : entity;
    }),
  );
