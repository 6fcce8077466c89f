// The feed contract for Kafka on a real broker, and the ways a topic can lose records.
import { describeWith } from '../../harness/child-server.ts';
import { JAVA } from '../../harness/kafka/broker.ts';
import { describeChangeFeed } from './contract.ts';
import { startKafkaFixture } from './kafka-fixture.ts';

describeWith(JAVA, 'the Kafka feed keeps the contract of feeds', () => {
  describeChangeFeed(startKafkaFixture);
});
