// Checks which URLs may be called: http(s) without credentials, no metadata or link-local
// addresses. Checked by name when the program starts; what a name resolves to is up to the network.
import { BlockList } from 'node:net';
import { ConfigError } from '../../errors.ts';

/**
 * Link-local networks (RFC 3927, RFC 4291 §2.5.6) and the metadata addresses of the large cloud
 * providers.
 */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16);
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');
forbidden.addAddress('100.100.100.200');
forbidden.addAddress('168.63.129.16');
forbidden.addAddress('192.0.0.192');

const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
]);

const EXPECTED = 'an http(s) address without credentials, not link-local and not a metadata service';

/**
 * The checked URL of a service; throws ConfigError naming `variable`. A password in it is not
 * shown.
 */
export function parseSourceUrl(variable: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new ConfigError(variable, EXPECTED, text.replace(/\/\/.*@/, '//***@'));
  if (url.username !== '' || url.password !== '') throw new ConfigError(variable, EXPECTED, `//***@${url.host}`);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  if (!isHttp || isForbidden(url.hostname)) throw new ConfigError(variable, EXPECTED, text);
  return url;
}

/**
 * `hostname` as URL returns it: lower case, IPv4 in dotted form in every notation, IPv6 in
 * brackets.
 */
function isForbidden(hostname: string): boolean {
  if (hostname.startsWith('[')) return forbidden.check(hostname.slice(1, -1), 'ipv6');
  return METADATA_NAMES.has(hostname.replace(/\.$/, '')) || (/^[\d.]+$/.test(hostname) && forbidden.check(hostname));
}
