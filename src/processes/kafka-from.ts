// How to connect to Kafka, from the settings.
import type { Config } from '../config.ts';
import type { KafkaSettings } from '../kafka.ts';

/** Null without KAFKA_BROKERS. */
export function kafkaFrom({ KAFKA_BROKERS, KAFKA_TLS, KAFKA_SASL }: Config): KafkaSettings | null {
  if (KAFKA_BROKERS === undefined) return null;
  return { brokers: KAFKA_BROKERS, tls: KAFKA_TLS && {}, sasl: KAFKA_SASL };
}
