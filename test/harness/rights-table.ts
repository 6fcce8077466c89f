// The table of rights of schema/README.md, read from that file: the oracle of every test of rights.
// The table is written from the data that the code asks; how the code asks it is not shared.
import { readFileSync } from 'node:fs';

/** What a viewer may be to what is asked about; one may be several. */
export type Relation = 'self' | 'observer' | 'staff' | 'administrator' | 'everybody';

/** The columns of the table, in order. */
const RELATIONS: readonly Relation[] = ['self', 'observer', 'staff', 'administrator', 'everybody'];

/** ALL: allowed. PART: what belongs to the viewer's courses and sections. NONE: refused. */
export type Verdict = 'ALL' | 'PART' | 'NONE';

/** What a cell may depend on besides the relation. */
export interface Facts {
  /** Whether the viewer is a member of the course that is asked about. */
  readonly isMember?: boolean;
  /** Whether the viewer attends it. */
  readonly isStudent?: boolean;
  /** Whether viewer and user have a course in common. */
  readonly haveCommonCourse?: boolean;
}

/** What the words of the table say, with the default settings. */
const WORDS: Readonly<Record<string, (facts: Facts) => Verdict>> = {
  all: () => 'ALL',
  yes: () => 'ALL',
  'yes (`FREE_BUSY_FOR`)': () => 'ALL',
  'events of that course or section': () => 'PART',
  'members of the course': ({ isMember }) => (isMember === true ? 'ALL' : 'NONE'),
  'students of the course': ({ isStudent }) => (isStudent === true ? 'ALL' : 'NONE'),
  'members of a common course (`FREE_BUSY_FOR`)': (facts) => (facts.haveCommonCourse === true ? 'ALL' : 'NONE'),
  '`STAFF_SEES_REASONS`': () => 'NONE',
  no: () => 'NONE',
  null: () => 'NONE',
  FORBIDDEN: () => 'NONE',
};

/** The cells of the table by field or mutation. */
function readTable(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(new URL('../../schema/README.md', import.meta.url), 'utf8');
  const section = text.slice(text.indexOf('## Who may see and do what'));
  const lines = section.slice(0, section.indexOf('\n## ', 1)).split('\n');
  const rows = lines.filter((line) => line.startsWith('| `')).map((line) => line.split(' | '));
  return new Map(
    rows.flatMap(([names = '', ...cells]) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, cells.map((cell) => cell.replace(/ *\|$/, ''))]),
    ),
  );
}

const TABLE = readTable();

/** The fields and mutations that the table names. */
export const NAMED: readonly string[] = [...TABLE.keys()];

/** What the table says of a viewer with these relations: the most that one of them allows. */
export function verdictOf(field: string, relations: ReadonlySet<Relation>, facts: Facts = {}): Verdict {
  const cells = TABLE.get(field);
  if (cells === undefined) throw new Error(`the table does not name ${field}`);
  const verdicts = RELATIONS.flatMap((relation, column) => {
    if (relation !== 'everybody' && !relations.has(relation)) return [];
    const says = WORDS[cells[column] ?? ''];
    if (says === undefined) throw new Error(`${field}: unknown words in the table: ${cells[column]}`);
    return [says(facts)];
  });
  return verdicts.includes('ALL') ? 'ALL' : verdicts.includes('PART') ? 'PART' : 'NONE';
}
