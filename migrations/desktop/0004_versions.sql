-- Drafts, and why an agent has a version.
-- Can an older binary open the database after this migration? Yes: it does not write down why it
-- made a version, and runs an imported agent's version where there is a draft of it.

-- Each time that a version was made of an agent, in this order. The same version may have been
-- made several times: saved, and restored later. It outlives the agent, as its versions do.
CREATE TABLE agent_versions (
    number  INTEGER NOT NULL PRIMARY KEY,
    agent   TEXT    NOT NULL,
    version BLOB    NOT NULL REFERENCES versions (hash),
    made_at INTEGER NOT NULL,
    why     TEXT    NOT NULL CHECK (why IN ('saved', 'before_run', 'imported', 'restored')),
    note    TEXT
) STRICT;
CREATE INDEX agent_versions_by_agent ON agent_versions (agent, number);
CREATE INDEX agent_versions_by_version ON agent_versions (version);

-- What is known of the versions that are here already.
INSERT INTO agent_versions (agent, version, made_at, why)
SELECT agent, version, min(made_at) AS first_made, max(why)
FROM (
    SELECT runs.agent, runs.version, versions.created_at AS made_at, 'before_run' AS why
    FROM runs JOIN versions ON versions.hash = runs.version
    UNION ALL
    SELECT agents.name, agents.version, agents.updated_at,
           CASE WHEN agents.folder IS NULL THEN 'imported' ELSE 'before_run' END
    FROM agents
)
GROUP BY agent, version
ORDER BY first_made, agent;

-- What was changed since an agent's version and not saved yet. A draft is its base with these
-- files in it or, where there is no content, without them. An agent of a folder has its draft there;
-- it has one here only when it was imported without its folder.
CREATE TABLE drafts (
    agent      TEXT    NOT NULL PRIMARY KEY REFERENCES agents (name) ON DELETE CASCADE,
    base       BLOB    NOT NULL REFERENCES versions (hash),
    hash       BLOB    NOT NULL CHECK (length(hash) = 32),
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_by_base ON drafts (base);
CREATE TABLE draft_changes (
    agent   TEXT NOT NULL REFERENCES drafts (agent) ON DELETE CASCADE,
    path    TEXT NOT NULL,
    content BLOB,
    PRIMARY KEY (agent, path)
) STRICT;
