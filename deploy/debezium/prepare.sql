-- Once, in the database of the services, as its owner, before the connector is created.
CREATE ROLE debezium LOGIN REPLICATION PASSWORD 'choose one';
GRANT USAGE ON SCHEMA lecture, attendance, assignment TO debezium;
GRANT SELECT, INSERT ON lecture.outbox, attendance.outbox, assignment.outbox TO debezium;
-- For the trigger that tells a relay of new rows.
GRANT SELECT ON lecture.outbox_state, attendance.outbox_state, assignment.outbox_state TO debezium;
CREATE PUBLICATION calendar_debezium
  FOR TABLE lecture.outbox, attendance.outbox, assignment.outbox WITH (publish = 'insert');
SELECT pg_create_logical_replication_slot('calendar_debezium', 'pgoutput');
