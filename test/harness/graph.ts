// The one way to start a graph in a test: over real HTTP on free ports, asked by the same client,
// with the same keys and limits. `mock`: real calendar, mocked sources that can fail. `small`: a
// real gateway over four tiny subgraphs. `real`: the whole program over a database with sample
// data. The caller closes it.
import { type MockGraph, type MockOptions, startMockGraph } from './mock-graph.ts';
import { type RealGraph, type RealOptions, startRealGraph } from './real-graph.ts';
import { type SmallGraph, type SmallOptions, startSmallGraph } from './small-graph.ts';

interface Graphs {
  readonly mock: { readonly options: MockOptions; readonly graph: MockGraph };
  readonly small: { readonly options: SmallOptions; readonly graph: SmallGraph };
  readonly real: { readonly options: RealOptions; readonly graph: RealGraph };
}

const START: { readonly [S in keyof Graphs]: (options: Graphs[S]['options']) => Promise<Graphs[S]['graph']> } = {
  mock: startMockGraph,
  small: startSmallGraph,
  real: startRealGraph,
};

/** Starts a graph over these sources. Resolves when it answers. */
export function startGraph<S extends keyof Graphs>({
  sources,
  ...options
}: { readonly sources: S } & Graphs[S]['options']): Promise<Graphs[S]['graph']> {
  return START[sources](options as Graphs[S]['options']);
}
