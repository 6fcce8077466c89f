// The files of deploy/ agree with the program: parts, settings, secrets, files and ports that
// exist.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { PROCESS_NAMES, SECRETS } from '../../src/config.ts';
import { SETTINGS } from '../../src/settings.ts';

const fileOf = (path: string) => new URL(`../../${path}`, import.meta.url);
const read = (path: string) => readFileSync(fileOf(path), 'utf8');

const dockerfile = read('deploy/Dockerfile');
const compose = read('deploy/compose.yml');
const kafka = read('deploy/compose.kafka.yml');
const chart = read('deploy/helm/calendar/templates/parts.yaml');
const values = read('deploy/helm/calendar/values.yaml');

describe('the image', () => {
  const [, , last = ''] = dockerfile.split(/^FROM /m);

  test('copies files that exist and are in its context', () => {
    const lines = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \.\S*$/gm)].map(([, names = '']) => names.split(' '));
    const names = lines.flat();
    expect(names.filter((name) => !existsSync(fileOf(name)))).toEqual([]);
    const kept = read('deploy/Dockerfile.dockerignore').split('\n');
    expect(names.filter((name) => !kept.includes(`!${name}`))).toEqual([]);
  });

  test('runs as a user without rights, ends on SIGTERM, and has a health check', () => {
    expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(last).toMatch(/^ENTRYPOINT \["node", /m);
    expect(last).not.toMatch(/^RUN /m);
  });

  test('is of a Node that the program supports, and starts a part that exists', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    for (const [, major] of dockerfile.matchAll(/^FROM node:(\d+)-slim/gm))
      expect(engines.node).toContain(`^${major}.`);
    const [, part = ''] = /^CMD \["(\w+)"\]$/m.exec(last) ?? [];
    expect(PROCESS_NAMES).toContain(part);
  });
});

/** Names of variables that are no settings of ours. */
const OTHERS = ['HEALTH_PORT', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD_FILE'];
const isKnown = (name: string) =>
  name in SETTINGS || OTHERS.includes(name) || SECRETS.some((secret) => name === `${secret}_FILE`);

test.each([
  ['compose.yml', [...compose.matchAll(/^\s+([A-Z][A-Z_]+): /gm)]],
  ['compose.yml, in braces', [...compose.matchAll(/, ([A-Z][A-Z_]+): /g)]],
  ['the chart', [...chart.matchAll(/- \{ name: ([A-Z][A-Z_]+), /g)]],
  ['the chart’s values', [...values.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)]],
])('every variable of %s is a setting', (_, matches) => {
  const names = matches.map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(2);
  expect(names.filter((name) => !isKnown(name))).toEqual([]);
});

test('compose starts every part once, read-only, without rights, with a grace longer than ours', () => {
  const commands = [...compose.matchAll(/^ {4}command: \[([a-z]+)\]$/gm)].map(([, part = '']) => part);
  expect(commands.toSorted()).toEqual(PROCESS_NAMES.filter((name) => name !== 'all').toSorted());
  expect(compose).toMatch(/read_only: true/);
  expect(compose).toMatch(/cap_drop: \[ALL\]/);
  expect(compose).toMatch(/stop_grace_period: 15s/);
});

test('the documented command to start it sets every variable that compose requires', () => {
  const required = new Set([...compose.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name = '']) => name));
  const [command = ''] = /^export .*\ndocker compose .*$/m.exec(read('deploy/README.md')) ?? [];
  expect(required.size).toBeGreaterThan(3);
  expect([...required].filter((name) => !command.includes(`${name}=`))).toEqual([]);
});

test('compose with Kafka has settings of ours, the topics that are read by default, and the versions that are tested', () => {
  const ours = /^x-kafka:[\s\S]*?^services:$/m.exec(kafka)?.[0] ?? '';
  const names = [...ours.matchAll(/\b([A-Z][A-Z_]+): /g)].map(([, name = '']) => name);
  expect(names).toEqual(['FRESHNESS', 'KAFKA_BROKERS', 'KAFKA_RELAY']);
  expect(names.filter((name) => !isKnown(name))).toEqual([]);
  const kinds = /for kind in ([\w ]+);/.exec(kafka)?.[1]?.split(' ') ?? [];
  const topics = kinds.map((kind) => `calendar.${kind}.outbox`);
  expect(SETTINGS.KAFKA_TOPICS.default.split(',').map((pair) => pair.split('=')[1])).toEqual(topics);
  const tested = read('test/harness/kafka/pom.xml');
  for (const [, version = ''] of kafka.matchAll(/image: \S+:(\d\S+)/g)) expect(tested).toContain(version);
});

test('no secret is written down', () => {
  for (const text of [compose, kafka, values, chart]) expect(text).not.toMatch(/(?:SECRET|PASSWORD): (?!\$)[^\s/]/);
});

test('the guide links to files that exist and names settings and metrics that exist', () => {
  const guide = read('deploy/README.md');
  const links = [...guide.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path);
  expect(links.filter((path) => !existsSync(new URL(path, fileOf('deploy/README.md'))))).toEqual([]);
  const names = [...guide.matchAll(/`([A-Z][A-Z]+_[A-Z_]+)(?:=[^`]*)?`/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(10);
  const isOthers = (name: string) => REASONS.includes(name) || name.startsWith('OTEL_');
  expect(names.filter((name) => !isKnown(name) && !isOthers(name))).toEqual([]);
});
const REASONS = ['NODE_ENV', 'NODE_EXTRA_CA_CERTS', 'SEVERAL_PARTITIONS'];
