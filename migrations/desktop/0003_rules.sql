-- What a person decided for good, and when a run's questions expire.
-- Can an older binary open the database after this migration? No: it knows neither an answer that
-- a rule gave nor the end of a run whose question expired, and would refuse to read them.
UPDATE compatibility SET migration = 3, slipway = '0.1.0' WHERE migration < 3;

-- Rules: for one agent from one source (its folder's absolute path, or 'imported') in exactly this
-- working folder, as grants are; for the package's behaviour at that time, since an imported package
-- that is replaced shares nothing with its namesake. A rule that was taken back keeps its row, so
-- that it never comes back with something that is restored or imported.
CREATE TABLE rules (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 10),
    agent      TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    workdir    TEXT    NOT NULL,
    behaviour  BLOB    NOT NULL CHECK (length(behaviour) = 32),
    tool       TEXT    NOT NULL,
    ruling     TEXT    NOT NULL,
    made_at    INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX rules_by_agent ON rules (agent, source, workdir, tool) WHERE revoked_at IS NULL;

-- When the first open question of a run expires; written with the run's state.
ALTER TABLE runs ADD COLUMN expires_at INTEGER;
CREATE INDEX runs_by_expiry ON runs (expires_at) WHERE expires_at IS NOT NULL;
