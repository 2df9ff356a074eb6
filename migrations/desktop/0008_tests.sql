-- What came of running tests of agents.
-- Can an older binary open the database after this migration? Yes: it lists the runs of tests among
-- the others.

-- Once that tests were run. It has ended when finished_at says so; one that has not, and whose
-- process was not seen for a while, was cut off and can be gone on with.
CREATE TABLE reports (
    id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 10),
    agent       TEXT    NOT NULL,
    version     BLOB    NOT NULL CHECK (length(version) = 32),
    mode        TEXT    NOT NULL CHECK (mode IN ('replay', 'record', 'live')),
    header      TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    finished_at INTEGER,
    stopped     TEXT,
    attempts    INTEGER NOT NULL CHECK (attempts >= 0)
) STRICT;
CREATE INDEX reports_by_agent ON reports (agent, started_at);

-- The attempts of a report that are over, as they came to their end, and what happened in them.
CREATE TABLE attempts (
    report  BLOB    NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    case_id TEXT    NOT NULL,
    number  INTEGER NOT NULL CHECK (number > 0),
    outcome TEXT    NOT NULL CHECK (outcome IN ('passed', 'failed', 'unjudged')),
    body    TEXT    NOT NULL,
    trace   TEXT,
    PRIMARY KEY (report, case_id, number)
) STRICT;

-- The runs of attempts that asked a model, each written down before it begins: what is gone on with
-- knows by them what was paid for. One that was given up has no turn any more. A run that is none of
-- a person's is in no list of runs.
CREATE TABLE attempt_runs (
    run     BLOB    NOT NULL PRIMARY KEY CHECK (length(run) = 10),
    report  BLOB    NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    case_id TEXT    NOT NULL,
    number  INTEGER NOT NULL CHECK (number > 0),
    turn    INTEGER          CHECK (turn >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_runs_by_report ON attempt_runs (report);

-- What a person said of a model's verdicts by a rubric.
CREATE TABLE verdict_labels (
    report   BLOB    NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    case_id  TEXT    NOT NULL,
    number   INTEGER NOT NULL CHECK (number > 0),
    expected TEXT    NOT NULL,
    met      INTEGER NOT NULL CHECK (met IN (0, 1)),
    said_at  INTEGER NOT NULL,
    PRIMARY KEY (report, case_id, number, expected)
) STRICT, WITHOUT ROWID;

-- Cases whose outcome a person called a regression.
CREATE TABLE regressions (
    report  BLOB    NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    case_id TEXT    NOT NULL,
    said_at INTEGER NOT NULL,
    PRIMARY KEY (report, case_id)
) STRICT, WITHOUT ROWID;
