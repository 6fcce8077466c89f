// Promise: with FRESHNESS=kafka a change shows through a real Kafka, whether the services' relays
// or a real Debezium write to it.
import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeLongWith, type RealServer } from '../../harness/child-server.ts';
import { createTopics, JAVA, type KafkaBroker, startKafka, topicsOf } from '../../harness/kafka/broker.ts';
import { runSql, startDebezium } from '../../harness/kafka/debezium.ts';
import { POSTGRES, startPostgres } from '../../harness/postgres-server.ts';
import { describeFreshness } from './suite.ts';

describeLongWith(JAVA.found ? POSTGRES : JAVA, 'Kafka', () => {
  let broker: KafkaBroker;
  beforeAll(async () => {
    broker = await startKafka();
  }, 120_000);
  afterAll(() => broker?.close());

  describe('written by the relays', () => {
    describeFreshness(async () => {
      await createTopics(broker, 'relayed');
      return { FRESHNESS: 'kafka', KAFKA_BROKERS: broker.url, KAFKA_TOPICS: topicsOf('relayed') };
    });
  });

  describe('written by Debezium', () => {
    let postgres: RealServer;
    let debezium: RealServer | undefined;
    describeFreshness(
      async () => {
        postgres = await startPostgres();
        await createTopics(broker, 'calendar');
        return { FRESHNESS: 'kafka', KAFKA_BROKERS: broker.url, KAFKA_RELAY: 'false', DATABASE_URL: postgres.url };
      },
      async () => {
        await runSql(postgres.url, 'prepare.sql');
        debezium = await startDebezium(broker.url, postgres.url);
      },
    );
    afterAll(async () => {
      await debezium?.close();
      await postgres?.close();
    });
  });
});
