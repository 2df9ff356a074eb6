-- Budgets of the person, and what calls cost by agent and time.
-- Can an older binary open the database after this migration? No: it would spend without asking
-- these budgets.
UPDATE compatibility SET migration = max(migration, 2), slipway = '0.1.0';

-- Budgets for all agents together (the agent is empty) or for one of them.
CREATE TABLE budgets (
    agent     TEXT    NOT NULL,
    period    TEXT    NOT NULL CHECK (period IN ('day', 'month', 'total')),
    limit_usd TEXT    NOT NULL,
    set_at    INTEGER NOT NULL,
    PRIMARY KEY (agent, period)
) STRICT, WITHOUT ROWID;

-- Every attempt at a priced call: the run whose budget it draws from, the agent, and the instant
-- that decides its day and month. What was billed beyond the agreed amount lies beside it. An
-- attempt whose outcome nobody knows keeps its reservation for good.
ALTER TABLE reservations ADD COLUMN root       BLOB CHECK (length(root) = 10);
ALTER TABLE reservations ADD COLUMN agent      TEXT NOT NULL DEFAULT '';
ALTER TABLE reservations ADD COLUMN at         INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reservations ADD COLUMN beyond_usd TEXT;
ALTER TABLE reservations ADD COLUMN unknown    INTEGER NOT NULL DEFAULT 0 CHECK (unknown IN (0, 1));
UPDATE reservations SET
    root = run,
    agent = coalesce((SELECT agent FROM runs WHERE runs.id = reservations.run), ''),
    at = coalesce((SELECT created_at FROM runs WHERE runs.id = reservations.run), 0);
CREATE INDEX reservations_by_time ON reservations (at);
-- What draws from another run's budget, and what is under way: few of very many.
CREATE INDEX reservations_by_root ON reservations (root) WHERE root <> run;
CREATE INDEX reservations_open ON reservations (at) WHERE settled_usd IS NULL AND unknown = 0;

-- Sums over the reservations of a span of time, so that nobody adds up a month of calls before
-- each of them. A row is made when a budget first asks for its span; every reservation and
-- settlement keeps the rows that it falls in. They can be thrown away and are made again.
CREATE TABLE spend (
    agent        TEXT    NOT NULL,
    since        INTEGER NOT NULL,
    until        INTEGER NOT NULL,
    spent_usd    TEXT    NOT NULL,
    reserved_usd TEXT    NOT NULL,
    beyond_usd   TEXT    NOT NULL,
    PRIMARY KEY (agent, since, until)
) STRICT, WITHOUT ROWID;

-- The most that a run can have cost, where an attempt of it was cut off.
ALTER TABLE runs ADD COLUMN cost_at_most_usd TEXT;
