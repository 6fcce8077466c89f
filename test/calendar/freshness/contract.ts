// The contract of every change feed. A new feed needs one fixture and one call of
// `describeChangeFeed`.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { ChangeFeed } from '../../../src/calendar/freshness/feed.ts';
import { eventually } from '../../harness/eventually.ts';
import { type Listener, listenTo } from './listener.ts';

/** A change as a service writes it; instants as RFC 3339, null: everything of the audience. */
export interface Written {
  readonly audience: string;
  /** The item; absent: the audience itself. */
  readonly ern?: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Something to read changes from, that can be broken. */
export interface FeedFixture {
  /** One more reader, independent of the others. */
  feed(): ChangeFeed;
  write(...changes: Written[]): Promise<void>;
  /** One piece the feed cannot understand. */
  writeMalformed(): Promise<void>;
  /** Makes it so that readers have lost something. */
  lose(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Connections stay, nobody answers. */
  freeze(): void;
  thaw(): void;
  /** Connections of feeds that are open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

const SPAN = { from: '2026-03-02T00:00:00.000Z', to: '2026-03-02T01:30:00.000Z' };
const course = (name: string): Written => ({ audience: `ern:lms:course/${name}`, ...SPAN });

/** Runs the contract; call it inside a `describe`. */
export function describeChangeFeed(create: () => Promise<FeedFixture>): void {
  let fixture: FeedFixture;
  const listeners: Listener[] = [];
  const listen = async () => {
    const listener = listenTo(fixture.feed());
    listeners.push(listener);
    return listener;
  };
  const begun = async () => {
    const listener = await listen();
    await listener.next('HEARTBEAT');
    return listener;
  };

  beforeAll(async () => {
    fixture = await create();
  }, 60_000);
  afterEach(async () => {
    await Promise.all(listeners.splice(0).map((listener) => listener.stop()));
  });
  afterAll(() => fixture.close());

  test('sends a heartbeat first, and one each second', async () => {
    const listener = await begun();
    expect(listener.events[0]?.type).toBe('HEARTBEAT');
    const begin = performance.now();
    await listener.next('HEARTBEAT');
    expect(performance.now() - begin).toBeLessThan(3_000);
  });

  test('reports each change with its source, its audience, its item and its span', async () => {
    const listener = await begun();
    const item = 'ern:lms:course/told/lecture/1';
    await fixture.write({ ...course('told'), ern: item }, { audience: 'ern:lms:user/7', from: null, to: null });
    await listener.hears('ern:lms:user/7');
    expect(listener.changes).toMatchObject([
      {
        kind: 'LECTURE',
        audience: 'ern:lms:course/told',
        ern: item,
        span: { from: Date.parse(SPAN.from), to: Date.parse(SPAN.to) },
      },
      { kind: 'LECTURE', audience: 'ern:lms:user/7', ern: 'ern:lms:user/7', span: null },
    ]);
  });

  test('sends a heartbeat only after all earlier changes', async () => {
    const listener = await begun();
    await listener.next('HEARTBEAT');
    await fixture.write(...Array.from({ length: 2_500 }, (_, index) => course(`many-${index}`)));
    // One heartbeat may have been on its way.
    await listener.next('HEARTBEAT');
    await listener.next('HEARTBEAT');
    expect(new Set(listener.changes.map((change) => change.audience)).size).toBe(2_500);
  });

  test('does not report changes made before it started', async () => {
    await fixture.write(course('before'));
    const listener = await begun();
    await fixture.write(course('after'));
    await listener.hears('ern:lms:course/after');
    expect(listener.changes).toHaveLength(1);
  });

  test('reports the same changes to two independent readers', async () => {
    const [one, other] = [await begun(), await begun()];
    await fixture.write(course('both'));
    await Promise.all([one.hears('ern:lms:course/both'), other.hears('ern:lms:course/both')]);
    await one.stop();
    await fixture.write(course('other-only'));
    await other.hears('ern:lms:course/other-only');
    expect(one.changes).toHaveLength(1);
  });

  test('reports a gap for a change that cannot be read, and counts it', async () => {
    const listener = await begun();
    await fixture.writeMalformed();
    await fixture.write(course('good'));
    await listener.hears('ern:lms:course/good');
    const malformed = listener.events.map((event) => (event.type === 'CHANGES' ? event.malformed : 0));
    expect(malformed.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(listener.changes).toHaveLength(1);
    const gaps = listener.events.flatMap((event) => (event.type === 'GAP' ? [event.kinds] : []));
    expect(gaps).toEqual([['LECTURE']]);
  });

  test('reports a gap when changes were lost, and no heartbeat before it', async () => {
    const listener = await begun();
    await listener.next('HEARTBEAT');
    await fixture.lose();
    const before = listener.events.length;
    await listener.next('HEARTBEAT');
    await eventually('a gap', () => listener.count('GAP') === 1);
    const said = listener.events.slice(before).map((event) => event.type);
    // One heartbeat may have been on its way when the loss came about.
    expect(said.indexOf('GAP')).toBeLessThanOrEqual(1);
    await fixture.write(course('after-gap'));
    await listener.hears('ern:lms:course/after-gap');
    expect(listener.count('GAP')).toBe(1);
  });

  test('reports a lost connection with a short reason when there is no server', async () => {
    await fixture.stop();
    const listener = await listen();
    const begin = performance.now();
    await eventually('a second', () => performance.now() - begin > 1_000);
    expect(listener.events).toEqual([]);
    expect(listener.lost[0]).toMatch(/^[A-Z0-9_]+$/);
    await fixture.start();
    await listener.next('HEARTBEAT');
    expect(listener.count('GAP')).toBe(0);
  }, 30_000);

  test('after an outage of the server reports the missed changes or a gap, and continues', async () => {
    const listener = await begun();
    await fixture.stop();
    await fixture.start();
    await fixture.write(course('while-away'));
    await eventually(
      'what was missed',
      () => listener.count('GAP') > 0 || listener.changes.some(({ audience }) => audience.endsWith('while-away')),
    );
    await listener.next('HEARTBEAT');
    await fixture.write(course('back'));
    await listener.hears('ern:lms:course/back');
  }, 30_000);

  test('sends nothing while the server is frozen, and loses no change without a gap', async () => {
    const listener = await begun();
    fixture.freeze();
    const beats = listener.count('HEARTBEAT');
    try {
      const begin = performance.now();
      await eventually('six seconds', () => performance.now() - begin > 6_000);
      // One may have been on its way.
      expect(listener.count('HEARTBEAT') - beats).toBeLessThanOrEqual(1);
    } finally {
      fixture.thaw();
    }
    await fixture.write(course('thawed'));
    await eventually(
      'what was missed',
      () => listener.count('GAP') > 0 || listener.changes.some(({ audience }) => audience.endsWith('thawed')),
    );
    await listener.next('HEARTBEAT');
  }, 30_000);

  test('ends with its signal and closes its connections, even to a frozen server', async () => {
    const [one, other] = [await begun(), await begun()];
    await one.stop();
    fixture.freeze();
    try {
      const begin = performance.now();
      await other.stop();
      expect(performance.now() - begin).toBeLessThan(1_000);
    } finally {
      fixture.thaw();
    }
    await eventually('no connection', async () => (await fixture.connections()) === 0);
  }, 30_000);
}
