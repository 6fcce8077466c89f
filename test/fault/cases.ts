// All rows that need processes of their own.
import { ATTACKS } from './attacks.ts';
import { CAPACITY } from './capacity.ts';
import type { Case } from './case.ts';
import { LEAKS } from './leaks.ts';
import { PROCESSES } from './processes.ts';
import { SOURCE_FAULTS } from './source-faults.ts';

export const CASES: readonly Case[] = [...SOURCE_FAULTS, ...LEAKS, ...PROCESSES, ...ATTACKS, ...CAPACITY];

/** Those that a short run has, unless rows are named: what no other test shows under real load. */
export const IN_SHORT: readonly string[] = [
  'F01',
  'F04',
  'F18',
  'F19',
  'F31',
  'A14',
  'A16',
  'A18',
  'A20',
  'A22',
  'A23',
  'A28',
];
