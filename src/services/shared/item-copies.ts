// What an override repeats of its item: the course and the dates. Without it, every override of a
// user's month would be looked up by its item's name; with it, they stand together in an index.
// Triggers fill the copy and change it with the item. When only the copy changes, the override
// keeps its writer, and the item's own trigger reports the change.

/** Only another trigger writes a copy; then it writes nothing else. */
const IS_WRITTEN = `OLD.ern <> NEW.ern OR (OLD.course, OLD.item_starts_at, OLD.item_ends_at)
  IS NOT DISTINCT FROM (NEW.course, NEW.item_starts_at, NEW.item_ends_at)`;

/** The columns and triggers, for overrides that are inserted from now on. */
export function copiedColumns(schema: string): string {
  return `
    ALTER TABLE ${schema}.override ADD COLUMN IF NOT EXISTS course text,
      ADD COLUMN IF NOT EXISTS item_starts_at timestamptz, ADD COLUMN IF NOT EXISTS item_ends_at timestamptz;

    -- Waits for an item that is just being moved, and then copies its new dates.
    CREATE OR REPLACE FUNCTION ${schema}.copy_item() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      SELECT course, starts_at, ends_at INTO NEW.course, NEW.item_starts_at, NEW.item_ends_at
      FROM ${schema}.item WHERE ern = NEW.ern FOR SHARE;
      RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER copy_item BEFORE INSERT OR UPDATE OF ern ON ${schema}.override
      FOR EACH ROW EXECUTE FUNCTION ${schema}.copy_item();

    CREATE OR REPLACE FUNCTION ${schema}.item_moved() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE ${schema}.override SET course = NEW.course, item_starts_at = NEW.starts_at, item_ends_at = NEW.ends_at
      WHERE ern = NEW.ern;
      RETURN null;
    END $$;
    CREATE OR REPLACE TRIGGER copies AFTER UPDATE ON ${schema}.item FOR EACH ROW
      WHEN ((OLD.course, OLD.starts_at, OLD.ends_at) IS DISTINCT FROM (NEW.course, NEW.starts_at, NEW.ends_at))
      EXECUTE FUNCTION ${schema}.item_moved();
    ${['touch', 'sign'].map((name) => onlyWritten(schema, name)).join('')}
    CREATE OR REPLACE TRIGGER sign_first BEFORE INSERT ON ${schema}.override FOR EACH ROW EXECUTE FUNCTION ${schema}.sign();
    CREATE OR REPLACE TRIGGER changed AFTER INSERT OR DELETE ON ${schema}.override
      FOR EACH ROW EXECUTE FUNCTION ${schema}.override_changed();
    CREATE OR REPLACE TRIGGER rewritten AFTER UPDATE ON ${schema}.override FOR EACH ROW WHEN (${IS_WRITTEN})
      EXECUTE FUNCTION ${schema}.override_changed();`;
}

/** Replaces a trigger of overrides by one that leaves out changes of the copy. */
function onlyWritten(schema: string, name: string): string {
  return `
    CREATE OR REPLACE TRIGGER ${name} BEFORE UPDATE ON ${schema}.override FOR EACH ROW WHEN (${IS_WRITTEN})
      EXECUTE FUNCTION ${schema}.${name}();`;
}

/** The copies of older overrides; they are locked meanwhile. */
export function copyItems(schema: string): string {
  return `
    UPDATE ${schema}.override o SET course = i.course, item_starts_at = i.starts_at, item_ends_at = i.ends_at
    FROM ${schema}.item i WHERE i.ern = o.ern AND o.course IS NULL;`;
}

/** The index; writers of overrides wait while it is built. */
export function copiesIndex(schema: string): string {
  return `
    ALTER TABLE ${schema}.override DROP CONSTRAINT IF EXISTS copied, ADD CONSTRAINT copied CHECK (course IS NOT NULL AND item_starts_at IS NOT NULL AND item_ends_at IS NOT NULL) NOT VALID;
    CREATE INDEX IF NOT EXISTS override_item_dates ON ${schema}.override (user_id, item_starts_at, item_ends_at);`;
}
