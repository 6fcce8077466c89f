// Counters, gauges and histograms, and their text for Prometheus (exposition format 0.0.4). A
// metric has a fixed set of label names; no label holds what users write.

/** The values of a metric's labels, by name. */
export type Labels = Readonly<Record<string, string>>;

/** What is counted for one value of each label. */
export class Series {
  readonly labels: string;
  readonly #limits: readonly number[];
  value = 0;
  /** Of a histogram: for each bucket, the number of values above the limit below it. */
  readonly buckets: number[];
  count = 0;

  constructor(labels: string, limits: readonly number[]) {
    this.labels = labels;
    this.#limits = limits;
    this.buckets = limits.map(() => 0);
  }

  /** Adds to a counter. */
  add(amount: number): void {
    this.value += amount;
  }

  /** Adds a value to a histogram. */
  observe(value: number): void {
    this.value += value;
    this.count += 1;
    let bucket = 0;
    while (bucket < this.#limits.length && value > (this.#limits[bucket] ?? 0)) bucket += 1;
    if (bucket < this.buckets.length) this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
  }
}

/** The series whose labels begin with the same values, by the next value. */
interface Level {
  readonly next: Map<string, Level>;
  series: Series | undefined;
}

type Type = 'counter' | 'gauge' | 'histogram';

/** One metric with all its series. */
export class Metric {
  readonly name: string;
  readonly #type: Type;
  readonly #help: string;
  readonly #limits: readonly number[];
  readonly #series = new Map<string, Series>();
  readonly #byValues: Level = { next: new Map(), series: undefined };

  constructor(type: Type, name: string, help: string, limits: readonly number[] = []) {
    this.name = name;
    this.#type = type;
    this.#help = help;
    this.#limits = limits;
  }

  /** Adds to a counter. */
  add(labels: Labels, amount = 1): void {
    this.of(labels).add(amount);
  }

  /** Sets a gauge, or a counter that something else counts. */
  set(labels: Labels, value: number): void {
    this.of(labels).value = value;
  }

  /** Adds a value to a histogram. */
  observe(labels: Labels, value: number): void {
    this.of(labels).observe(value);
  }

  /** The lines of this metric; a metric without series has only its type. */
  text(): string {
    const lines = [`# HELP ${this.name} ${this.#help}`, `# TYPE ${this.name} ${this.#type}`];
    for (const series of this.#series.values()) lines.push(...this.#linesOf(series));
    return `${lines.join('\n')}\n`;
  }

  #linesOf({ labels, value, buckets, count }: Series): readonly string[] {
    if (this.#type !== 'histogram') return [`${this.name}${braced(labels)} ${value}`];
    const bucket = (limit: string, below: number) =>
      `${this.name}_bucket${braced(labels === '' ? limit : `${labels},${limit}`)} ${below}`;
    let below = 0;
    return [
      ...this.#limits.map((limit, index) => {
        below += buckets[index] ?? 0;
        return bucket(`le="${limit}"`, below);
      }),
      bucket('le="+Inf"', count),
      `${this.name}_sum${braced(labels)} ${value}`,
      `${this.name}_count${braced(labels)} ${count}`,
    ];
  }

  /** The series of these labels. It makes no text but for a new one. */
  of(labels: Labels): Series {
    let level = this.#byValues;
    for (const name in labels) {
      const value = labels[name] ?? '';
      let next = level.next.get(value);
      if (next === undefined) {
        next = { next: new Map(), series: undefined };
        level.next.set(value, next);
      }
      level = next;
    }
    level.series ??= this.#made(labels);
    return level.series;
  }

  #made(labels: Labels): Series {
    const text = Object.entries(labels)
      .map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, '_')}"`)
      .join(',');
    const made = this.#series.get(text) ?? new Series(text, this.#limits);
    this.#series.set(text, made);
    return made;
  }
}

const braced = (labels: string): string => (labels === '' ? '' : `{${labels}}`);
