-- Browsers that somebody signed in with carry a text that is good while this number of the account is the same.
alter table accounts add column browser_marks bigint not null default 1;
