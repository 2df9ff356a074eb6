-- Programs that sign in: what a terminal asks for, which somebody allows in a browser; and what is swept away by its time.

-- The codes are kept so that they are known again and no more: the long one as SHA-256, the short one, which could be
-- tried out, as what the server's secret makes of it. Who allows it is noted; a row with neither waits for an answer.
create table device_requests (
    hash bytea not null primary key,
    user_code bytea not null unique,
    client text not null,
    device text not null,
    address text not null,
    asked_at bigint not null,
    expires_at bigint not null,
    polled_at bigint,
    pause bigint not null,
    account_id uuid references accounts (id) on delete cascade,
    signed_in_at bigint,
    denied_at bigint
);
create index device_requests_by_end on device_requests (expires_at);

create index refresh_tokens_by_end on refresh_tokens (expires_at);
create index sessions_by_end on sessions (expires_at);
create index sessions_by_revocation on sessions (revoked_at);
