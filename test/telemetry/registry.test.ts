// Metrics are written as Prometheus reads them (text exposition format 0.0.4).
import { expect, test } from '@jest/globals';
import { Metric } from '../../src/telemetry/registry.ts';

test('a counter has a line for each set of labels', () => {
  const metric = new Metric('counter', 'reads_total', 'Reads.');
  metric.add({ cache: 'slices', state: 'FRESH' });
  metric.add({ cache: 'slices', state: 'FRESH' }, 2);
  metric.add({ cache: 'slices', state: 'STALE' });
  expect(metric.text()).toBe(
    '# HELP reads_total Reads.\n# TYPE reads_total counter\n' +
      'reads_total{cache="slices",state="FRESH"} 3\nreads_total{cache="slices",state="STALE"} 1\n',
  );
});

test('a histogram counts each value in every bucket whose limit it does not exceed', () => {
  const metric = new Metric('histogram', 'size', 'Sizes.', [1, 10]);
  for (const value of [1, 5, 10, 11]) metric.observe({ source: 'lecture' }, value);
  expect(metric.text().split('\n').slice(2, -1)).toEqual([
    'size_bucket{source="lecture",le="1"} 1',
    'size_bucket{source="lecture",le="10"} 3',
    'size_bucket{source="lecture",le="+Inf"} 4',
    'size_sum{source="lecture"} 27',
    'size_count{source="lecture"} 4',
  ]);
});

test('what is in a label cannot end it', () => {
  const metric = new Metric('gauge', 'x', 'X.');
  metric.set({ route: 'a"} 1\n\\' }, 2);
  expect(metric.text()).toContain('x{route="a_} 1__"} 2\n');
});
