-- What the window keeps: agents that are put aside or removed, and what lists say of agents.
-- Can an older binary open the database after this migration? Yes: it lists archived agents among
-- the others, and removes for good.

-- When an agent was put aside; it is as it was, only not in the way.
ALTER TABLE agents ADD COLUMN archived_at INTEGER;

-- What lists say of an agent, made from its package and made again when that is another one than
-- `made_of` says. The rows can be thrown away.
CREATE TABLE agent_cards (
    agent       TEXT NOT NULL PRIMARY KEY REFERENCES agents (name) ON DELETE CASCADE,
    made_of     TEXT NOT NULL,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    tags        TEXT NOT NULL,
    model       TEXT NOT NULL,
    problem     TEXT
) STRICT, WITHOUT ROWID;

-- Agents that were removed, for as long as they can be put back, and what was granted to them. Their
-- rules were taken back at the same instant.
CREATE TABLE removed_agents (
    name        TEXT    NOT NULL PRIMARY KEY,
    title       TEXT    NOT NULL,
    folder      TEXT,
    version     BLOB    NOT NULL REFERENCES versions (hash),
    updated_at  INTEGER NOT NULL,
    archived_at INTEGER,
    removed_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_agents_by_version ON removed_agents (version);
CREATE TABLE removed_grants (
    agent      TEXT    NOT NULL REFERENCES removed_agents (name) ON DELETE CASCADE,
    source     TEXT    NOT NULL,
    workdir    TEXT    NOT NULL,
    behaviour  BLOB    NOT NULL CHECK (length(behaviour) = 32),
    permission TEXT    NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (agent, source, workdir, behaviour, permission)
) STRICT, WITHOUT ROWID;

-- How the person wants Slipway to be, where it is not as it comes. A row of a name that this
-- version does not know is of a newer one, and is left as it is.
CREATE TABLE preferences (
    name       TEXT    NOT NULL PRIMARY KEY,
    value      TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
