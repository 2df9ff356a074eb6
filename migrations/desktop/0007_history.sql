-- Looking through very many runs: what they come to, and what was asked and said in them.
-- Can an older binary open the database after this migration? Yes: it does not know what is here,
-- and what it leaves behind is made good when runs are next searched.

-- Runs that ended, with everything that lists are narrowed by and that sums are made of. A run
-- enters it once, at its end, and never changes after.
CREATE INDEX runs_ended ON runs (created_at, id, status, agent, model, cost_usd, finished_at)
    WHERE finished_at IS NOT NULL;

-- The words of runs. The texts themselves stay in the journals; here is only which run has which
-- word, under the run's number. The rows can be thrown away and are made again.
CREATE VIRTUAL TABLE run_texts USING fts5 (
    asked, said,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- Up to which event of a run its words are known; none follows where it had ended.
CREATE TABLE run_texts_known (
    run      INTEGER NOT NULL PRIMARY KEY REFERENCES runs (number),
    last_seq INTEGER NOT NULL,
    ended    INTEGER NOT NULL CHECK (ended IN (0, 1))
) STRICT;
