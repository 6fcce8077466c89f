// The graph of Apollo's subgraph compatibility tests: products (under test), users and inventory,
// each made with our subgraph factory, composed, behind our gateway. The data is the original's.
import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { createDevIssuer } from '../../../src/auth/dev-keys.ts';
import { createInternalSigner, createInternalVerifier } from '../../../src/auth/internal-token.ts';
import { createUserVerifier } from '../../../src/auth/user-token.ts';
import { systemClock as clock, systemClock } from '../../../src/clock.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import { createSubgraph } from '../../../src/subgraph/subgraph.ts';
import { LIMITS } from '../../harness/test-keys.ts';

const SECRET = new TextEncoder().encode('0123456789abcdef0123456789abcdef');
const AT = { port: 0, host: '127.0.0.1' };
const NAMES = ['products', 'users', 'inventory'] as const;
type Name = (typeof NAMES)[number];

/** What a server answers. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

/** Sends a document. */
export type Ask = (query: string, variables?: object, headers?: Record<string, string>) => Promise<Answer>;

/**
 * The running graph: `products` is asked directly, as a router would; `gateway` as a client would.
 */
export interface Graph {
  readonly products: Ask;
  readonly gateway: Ask;
  close(): Promise<void>;
}

/** The SDL of one of the three subgraphs. */
export function sdlOf(name: Name): string {
  return readFileSync(new URL(`${name}.graphql`, import.meta.url), 'utf8');
}

/** Starts everything on free ports. */
export async function startGraph(): Promise<Graph> {
  const subgraphs = NAMES.map((name) =>
    createSubgraph({
      name,
      typeDefs: sdlOf(name),
      resolvers: RESOLVERS[name],
      verify: createInternalVerifier({ secret: SECRET, audience: name, clock }),
      clock: systemClock,
      context: () => ({}),
      trace: true,
    }),
  );
  const urls = await Promise.all(subgraphs.map(async (one) => (await one.listen(AT)).url));
  const sign = createInternalSigner({ secret: SECRET, service: 'gateway', clock });
  const users = { clock, issuer: 'test', audience: 'test' };
  const issuer = await createDevIssuer(users);
  const gateway = createGateway({
    supergraph: composed(),
    // The iCalendar route wants a calendar to ask; nobody asks it here.
    subgraphs: { ...Object.fromEntries(NAMES.map((name, i) => [name, urls[i] ?? ''])), calendar: 'http://127.0.0.1:1' },
    verifyUser: createUserVerifier({ ...users, keys: issuer.keys }),
    sign,
    clock,
    deadlineMs: 5000,
    limits: LIMITS,
    maxBody: 64 * 1024,
    maxAnswer: 1024 * 1024,
    introspection: false,
    playground: null,
    devToken: null,
  });
  const { url } = await gateway.listen(AT);
  return {
    products: asker(urls[0] ?? '', await sign({ audience: 'products' })),
    gateway: asker(`${url}/graphql`, await issuer.token('student-1')),
    async close() {
      await gateway.close();
      await Promise.all(subgraphs.map((one) => one.close()));
    },
  };
}

function composed(): string {
  const services = NAMES.map((name) => ({ name, url: `http://${name}`, typeDefs: parse(sdlOf(name)) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? []);
  return supergraphSdl;
}

function asker(url: string, token: string): Ask {
  return async (query, variables = {}, headers = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };
}

const DEPRECATED = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
};
const USER = {
  email: 'support@apollographql.com',
  name: 'Jane Smith',
  totalProductsCreated: 1337,
  yearsOfEmployment: 10,
};
const RESEARCH = [
  { study: { caseNumber: '1234', description: 'Federation Study' }, outcome: null },
  { study: { caseNumber: '1235', description: 'Studio Study' }, outcome: null },
];
const PRODUCT = { dimensions: { size: 'small', weight: 1, unit: 'kg' }, createdBy: USER, notes: null };
const PRODUCTS = [
  {
    ...PRODUCT,
    id: 'apollo-federation',
    sku: 'federation',
    package: '@apollo/federation',
    variation: { id: 'OSS' },
    research: [RESEARCH[0]],
  },
  {
    ...PRODUCT,
    id: 'apollo-studio',
    sku: 'studio',
    package: '',
    variation: { id: 'platform' },
    research: [RESEARCH[1]],
  },
];

interface Reference {
  readonly id?: string;
  readonly sku?: string;
  readonly package?: string;
  readonly variation?: { readonly id: string };
}

function productOf({ id, sku, package: name, variation }: Reference): object | undefined {
  if (id !== undefined) return PRODUCTS.find((one) => one.id === id);
  const ofSku = PRODUCTS.filter((one) => one.sku === sku);
  return ofSku.find((one) => (name === undefined ? one.variation.id === variation?.id : one.package === name));
}

function deprecatedOf({ sku, package: name }: Reference): object | null {
  return sku === DEPRECATED.sku && name === DEPRECATED.package ? { ...DEPRECATED, createdBy: USER } : null;
}

interface Workload {
  readonly email: string;
  readonly totalProductsCreated?: number;
  readonly yearsOfEmployment?: number;
}

const INVENTORY = { id: 'apollo-oss', products: [{ id: 'apollo-federation' }] };

const RESOLVERS: Readonly<Record<Name, object>> = {
  products: {
    Query: {
      product: (_: unknown, reference: Reference) => productOf(reference),
      deprecatedProduct: (_: unknown, reference: Reference) => deprecatedOf(reference),
    },
    Product: { __resolveReference: productOf },
    DeprecatedProduct: { __resolveReference: deprecatedOf },
    ProductResearch: {
      __resolveReference: ({ study }: { study: { caseNumber: string } }) =>
        RESEARCH.find((one) => one.study.caseNumber === study.caseNumber),
    },
    User: {
      __resolveReference: (given: Workload) => ({ ...USER, ...given }),
      averageProductsCreatedPerYear: ({ totalProductsCreated = 0, yearsOfEmployment = 1 }: Workload) =>
        Math.round(totalProductsCreated / yearsOfEmployment),
    },
    Inventory: { __resolveReference: ({ id }: Reference) => ({ id, deprecatedProducts: [DEPRECATED] }) },
  },
  users: {
    User: { __resolveReference: ({ email }: Workload) => ({ ...USER, email, name: 'Apollo Studio Support' }) },
  },
  inventory: {
    Query: { inventory: (_: unknown, { id }: Reference) => (id === INVENTORY.id ? INVENTORY : null) },
    Inventory: { __resolveType: () => 'OpenSourceInventory', __resolveReference: () => INVENTORY },
    OpenSourceInventory: { __resolveReference: () => INVENTORY },
  },
};
