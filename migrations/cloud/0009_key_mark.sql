-- Which secret key belongs to this database: one row, a known value that is sealed with it.
create table key_marks (
    id bigint not null primary key,
    sealed bytea not null
);
