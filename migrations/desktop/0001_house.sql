-- The first tables.
-- Can an older binary open the database after this migration? There is none.
--
-- Times are milliseconds since 1970 in UTC. Amounts are exact decimals as text. Hashes are
-- SHA-256. Run ids are their ten bytes.

-- One row: what a binary must know to open this database. A migration that an older binary
-- cannot live with writes its own number here, and the first version of Slipway that has it.
CREATE TABLE compatibility (
    one       INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    migration INTEGER NOT NULL,
    slipway   TEXT    NOT NULL
) STRICT;
INSERT INTO compatibility (one, migration, slipway) VALUES (1, 1, '0.1.0');

-- Runs: what lists show without reading the journal. The columns from last_seq on are written
-- with each append, in the same transaction.
CREATE TABLE runs (
    number        INTEGER NOT NULL PRIMARY KEY,
    id            BLOB    NOT NULL UNIQUE CHECK (length(id) = 10),
    parent        BLOB             REFERENCES runs (id),
    fork_seq      INTEGER          CHECK (fork_seq >= 0),
    created_at    INTEGER NOT NULL,
    agent         TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    version       BLOB    NOT NULL CHECK (length(version) = 32),
    model         TEXT    NOT NULL,
    input         TEXT    NOT NULL,
    budget_usd    TEXT,
    last_seq      INTEGER NOT NULL CHECK (last_seq >= 0),
    input_tokens  INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_usd      TEXT,
    model_calls   INTEGER NOT NULL,
    tool_calls    INTEGER NOT NULL,
    status        TEXT    NOT NULL CHECK (status IN ('queued', 'running', 'parked', 'succeeded', 'failed', 'cancelled')),
    parked        TEXT,
    end_reason    TEXT,
    end_message   TEXT,
    end_output    TEXT,
    end_blob      BLOB             CHECK (length(end_blob) = 32),
    finished_at   INTEGER,
    CHECK ((parent IS NULL) = (fork_seq IS NULL)),
    CHECK ((status = 'parked') = (parked IS NOT NULL)),
    CHECK ((status IN ('succeeded', 'failed', 'cancelled')) = (end_reason IS NOT NULL)),
    CHECK ((end_reason IS NULL) = (end_message IS NULL)),
    CHECK ((end_reason IS NULL) = (finished_at IS NULL)),
    CHECK (end_output IS NULL OR end_blob IS NULL)
) STRICT;
CREATE INDEX runs_by_time ON runs (created_at, id);
CREATE INDEX runs_by_agent ON runs (agent, created_at, id);

-- The journal. A body of more than 64 KiB lies in a file of the folder `blobs`, named by its hash.
-- The table keeps its row ids, so that what many runs append at once lies together at its end, and
-- its index the runs' numbers, so that new runs lie together there: a commit writes few pages.
CREATE TABLE events (
    run    INTEGER NOT NULL REFERENCES runs (number),
    seq    INTEGER NOT NULL CHECK (seq > 0),
    at     INTEGER NOT NULL,
    format INTEGER NOT NULL,
    body   TEXT,
    blob   BLOB             CHECK (length(blob) = 32),
    PRIMARY KEY (run, seq),
    CHECK ((body IS NULL) <> (blob IS NULL))
) STRICT;

-- Who drives a run. Every run that has not ended has a row: one whose lease is let go keeps it,
-- so that its tokens never come back, until the run ends.
CREATE TABLE leases (
    run        BLOB    NOT NULL PRIMARY KEY CHECK (length(run) = 10),
    token      INTEGER NOT NULL CHECK (token > 0),
    owner      TEXT,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Money set aside before a call, and what the call cost once that is known.
CREATE TABLE reservations (
    run         BLOB    NOT NULL CHECK (length(run) = 10),
    step        INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    amount_usd  TEXT    NOT NULL,
    settled_usd TEXT,
    PRIMARY KEY (run, step, attempt)
) STRICT, WITHOUT ROWID;

-- Versions: immutable snapshots of packages. Their files lie in the folder `blobs`.
CREATE TABLE versions (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    behaviour  BLOB    NOT NULL CHECK (length(behaviour) = 32),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE version_files (
    version BLOB    NOT NULL REFERENCES versions (hash) ON DELETE CASCADE,
    path    TEXT    NOT NULL,
    size    INTEGER NOT NULL,
    blob    BLOB    NOT NULL CHECK (length(blob) = 32),
    PRIMARY KEY (version, path)
) STRICT, WITHOUT ROWID;

-- Agents of this workspace: a folder that was opened, or (without one) an imported package.
CREATE TABLE agents (
    name       TEXT    NOT NULL PRIMARY KEY,
    folder     TEXT,
    version    BLOB    NOT NULL REFERENCES versions (hash),
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX agents_by_version ON agents (version);

-- What a person granted: to this behaviour of this agent, in exactly this working folder. Where the
-- package came from (its folder's absolute path, or 'imported') and the agent's name say which
-- earlier grants a new version of it goes on from: packages that only share a name share nothing.
CREATE TABLE grants (
    agent      TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    workdir    TEXT    NOT NULL,
    behaviour  BLOB    NOT NULL CHECK (length(behaviour) = 32),
    permission TEXT    NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (agent, source, workdir, behaviour, permission)
) STRICT, WITHOUT ROWID;
