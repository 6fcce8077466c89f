// The 23 tests of @apollo/federation-subgraph-compatibility-tests 1.2.1 (MIT licence, Apollo Graph,
// Inc.) for our subgraph factory behind our gateway. Copied assertion by assertion, because the
// package downloads a binary and uses fixed ports. Order and titles are the original's.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kind, parse, print, stripIgnoredCharacters } from 'graphql';
import { type Answer, type Graph, sdlOf, startGraph } from './graph.ts';

let graph: Graph;
/** What `_service` says, as it is and without the spaces that do not matter. */
let text: string;
let sdl: string;

beforeAll(async () => {
  graph = await startGraph();
  const { data } = await graph.products('query { _service { sdl } }');
  text = (data as { _service: { sdl: string } })._service.sdl;
  sdl = stripIgnoredCharacters(text);
});
afterAll(() => graph.close());

const PRODUCT = { id: 'apollo-federation' };

function expectData(answer: Answer, data: object): void {
  expect(answer).not.toHaveProperty('errors');
  expect(answer).toMatchObject({ data });
}

/** The `@link`s of the SDL: address and what is imported. */
function links(): { url: string; imports: string[] }[] {
  return [...sdl.matchAll(/@link\(url:"([^"]+)"(?: ?import:\[(.+?)\])?/g)].map(([, url = '', imports = '']) => ({
    url,
    imports: [...imports.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
  }));
}

