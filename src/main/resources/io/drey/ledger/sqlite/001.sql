-- The first schema. Times are milliseconds since 1970 UTC. A checksum holds the CRC-32C of a row's value in its upper
-- half and that of its other columns, the upper half included, in its lower half.

create table meta (
  name text primary key,
  value integer not null
) without rowid;

create table secret (
  name text primary key,
  value blob not null
) without rowid;

create table account (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null unique
);

create table store (
  number integer primary key autoincrement,
  space integer not null,
  id text not null unique,
  account integer not null,
  name text,
  title text,
  ttl_millis integer not null,
  quota_records integer not null,
  quota_bytes integer not null,
  general_access text,
  created_at integer not null,
  modified_at integer not null,
  accessed_at integer not null,
  records integer not null default 0,
  bytes integer not null default 0,
  reads integer not null default 0,
  writes integer not null default 0,
  deletes integer not null default 0,
  lists integer not null default 0
);
create unique index store_name on store (account, name) where name is not null;
create index store_account on store (account, created_at, number);

-- state: 0 the current space of its store; 1 cleared, its records yet to become tombstones; 2 cleared and swept, kept
-- for history; 3 to be removed with all that it holds.
create table space (
  space integer primary key autoincrement,
  store integer not null,
  state integer not null,
  opened_at integer not null,
  cleared_at integer
);
create index space_store on space (store, space);
create index space_work on space (state) where state in (1, 3);

create table dependent (
  store integer not null,
  name text not null,
  description text,
  url text,
  kind text not null,
  primary key (store, name)
) without rowid;

create table token (
  id text primary key,
  hash blob not null unique,
  name text,
  account integer not null,
  scopes text not null,
  created_at integer not null,
  expires_at integer not null,
  last_used_at integer not null
) without rowid;
create index token_account on token (account, created_at);

create table incarnation (
  number integer primary key autoincrement,
  name text not null,
  ended integer not null
);

create table claim (
  partition integer primary key,
  incarnation integer,
  epoch integer not null
);

-- The value stands last so that a listing without values reads no overflow page.
create table record (
  space integer not null,
  key blob not null,
  version integer not null,
  size integer not null,
  created_at integer not null,
  modified_at integer not null,
  expires_at integer,
  content_type text,
  payload integer,
  checksum integer not null,
  value blob,
  primary key (space, key)
) without rowid;
create index record_expiry on record (expires_at) where expires_at is not null;

-- Where the history of an absent key begins. alive: the key was there when its space was cleared.
create table tombstone (
  space integer not null,
  key blob not null,
  position integer not null,
  alive integer not null,
  primary key (space, key)
) without rowid;

-- previous: the version that readers saw before; prior: this key's log row before this one; weight: the running total
-- of bytes, this row's included.
create table log (
  position integer primary key,
  store integer not null,
  space integer not null,
  key blob,
  kind integer not null,
  operation text not null,
  time integer not null,
  previous integer not null,
  prior integer not null,
  size integer not null,
  content_type text,
  payload integer,
  batch text,
  operation_id integer not null,
  records integer not null,
  weight integer not null,
  checksum integer not null,
  value blob
);
create index log_store on log (store);

-- refs: how many records and log rows name it.
create table payload (
  id integer primary key autoincrement,
  size integer not null,
  chunks integer not null,
  touched_at integer not null,
  bound integer not null,
  refs integer not null,
  unreferenced_at integer
);
create index payload_unbound on payload (touched_at) where bound = 0;
create index payload_unreferenced on payload (unreferenced_at) where unreferenced_at is not null;

-- id is payload * 2^20 + index.
create table chunk (
  id integer primary key,
  checksum integer not null,
  bytes blob not null
);

create table answer (
  account integer not null,
  key text not null,
  part integer not null,
  fingerprint blob,
  version integer not null,
  created_at integer not null,
  content blob,
  primary key (account, key, part)
) without rowid;
create index answer_created on answer (created_at);
