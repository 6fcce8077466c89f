// The dashboard and the alert rules name only metrics that exist, and every alert says what it
// means.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { METRIC_NAMES } from '../../src/telemetry/metrics.ts';

const read = (path: string) => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8');
const dashboard = JSON.parse(read('grafana/calendar.json')) as { panels: { targets: { expr: string }[] }[] };
const alerts = read('prometheus/alerts.yml');

/** Names of metrics in a PromQL expression. */
const namesIn = (text: string) =>
  new Set(text.match(/\b(?:calendar|http|process|nodejs)_[a-z0-9_]+/g)?.filter((name) => !LABELS.has(name)));
const LABELS = new Set(['http_route', 'http_response_status_code', 'http_request_method', 'graphql_operation_name']);
const isKnown = (name: string) => METRIC_NAMES.includes(name.replace(/_(?:bucket|sum|count)$/, ''));

const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');

test.each([
  ['the dashboard', expressions],
  ['the alert rules', alerts.replace(/^.*summary:.*$/gm, '')],
])('every metric named in %s exists', (_, text) => {
  const names = [...namesIn(text)];
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !isKnown(name))).toEqual([]);
});

test('a metric that does not exist is found', () => {
  expect([...namesIn('rate(calendar_nothing_total[5m])')].filter((name) => !isKnown(name))).toHaveLength(1);
});

test('every alert has a severity and a summary', () => {
  const count = (pattern: RegExp) => alerts.match(pattern)?.length ?? 0;
  expect(count(/- alert: /g)).toBeGreaterThan(5);
  expect(count(/severity: (?:info|warning|critical)/g)).toBe(count(/- alert: /g));
  expect(count(/summary: ".+"/g)).toBe(count(/- alert: /g));
});

test('every metric of the calendar is on the dashboard', () => {
  const shown = expressions;
  const missing = METRIC_NAMES.filter((name) => name.startsWith('calendar_') && !shown.includes(name));
  expect(missing).toEqual(['calendar_cache_entries', 'calendar_unexpected_errors_total', 'calendar_build_info']);
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
(hasPromtool ? describe : describe.skip)('the alert rules [needs promtool]', () => {
  test('are accepted by Prometheus', () => {
    const rules = fileURLToPath(new URL('../../deploy/prometheus/alerts.yml', import.meta.url));
    const { status, stdout } = spawnSync('promtool', ['check', 'rules', rules], { encoding: 'utf8' });
    expect(stdout).toContain('SUCCESS');
    expect(status).toBe(0);
  });

  test('fire for a slow or silent feed, a gap, an open breaker and calendars without a source, and not before', () => {
    const { status, stderr } = spawnSync(
      'promtool',
      ['test', 'rules', fileURLToPath(new URL('alerts.yml', import.meta.url))],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
