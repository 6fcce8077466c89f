// How to connect to databases, Redis and Kafka, from the settings. Who connects asks again for
// every connection, because the file of a secret may have changed.
import type { Config } from '../config.ts';
import type { KafkaSettings } from '../kafka.ts';

/** The present address; undefined without this setting. */
export function urlFrom(
  config: Pick<Config, 'secrets' | 'DATABASE_URL' | 'CDC_DATABASE_URL' | 'REDIS_URL'>,
  name: 'DATABASE_URL' | 'CDC_DATABASE_URL' | 'REDIS_URL',
): (() => string) | undefined {
  const first = config[name];
  return first === undefined ? undefined : () => config.secrets.connections()[name] ?? first;
}

/** Null without KAFKA_BROKERS. */
export function kafkaFrom({ KAFKA_BROKERS, KAFKA_TLS, secrets }: Config): KafkaSettings | null {
  if (KAFKA_BROKERS === undefined) return null;
  return {
    brokers: KAFKA_BROKERS,
    tls: KAFKA_TLS && {},
    get sasl() {
      return secrets.connections().KAFKA_SASL;
    },
  };
}
