-- Accounts, their sessions, organizations, keys. One text for SQLite and PostgreSQL: times are milliseconds
-- since 1970 in UTC, ids are UUIDs of version 7, secrets are kept as SHA-256 or sealed.

create table accounts (
    id uuid not null primary key,
    email text not null,
    email_key text not null unique,
    email_verified_at bigint,
    name text not null,
    password_hash text,
    is_operator boolean not null,
    suspended_at bigint,
    revision bigint not null,
    created_at bigint not null
);

-- One sign-in of a device or program. Its refresh tokens are one family.
create table sessions (
    id uuid not null primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    client text not null,
    device text not null,
    address text not null,
    signed_in_at bigint not null,
    last_used_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    revoked_because text
);
create index sessions_of_account on sessions (account_id, id);

create table refresh_tokens (
    hash bytea not null primary key,
    session_id uuid not null references sessions (id) on delete cascade,
    issued_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create index refresh_tokens_of_session on refresh_tokens (session_id);

create table signing_keys (
    id text not null primary key,
    sealed bytea not null,
    created_at bigint not null,
    signs_until bigint not null,
    verifies_until bigint not null
);

create table organizations (
    id uuid not null primary key,
    name text not null,
    revision bigint not null,
    created_at bigint not null
);

create table memberships (
    organization_id uuid not null references organizations (id) on delete cascade,
    account_id uuid not null references accounts (id) on delete cascade,
    role text not null,
    created_at bigint not null,
    primary key (organization_id, account_id)
);
create index memberships_of_account on memberships (account_id, organization_id);

-- A key of a person (account_id) or of an organization (organization_id), never of both.
create table api_keys (
    id uuid not null primary key,
    account_id uuid references accounts (id) on delete cascade,
    organization_id uuid references organizations (id) on delete cascade,
    created_by uuid references accounts (id) on delete set null,
    name text not null,
    start text not null,
    hash bytea not null unique,
    scopes text not null,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint,
    created_at bigint not null
);
create index api_keys_of_account on api_keys (account_id, id);
create index api_keys_of_organization on api_keys (organization_id, id);

-- What was answered to a request with an Idempotency-Key, sealed, so that a second one gets the same.
create table idempotency_keys (
    caller text not null,
    key text not null,
    request bytea not null,
    status bigint not null,
    answer bytea not null,
    created_at bigint not null,
    primary key (caller, key)
);
create index idempotency_keys_by_time on idempotency_keys (created_at);

-- What happened that matters to security, for good. Who did it is named by what they were then.
create table audit_events (
    id uuid not null primary key,
    organization_id uuid,
    account_id uuid,
    actor text not null,
    action text not null,
    target text,
    detail text,
    address text not null,
    request text not null,
    created_at bigint not null
);
create index audit_events_of_organization on audit_events (organization_id, id);
create index audit_events_of_account on audit_events (account_id, id);

-- Mail that is to be sent: written with what it tells of, sent afterwards. What it says is sealed.
create table letters (
    id uuid not null primary key,
    sealed bytea not null,
    attempts bigint not null,
    due_at bigint not null,
    created_at bigint not null
);
create index letters_by_due on letters (due_at);
