// Random documents over a schema, near the limits of the gateway: fields again and again, aliases,
// fragments spread many times, directives, and literals of every shape for every argument.
import {
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
} from 'graphql';

/** A query or mutation; `choices` decides everything. */
export function documentFrom(schema: GraphQLSchema, choices: Iterator<number>): string {
  const choose = (below: number) => Number(choices.next().value) % below;
  const pick = <T>(from: readonly T[]): T => from[choose(from.length)] as T;
  const budget = { fields: 20 + choose(270), aliases: choose(11), spreads: choose(31), directives: choose(21) };
  const fragments: { name: string; type: string; text: string }[] = [];

  const literal = (depth: number): string => {
    const shape = choose(depth > 0 ? 8 : 5);
    if (shape === 5) return `[${Array.from({ length: choose(12) }, () => literal(depth - 1)).join(' ')}]`;
    if (shape === 6) return `{a: ${literal(depth - 1)}, kinds: ${literal(depth - 1)}}`;
    if (shape === 7) return `[${literal(depth - 1)}]`;
    return ['1', 'null', '"2026-11-01T00:00:00Z"', 'LECTURE', 'true'][shape] as string;
  };
  const directive = () => {
    if (budget.directives === 0 || choose(4) > 0) return '';
    budget.directives -= 1;
    return pick([' @include(if: true)', ' @skip(if: false)']);
  };
  const fieldText = (field: GraphQLField<unknown, unknown>, depth: number): string => {
    budget.fields -= 1;
    const isAliased = budget.aliases > 0 && choose(6) === 0;
    if (isAliased) budget.aliases -= 1;
    const args = field.args.filter((arg) => /!$/.test(String(arg.type)) || choose(3) === 0);
    const given = args.map(({ name }) => `${name}: ${literal(choose(5))}`).join(', ');
    const inner = isLeafType(getNamedType(field.type)) ? '' : selections(field.type, depth - 1);
    return `${isAliased ? `a${budget.aliases}: ` : ''}${field.name}${given === '' ? '' : `(${given})`}${directive()}${inner}`;
  };
  const spread = (type: string, depth: number): string => {
    budget.spreads -= 1;
    const known = fragments.filter((one) => one.type === type);
    if (known.length > 0 && choose(3) > 0) return `...${pick(known).name}`;
    const text = selections(schema.getType(type) as GraphQLOutputType, depth);
    const name = `F${fragments.length}`;
    fragments.push({ name, type, text: `fragment ${name} on ${type}${text}` });
    return `...${name}`;
  };
  const selections = (output: GraphQLOutputType, depth: number): string => {
    const type = getNamedType(output);
    const concrete = isAbstractType(type) ? pick(schema.getPossibleTypes(type)) : type;
    if (!isObjectType(concrete) || !isCompositeType(type)) return '';
    const fields = Object.values(concrete.getFields());
    const usable = depth > 1 ? fields : fields.filter((field) => isLeafType(getNamedType(field.type)));
    const chosen = Array.from({ length: 1 + choose(8) }, () => {
      if (budget.fields <= 0 || usable.length === 0) return '__typename';
      if (budget.spreads > 0 && choose(5) === 0) return spread(concrete.name, depth);
      return fieldText(pick(usable), depth);
    });
    return isAbstractType(type) ? ` { ... on ${concrete.name} { ${chosen.join(' ')} } }` : ` { ${chosen.join(' ')} }`;
  };

  const root = choose(5) === 0 ? schema.getMutationType() : schema.getQueryType();
  const body = selections(root as GraphQLOutputType, 9);
  const kind = root === schema.getMutationType() ? 'mutation' : 'query';
  return [`${kind} Random${body}`, ...fragments.map(({ text }) => text)].join('\n');
}
