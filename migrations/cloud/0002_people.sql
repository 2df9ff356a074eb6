-- How people show who they are: browsers, second factors, passkeys, other services, and what is mailed to them.

-- The cookie of a browser's session. Who signs in, also again, begins a new one.
create table browser_cookies (
    hash bytea not null primary key,
    session_id uuid not null unique references sessions (id) on delete cascade,
    begun_at bigint not null
);

-- What is good once and for a while: a mailed link, the half of a sign-in, a question that a key answers.
-- What it is about is sealed.
create table tickets (
    hash bytea not null primary key,
    purpose text not null,
    account_id uuid references accounts (id) on delete cascade,
    sealed bytea not null,
    expires_at bigint not null
);
create index tickets_of_account on tickets (account_id, purpose);
create index tickets_by_end on tickets (expires_at);

-- An authenticator app (RFC 6238). The last step that was used is kept, so that no code is good twice.
create table totp_secrets (
    account_id uuid not null primary key references accounts (id) on delete cascade,
    sealed bytea not null,
    confirmed_at bigint,
    last_step bigint not null,
    created_at bigint not null
);

create table recovery_codes (
    hash bytea not null primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    used_at bigint
);
create index recovery_codes_of_account on recovery_codes (account_id);

create table passkeys (
    id uuid not null primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    credential_id bytea not null unique,
    credential text not null,
    name text not null,
    revision bigint not null,
    created_at bigint not null,
    last_used_at bigint
);
create index passkeys_of_account on passkeys (account_id, id);

-- Somebody's account at another service, by that service's own id for them.
create table identities (
    provider text not null,
    subject text not null,
    account_id uuid not null references accounts (id) on delete cascade,
    email text not null,
    created_at bigint not null,
    primary key (provider, subject)
);
create index identities_of_account on identities (account_id, provider);

-- How often something went wrong, for all copies of the server. What is counted, and of whom, is kept as SHA-256.
create table counts (
    hash bytea not null primary key,
    count bigint not null,
    ends_at bigint not null
);
create index counts_by_end on counts (ends_at);
