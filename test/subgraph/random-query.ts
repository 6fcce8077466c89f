// Random queries over a subgraph's schema: fields, aliases, fields that are named several times,
// inline and named fragments, and arguments as literals or variables. Every document is valid; the
// values of its variables need not be.
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
} from 'graphql';

/** A query with a place in it where a directive may stand. */
export interface RandomQuery {
  /** The document, with this directive at one of its fields. */
  readonly text: (directive: string) => string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Of an argument: literals, values of a variable in its place, and values that are refused. */
export interface ArgumentValues {
  readonly literals: readonly string[];
  readonly values: readonly unknown[];
  readonly refused: readonly unknown[];
}

/** `choices` decides everything. An argument without values is left out. */
export function queryFrom(
  schema: GraphQLSchema,
  argumentValues: Readonly<Record<string, ArgumentValues>>,
  choices: Iterator<number>,
): RandomQuery {
  const choose = (below: number) => Number(choices.next().value) % below;
  const pick = <T>(from: readonly T[]): T => from[choose(from.length)] as T;
  const head: string[] = [];
  const variables: Record<string, unknown> = {};
  const fragments: { readonly name: string; readonly type: string; readonly text: string }[] = [];
  let aliases = 0;
  let left = 10 + choose(40);

  const given = (type: string, { literals, values, refused }: ArgumentValues): string => {
    if (choose(2) === 0) return pick(literals);
    const variable = `v${head.length}`;
    head.push(`$${variable}: ${type}`);
    const value = pick(refused.length > 0 && choose(20) === 0 ? refused : values);
    if (value !== undefined) variables[variable] = value;
    return `$${variable}`;
  };
  const argumentsOf = ({ args }: GraphQLField<unknown, unknown>): string => {
    const texts = args.flatMap(({ name, type }) => {
      const possible = argumentValues[name];
      const isNeeded = String(type).endsWith('!');
      if (possible === undefined || !(isNeeded || choose(3) === 0)) return [];
      return [`${name}: ${given(String(type), possible)}`];
    });
    return texts.length === 0 ? '' : `(${texts.join(', ')})`;
  };
  const fieldText = (field: GraphQLField<unknown, unknown>, depth: number): string => {
    left -= 1;
    // Two fields of one name must be one field.
    const isAliased = field.args.length > 0 || choose(5) === 0;
    if (isAliased) aliases += 1;
    const inner = isLeafType(getNamedType(field.type)) ? '' : selections(field.type, depth - 1);
    return `${isAliased ? `a${aliases}: ` : ''}${field.name}${argumentsOf(field)}${inner}`;
  };
  const fragmentOn = (type: GraphQLObjectType, depth: number): string => {
    const known = fragments.filter((one) => one.type === type.name);
    if (known.length > 0 && choose(2) === 0) return `...${pick(known).name}`;
    const text = selections(type, depth);
    if (choose(2) === 0) return `... on ${type.name}${text}`;
    const name = `F${fragments.length}`;
    fragments.push({ name, type: type.name, text: `fragment ${name} on ${type.name}${text}` });
    return `...${name}`;
  };
  const selections = (output: GraphQLOutputType, depth: number): string => {
    const type = getNamedType(output);
    if (!isObjectType(type) && !isAbstractType(type)) return '';
    const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    const usable = fields.filter((field) => depth > 1 || isLeafType(getNamedType(field.type)));
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const chosen = Array.from({ length: 1 + choose(6) }, () => {
      if (depth > 0 && left > 0 && choose(4) === 0) return fragmentOn(pick(possible), depth - 1);
      return left <= 0 || usable.length === 0 || choose(8) === 0 ? '__typename' : fieldText(pick(usable), depth);
    });
    return ` { ${chosen.join(' ')} }`;
  };

  const body = selections(schema.getQueryType() as GraphQLObjectType, 6);
  const rest = fragments.map(({ text }) => text).join('\n');
  const parameters = head.length === 0 ? '' : `(${head.join(', ')})`;
  return {
    text: (directive) => `query Random${parameters} { marked: __typename ${directive} ...All }
fragment All on Query${body}\n${rest}`,
    variables,
  };
}