test('@composeDirective', () => {
  const [link] = links().filter(({ url }) => url.startsWith('https://myspecs.dev/myCustomDirective/v'));
  expect(link?.imports).toEqual(['@custom']);
  expect(sdl).toMatch(/schema.*(@composeDirective|@federation__composeDirective)\(name:.*"@custom"\)/);
  expect(sdl).toMatch(/directive.*@custom on OBJECT/);
  expect(sdl).toMatch(/type Product.*@custom.*\{/);
});

test('ftv1', async () => {
  const headers = { 'apollo-federation-include-trace': 'ftv1' };
  expect(await graph.products('query { __typename }', {}, headers)).toEqual({
    data: { __typename: 'Query' },
    extensions: { ftv1: expect.any(String) },
  });
});

describe('@inaccessible', () => {
  test('should return @inaccessible directives in _service sdl', () => {
    expect(sdl).not.toContain('@federation__inaccessible');
    expect(sdl).toContain('unit:String@inaccessible');
  });

  test('should be able to query @inaccessible fields via the products schema directly', async () => {
    const answer = await graph.products('query ($id: ID!) { product(id: $id) { dimensions { unit } } }', PRODUCT);
    expectData(answer, { product: { dimensions: { unit: 'kg' } } });
  });
});

describe('@interfaceObject', () => {
  test('verifies schema contains entity type marked as @interfaceObject', () => {
    expect(sdl).toMatch(/type Inventory.*(@interfaceObject|@federation__interfaceObject)/);
    expect(sdl).toMatch(/type Inventory.*(@key|@federation__key)\(fields:"id"( resolvable:true)?\)/);
  });

  test('verifies @interfaceObject entity returns new fields', async () => {
    const query = 'query ($id: ID!) { inventory(id: $id) { deprecatedProducts { sku reason } } }';
    expectData(await graph.gateway(query, { id: 'apollo-oss' }), {
      inventory: { deprecatedProducts: [{ sku: 'apollo-federation-v1', reason: 'Migrate to Federation V2' }] },
    });
  });
});

test('introspection', () => {
  expect(text).toContain('type Query');
  expect(fieldsOf(text)).toMatchObject(fieldsOf(sdlOf('products')));
});

/** Every field of every type with its arguments and its own type. */
function fieldsOf(typeDefs: string): Record<string, string> {
  const definitions = parse(typeDefs).definitions.filter(
    (one) => one.kind === Kind.OBJECT_TYPE_DEFINITION || one.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
  const fields = definitions.flatMap(({ name, fields = [] }) => fields.map((field) => ({ owner: name.value, field })));
  return Object.fromEntries(
    fields.map(({ owner, field }) => {
      const args = (field.arguments ?? []).map((one) => `${one.name.value}: ${print(one.type)}`);
      return [`${owner}.${field.name.value}(${args.join(', ')})`, print(field.type)];
    }),
  );
}

const ENTITIES = 'query ($representations: [_Any!]!) { _entities(representations: $representations)';

describe('@key single', () => {
  test('applies single field @key on User', () => {
    expect(sdl).toMatch(
      /type User(@extends|@federation__extends)?(@key|@federation__key)\(fields:"email"( resolvable:true)?\)/,
    );
  });

  test('resolves single field @key on User', async () => {
    const representations = [{ __typename: 'User', email: 'support@apollographql.com' }];
    expectData(await graph.products(`${ENTITIES} { ...on User { email name } } }`, { representations }), {
      _entities: [{ email: 'support@apollographql.com', name: 'Jane Smith' }],
    });
  });
});

describe('@key multiple', () => {
  test('applies multiple field @key on DeprecatedProduct', () => {
    expect(sdl).toMatch(/type DeprecatedProduct(@key|@federation__key)\(fields:"sku package"/);
  });

  test('resolves multiple field @key on DeprecatedProduct', async () => {
    const key = { sku: 'apollo-federation-v1', package: '@apollo/federation-v1' };
    const representations = [{ __typename: 'DeprecatedProduct', ...key }];
    expectData(
      await graph.products(`${ENTITIES} { ...on DeprecatedProduct { sku package reason } } }`, { representations }),
      {
        _entities: [{ ...key, reason: 'Migrate to Federation V2' }],
      },
    );
  });
});

describe('@key composite', () => {
  test('applies composite object @key on ProductResearch', () => {
    expect(sdl).toMatch(/type ProductResearch(@key|@federation__key)\(fields:"study { caseNumber }"/);
  });

  test('resolves composite object @key on ProductResearch', async () => {
    const representations = [{ __typename: 'ProductResearch', study: { caseNumber: '1234' } }];
    const query = `${ENTITIES} { ...on ProductResearch { study { caseNumber description } } } }`;
    expectData(await graph.products(query, { representations }), {
      _entities: [{ study: { caseNumber: '1234', description: 'Federation Study' } }],
    });
  });
});

describe('repeatable @key', () => {
  test('applies repeatable @key directive on Product', () => {
    expect(sdl).toMatch(/type Product.*(@key|@federation__key)\(fields:"id"( resolvable:true)?\).*\{/);
    // need to end regex with unique field in Product as otherwise we can match against
    // DeprecatedProduct key
    expect(sdl).toMatch(/type Product.*(@key|@federation__key)\(fields:"sku package"( resolvable:true)?\).*variation/);
    expect(sdl).toMatch(
      /type Product.*(@key|@federation__key)\(fields:"sku variation { id }"( resolvable:true)?\).*\{/,
    );
  });

  test('resolves multiple @key directives on Product', async () => {
    const representations = [
      { __typename: 'Product', id: 'apollo-federation' },
      { __typename: 'Product', sku: 'federation', package: '@apollo/federation' },
      { __typename: 'Product', sku: 'studio', variation: { id: 'platform' } },
    ];
    expectData(await graph.products(`${ENTITIES} { ...on Product { id sku } } }`, { representations }), {
      _entities: [
        { id: 'apollo-federation', sku: 'federation' },
        { id: 'apollo-federation', sku: 'federation' },
        { id: 'apollo-studio', sku: 'studio' },
      ],
    });
  });
});

test('@link', () => {
  const federation = links().filter(({ url }) => url.startsWith('https://specs.apollo.dev/federation/v'));
  expect(federation).toHaveLength(1);
  expect(federation[0]?.url).toMatch(/2\.0|2\.1|2\.2|2\.3/);
  const known =
    /^(@composeDirective|@extends|@external|@inaccessible|@interfaceObject|@key|@override|@provides|@requires|@shareable|@tag|FieldSet)$/;
  expect(federation[0]?.imports.filter((name) => !known.test(name))).toEqual([]);
});

describe('@override', () => {
  test('should return @override directives in _service sdl', () => {
    expect(sdl).toMatch(/(@override|@federation__override)\(from:"users"\)/);
  });

  test('should return overridden user name', async () => {
    const answer = await graph.gateway('query ($id: ID!) { product(id: $id) { createdBy { name } } }', PRODUCT);
    expectData(answer, { product: { createdBy: { name: 'Jane Smith' } } });
  });
});

test('@provides', async () => {
  const query = 'query ($id: ID!) { product(id: $id) { createdBy { email totalProductsCreated } } }';
  const answer = await graph.products(query, PRODUCT);
  const email = 'support@apollographql.com';
  expectData(answer, { product: { createdBy: { email, totalProductsCreated: expect.any(Number) } } });
  expect(answer).not.toMatchObject({ data: { product: { createdBy: { totalProductsCreated: 4 } } } });
});

test('@requires', async () => {
  const query = 'query ($id: ID!) { product(id: $id) { createdBy { averageProductsCreatedPerYear email } } }';
  const email = 'support@apollographql.com';
  expectData(await graph.gateway(query, PRODUCT), {
    product: { createdBy: { averageProductsCreatedPerYear: expect.any(Number), email } },
  });
});

describe('@shareable', () => {
  test('should return @shareable directives in _service sdl', () => {
    expect(sdl).toMatch(/type ProductDimension(@shareable|@federation__shareable)/);
  });

  test('should be able to resolve @shareable ProductDimension types', async () => {
    const answer = await graph.gateway('query ($id: ID!) { product(id: $id) { dimensions { size weight } } }', PRODUCT);
    expectData(answer, { product: { dimensions: { size: 'small', weight: 1 } } });
  });
});

test('@tag', () => {
  expect(sdl).not.toContain('@federation__tag');
  expect(sdl).toContain('@tag(name:"internal")');
});
