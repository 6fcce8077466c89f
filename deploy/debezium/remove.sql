-- After the connector was deleted. A slot that stays keeps PostgreSQL's log for ever, until the disk is full.
SELECT pg_drop_replication_slot('calendar_debezium');
DROP PUBLICATION calendar_debezium;
DROP OWNED BY debezium;
DROP ROLE debezium;
