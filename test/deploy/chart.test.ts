// What the Helm chart renders, by default and with each optional part: YAML whose parts fit
// together, and settings with which the program starts. It needs helm 3, which `go install
// helm.sh/helm/v3/cmd/helm@v3.16.4` makes in some minutes.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { ignoredNames, loadConfig, type ProcessName, withSecretFiles } from '../../src/config.ts';

const chart = fileURLToPath(new URL('../../deploy/helm/calendar', import.meta.url));
const PARTS = ['gateway', 'calendar'] as const;

interface Named {
  readonly name: string;
}
type Labels = Readonly<Record<string, string>>;
interface Container {
  readonly args: readonly string[];
  readonly env: readonly (Named & { readonly value: unknown })[];
  readonly ports: readonly (Named & { readonly containerPort: number })[];
  readonly securityContext: object;
  readonly volumeMounts: readonly (Named & { readonly mountPath: string })[];
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly path: string; readonly port: string } };
}
/** As much of a Kubernetes object as is asked for here. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Named & { readonly labels?: Labels };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: Labels & { readonly matchLabels: Labels };
    readonly scaleTargetRef: object;
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
    readonly endpoints: readonly { readonly port: string }[];
    readonly template: {
      readonly metadata: { readonly labels: Labels };
      readonly spec: { readonly containers: readonly [Container]; readonly volumes: readonly Named[] };
    };
  };
}

/** `settings`: as for `helm template --set`. */
function render(...settings: readonly string[]): readonly Manifest[] {
  const args = ['template', 'term', chart, ...settings.flatMap((one) => ['--set', one])];
  const { status, stdout, stderr } = spawnSync('helm', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
}

const ofKind = (all: readonly Manifest[], kind: string) => all.filter((one) => one.kind === kind);
const namesOf = (all: readonly Manifest[], kind: string) =>
  ofKind(all, kind)
    .map(({ metadata }) => metadata.name)
    .toSorted();
function partOf(all: readonly Manifest[], part: string): Manifest['spec'] & { readonly container: Container } {
  const found = ofKind(all, 'Deployment').find(({ metadata }) => metadata.name === `term-${part}`);
  if (found === undefined) throw new Error(`no deployment of ${part}`);
  return { ...found.spec, container: found.spec.template.spec.containers[0] };
}
const includes = (all: Labels, some: Labels) => Object.entries(some).every(([name, value]) => all[name] === value);

/** The settings that a container starts with, those of the image included. */
function configOf({ args, env }: Container) {
  expect(env.filter(({ value }) => typeof value !== 'string')).toEqual([]);
  const texts = Object.fromEntries(env.map(({ name, value }) => [name, String(value)]));
  expect(ignoredNames(Object.keys(texts).join('=x\n'))).toEqual([]);
  const secret = (file: string) => (file.endsWith('REDIS_URL') ? 'redis://redis:6379' : file.padEnd(64, '0'));
  const all = withSecretFiles({ NODE_ENV: 'production', HOST: '0.0.0.0', ...texts }, secret);
  return loadConfig(all, args[0] as ProcessName);
}

const hasHelm = spawnSync('helm', ['version']).status === 0;
(hasHelm ? describe : describe.skip)('the chart [needs helm]', () => {
  test('has by default two of each part, kept from going away together, and an address for each', () => {
    const all = render();
    expect(namesOf(all, 'Deployment')).toEqual(['term-calendar', 'term-gateway']);
    expect(namesOf(all, 'Service')).toEqual(['term-calendar', 'term-calendar-replicas', 'term-gateway']);
    expect(namesOf(all, 'PodDisruptionBudget')).toEqual(['term-calendar', 'term-gateway']);
    expect(namesOf(all, 'HorizontalPodAutoscaler')).toEqual([]);
    expect(namesOf(all, 'ServiceMonitor')).toEqual([]);
    for (const part of PARTS) expect(partOf(all, part).replicas).toBe(2);
  });

  test.each(PARTS)('starts the %s with settings that it takes, and with the probes and ports that it has', (part) => {
    const { container, template } = partOf(render(), part);
    const config = configOf(container);
    const port = part === 'gateway' ? config.PORT : config.CALENDAR_PORT;
    const ports = Object.fromEntries(container.ports.map(({ name, containerPort }) => [name, containerPort]));
    expect([container.args, ports]).toEqual([[part], { http: port, metrics: config.METRICS_PORT }]);
    expect(container).toMatchObject({
      startupProbe: { httpGet: { path: '/livez', port: 'http' } },
      livenessProbe: { httpGet: { path: '/livez', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    });
    const [mount] = container.volumeMounts;
    expect(template.spec.volumes.map(({ name }) => name)).toEqual([mount?.name]);
    const files = container.env.filter(({ name }) => name.endsWith('_FILE')).map(({ value }) => String(value));
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect(dirname(file)).toBe(mount?.mountPath);
  });

  test('has addresses that lead to its own services, whatever the ports', () => {
    const all = render('gateway.port=8080', 'calendar.port=8081', 'metrics.port=8082');
    const config = configOf(partOf(all, 'gateway').container);
    for (const url of [config.CALENDAR_URL, config.CALENDAR_REPLICAS_URL]) {
      const { hostname, port } = new URL(String(url));
      const service = ofKind(all, 'Service').find(({ metadata }) => metadata.name === hostname);
      expect(service?.spec.ports[0]).toMatchObject({ port: Number(port), targetPort: 'http' });
    }
    expect([config.PORT, config.CALENDAR_PORT, config.METRICS_PORT]).toEqual([8080, 8081, 8082]);
  });

  test('selects pods and services that it makes', () => {
    const all = render('serviceMonitor.enabled=true');
    const pods = ofKind(all, 'Deployment').map(({ spec }) => spec.template.metadata.labels);
    const services = ofKind(all, 'Service').map(({ metadata }) => metadata.labels ?? {});
    const one = (labels: readonly Labels[], selector: Labels) => labels.filter((own) => includes(own, selector)).length;
    for (const { spec } of [...ofKind(all, 'Deployment'), ...ofKind(all, 'PodDisruptionBudget')]) {
      expect(one(pods, spec.selector.matchLabels)).toBe(1);
    }
    for (const { spec } of ofKind(all, 'Service')) expect(one(pods, spec.selector)).toBe(1);
    const monitors = ofKind(all, 'ServiceMonitor');
    expect(monitors).toHaveLength(2);
    for (const { spec } of monitors) {
      expect(one(services, spec.selector.matchLabels)).toBe(1);
      expect(spec.endpoints).toMatchObject([{ port: 'metrics' }]);
    }
  });

  test.each(PARTS)('with autoscaling of the %s, leaves the number of it to the autoscaler', (part) => {
    const all = render(`${part}.autoscaling.enabled=true`, `${part}.podDisruptionBudget.enabled=false`);
    const other = PARTS.find((one) => one !== part) ?? '';
    expect([partOf(all, part).replicas, partOf(all, other).replicas]).toEqual([undefined, 2]);
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: `term-${part}` };
    expect(ofKind(all, 'HorizontalPodAutoscaler').map(({ spec }) => spec.scaleTargetRef)).toEqual([target]);
    expect(namesOf(all, 'PodDisruptionBudget')).toEqual([`term-${other}`]);
  });

  test('hands on every setting of its values as text', () => {
    const all = render('env.MAX_USER_REQUESTS=100', 'env.GRAPHIQL=false', 'env.SLICE_TTL=45s', 'image.tag=2');
    const { container } = partOf(all, 'gateway');
    expect(configOf(container)).toMatchObject({ MAX_USER_REQUESTS: 100, GRAPHIQL: false, SLICE_TTL: 45_000 });
    expect(container).toMatchObject({ image: 'calendar:2' });
  });

  test('with a setting that does not exist, does not start', () => {
    expect(() => configOf(partOf(render('env.CALENDAR_POTR=1'), 'gateway').container)).toThrow(/CALENDAR_POTR/);
  });
});
