-- The functions of the directory, of answers, of large values and of the log's other end. What changes something is one
-- call and takes the turn first, so that every later statement in it sees all that was committed before; where the turn
-- is not taken the reason is given.

-- What is kept with a change for whoever sends its request again; without a key nothing is.
create type drey.once as (
  account bigint,
  key text,
  fingerprint bytea,
  created_at bigint,
  content bytea
);

-- A store as it is shown.
create view drey.store_seen as
  select s.number, s.space, s.id, a.number as account, a.id as account_id, a.name as account_name, s.name, s.title,
    s.ttl_millis, s.quota_records, s.quota_bytes, s.general_access, s.created_at, s.modified_at, s.accessed_at,
    s.records, s.bytes, s.reads, s.writes, s.deletes, s.lists,
    exists (select 1 from drey.mark m where m.subject = 'store:' || s.number) as marked
  from drey.counted_store s
  join drey.account a on a.number = s.account;

create view drey.token_seen as
  select t.id, t.hash, t.name, a.number as account, a.id as account_id, a.name as account_name, t.scopes, t.created_at,
    t.expires_at, t.last_used_at, exists (select 1 from drey.mark m where m.subject = 'token:' || t.id) as marked
  from drey.token t
  join drey.account a on a.number = t.account;

-- Takes the turn, and refuses a request that has its answer already.
create function drey.begin_change(p_server text, p_once drey.once) returns void language plpgsql volatile
as $$
begin
  perform drey.take_turn(p_server);
  if exists (
    select 1 from drey.answer a where a.account = p_once.account and a.key = p_once.key and a.part = 0
  ) then
    raise exception 'another request with this idempotency key was answered first' using errcode = 'DR002';
  end if;
end $$;

create function drey.keep_answer(p_once drey.once, p_version bigint) returns void language plpgsql volatile
as $$
begin
  if p_once.key is not null and p_once.content is not null then
    insert into drey.answer (account, key, part, fingerprint, version, created_at, content)
    values (p_once.account, p_once.key, 0, p_once.fingerprint, p_version, p_once.created_at, p_once.content);
  end if;
end $$;

create function drey.make_account(p_server text, p_id text, p_name bytea)
returns table (number bigint, id text, name bytea) language plpgsql volatile
as $$
#variable_conflict use_column
begin
  perform drey.take_turn(p_server);
  if not exists (select 1 from drey.account a where a.name = p_name) then
    insert into drey.account (id, name) values (p_id, p_name);
  end if;
  return query select a.number, a.id, a.name from drey.account a where a.name = p_name;
end $$;

create function drey.make_secret(p_server text, p_name text, p_value bytea) returns bytea language plpgsql volatile
as $$
begin
  perform drey.take_turn(p_server);
  insert into drey.secret (name, value) values (p_name, p_value) on conflict do nothing;
  return (select s.value from drey.secret s where s.name = p_name);
end $$;

-- In the functions from here on the outcome is 'meanwhile' when there is an answer to keep and it tells of another
-- outcome than the one that the change would have now; then nothing is changed.

-- Outcomes: made, existing. p_existing: the store that the answer tells of, null for a new one, which gets the numbers
-- p_number and p_space, set apart for it; without an answer all three are null.
create function drey.create_store(
  p_server text, p_id text, p_account bigint, p_name text, p_title bytea, p_ttl_millis bigint,
  p_quota_records bigint, p_quota_bytes bigint, p_general_access text, p_now bigint,
  p_existing bigint, p_number bigint, p_space bigint, p_once drey.once,
  out outcome text, out store drey.store_seen)
language plpgsql volatile
as $$
declare
  v_same bigint;
  v_number bigint;
  v_space bigint;
begin
  perform drey.begin_change(p_server, p_once);
  select s.number into v_same from drey.store s where s.account = p_account and s.name = p_name;
  if v_same is null then
    select s.number into v_same from drey.store s where s.id = p_id;
  end if;
  if p_once.key is not null and v_same is distinct from p_existing then
    outcome := 'meanwhile';
    return;
  end if;
  outcome := case when v_same is null then 'made' else 'existing' end;
  if v_same is null then
    v_number := coalesce(p_number, nextval('drey.store_number_seq'));
    v_space := coalesce(p_space, nextval('drey.space_space_seq'));
    insert into drey.store (number, space, id, account, name, title, ttl_millis, quota_records, quota_bytes,
      general_access, created_at, modified_at, accessed_at)
    values (v_number, v_space, p_id, p_account, p_name, p_title, p_ttl_millis, p_quota_records, p_quota_bytes,
      p_general_access, p_now, p_now, p_now);
    insert into drey.space (space, store, state, opened_at) values (v_space, v_number, 0, drey.last_position());
    perform drey.log_store(v_number, v_space, 4, 'create', p_now, 0);
  end if;
  perform drey.keep_answer(p_once, 0);
  select s.* into store from drey.store_seen s where s.number = coalesce(v_same, v_number);
end $$;

-- Outcomes: gone, taken, updated. p_outcome and p_space: what the answer tells of.
create function drey.update_store(
  p_server text, p_number bigint, p_name text, p_title bytea, p_ttl_millis bigint, p_quota_records bigint,
  p_quota_bytes bigint, p_general_access text, p_now bigint, p_mark text, p_incarnation bigint,
  p_outcome text, p_space bigint, p_once drey.once,
  out outcome text, out store drey.store_seen)
language plpgsql volatile
as $$
declare
  v_store drey.store;
begin
  perform drey.begin_change(p_server, p_once);
  select s.* into v_store from drey.store s where s.number = p_number;
  outcome := case
    when v_store.number is null then 'gone'
    when exists (
      select 1 from drey.store s where s.account = v_store.account and s.name = p_name and s.number <> p_number
    ) then 'taken'
    else 'updated' end;
  if p_once.key is not null
    and (outcome is distinct from p_outcome or outcome = 'updated' and v_store.space is distinct from p_space) then
    outcome := 'meanwhile';
    return;
  end if;
  perform drey.use_mark(p_mark, p_incarnation);
  if outcome = 'updated' then
    update drey.store s set name = p_name, title = p_title, ttl_millis = p_ttl_millis,
      quota_records = p_quota_records, quota_bytes = p_quota_bytes, general_access = p_general_access,
      modified_at = greatest(s.modified_at, p_now)
    where s.number = p_number;
    perform drey.log_store(p_number, v_store.space, 5, 'update', p_now, 0);
    select s.* into store from drey.store_seen s where s.number = p_number;
  end if;
  perform drey.keep_answer(p_once, 0);
end $$;

-- Outcomes: gone, held, deleted. One row; of a store that is held one for each of its dependents.
create function drey.delete_store(
  p_server text, p_number bigint, p_force boolean, p_now bigint, p_mark text, p_incarnation bigint,
  p_outcome text, p_once drey.once)
returns table (outcome text, name bytea, description bytea, url bytea, kind text)
language plpgsql volatile
as $$
#variable_conflict use_column
declare
  v_space bigint;
  v_outcome text;
begin
  perform drey.begin_change(p_server, p_once);
  select s.space into v_space from drey.store s where s.number = p_number;
  v_outcome := case
    when v_space is null then 'gone'
    when not p_force and exists (select 1 from drey.dependent d where d.store = p_number) then 'held'
    else 'deleted' end;
  if p_once.key is not null and v_outcome is distinct from p_outcome then
    return query select 'meanwhile', null::bytea, null::bytea, null::bytea, null::text;
    return;
  end if;
  perform drey.use_mark(p_mark, p_incarnation);
  perform drey.keep_answer(p_once, 0);
  if v_outcome = 'held' then
    return query select v_outcome, d.name, d.description, d.url, d.kind from drey.dependent d
      where d.store = p_number order by d.name;
    return;
  end if;
  if v_outcome = 'deleted' then
    delete from drey.dependent d where d.store = p_number;
    delete from drey.store_delta e where e.store = p_number;
    delete from drey.store s where s.number = p_number;
    update drey.space p set state = 3 where p.store = p_number;
    perform drey.log_store(p_number, v_space, 6, 'delete', p_now, 0);
  end if;
  return query select v_outcome, null::bytea, null::bytea, null::bytea, null::text;
end $$;

-- Outcomes: gone, cleared. p_outcome, p_space and p_records: what the answer tells of; p_new_space: the number set
-- apart for the new space, greater than p_space. Without an answer all four are null.
create function drey.clear_store(
  p_server text, p_number bigint, p_now bigint, p_mark text, p_incarnation bigint,
  p_outcome text, p_space bigint, p_records bigint, p_new_space bigint, p_once drey.once,
  out outcome text, out removed bigint, out version bigint, out store drey.store_seen)
language plpgsql volatile
as $$
declare
  v_store record;
  v_space bigint;
begin
  perform drey.begin_change(p_server, p_once);
  select s.space, s.records into v_store from drey.counted_store s where s.number = p_number;
  outcome := case when v_store.space is null then 'gone' else 'cleared' end;
  if p_once.key is not null
    and (outcome is distinct from p_outcome or v_store.space is distinct from p_space
      or v_store.records is distinct from p_records) then
    outcome := 'meanwhile';
    return;
  end if;
  perform drey.use_mark(p_mark, p_incarnation);
  if outcome = 'cleared' then
    removed := v_store.records;
    version := drey.log_store(p_number, v_store.space, 7, 'clear', p_now, removed);
    v_space := coalesce(p_new_space, nextval('drey.space_space_seq'));
    update drey.space p set state = 1, cleared_at = version where p.space = v_store.space;
    insert into drey.space (space, store, state, opened_at) values (v_space, p_number, 0, version);
    -- What was counted for the old space is at or below this position, and so counts no more.
    perform drey.fold(p_number);
    update drey.store s set space = v_space, records = 0, bytes = 0, folded = version,
      modified_at = greatest(s.modified_at, p_now)
    where s.number = p_number;
    select s.* into store from drey.store_seen s where s.number = p_number;
  end if;
  perform drey.keep_answer(p_once, coalesce(version, 0));
end $$;

create function drey.add_use(
  p_server text, p_stores bigint[], p_reads bigint[], p_writes bigint[], p_deletes bigint[], p_lists bigint[],
  p_accessed bigint[])
returns void language plpgsql volatile
as $$
begin
  perform drey.take_turn(p_server);
  update drey.store s set reads = s.reads + u.reads, writes = s.writes + u.writes, deletes = s.deletes + u.deletes,
    lists = s.lists + u.lists, accessed_at = greatest(s.accessed_at, u.accessed)
  from unnest(p_stores, p_reads, p_writes, p_deletes, p_lists, p_accessed)
    as u (store, reads, writes, deletes, lists, accessed)
  where s.number = u.store;
end $$;

-- Outcomes: gone, made, replaced.
create function drey.put_dependent(
  p_server text, p_store bigint, p_name bytea, p_description bytea, p_url bytea, p_kind text,
  p_outcome text, p_once drey.once)
returns text language plpgsql volatile
as $$
declare
  v_outcome text;
begin
  perform drey.begin_change(p_server, p_once);
  v_outcome := case
    when not exists (select 1 from drey.store s where s.number = p_store) then 'gone'
    when exists (select 1 from drey.dependent d where d.store = p_store and d.name = p_name) then 'replaced'
    else 'made' end;
  if p_once.key is not null and v_outcome is distinct from p_outcome then
    return 'meanwhile';
  end if;
  if v_outcome <> 'gone' then
    insert into drey.dependent (store, name, description, url, kind)
    values (p_store, p_name, p_description, p_url, p_kind)
    on conflict (store, name) do update
    set description = excluded.description, url = excluded.url, kind = excluded.kind;
  end if;
  perform drey.keep_answer(p_once, 0);
  return v_outcome;
end $$;

-- Outcomes: absent, deleted.
create function drey.delete_dependent(p_server text, p_store bigint, p_name bytea, p_outcome text, p_once drey.once)
returns text language plpgsql volatile
as $$
declare
  v_outcome text;
begin
  perform drey.begin_change(p_server, p_once);
  v_outcome := case
    when exists (select 1 from drey.dependent d where d.store = p_store and d.name = p_name) then 'deleted'
    else 'absent' end;
  if p_once.key is not null and v_outcome is distinct from p_outcome then
    return 'meanwhile';
  end if;
  delete from drey.dependent d where d.store = p_store and d.name = p_name;
  perform drey.keep_answer(p_once, 0);
  return v_outcome;
end $$;

-- Outcome: made.
create function drey.create_token(
  p_server text, p_id text, p_hash bytea, p_name bytea, p_account bigint, p_scopes text, p_now bigint,
  p_expires_at bigint, p_once drey.once)
returns text language plpgsql volatile
as $$
begin
  perform drey.begin_change(p_server, p_once);
  insert into drey.token (id, hash, name, account, scopes, created_at, expires_at, last_used_at)
  values (p_id, p_hash, p_name, p_account, p_scopes, p_now, p_expires_at, 0);
  perform drey.keep_answer(p_once, 0);
  return 'made';
end $$;

-- Outcomes: absent, deleted.
create function drey.delete_token(
  p_server text, p_account bigint, p_id text, p_mark text, p_incarnation bigint, p_outcome text, p_once drey.once)
returns text language plpgsql volatile
as $$
declare
  v_outcome text;
begin
  perform drey.begin_change(p_server, p_once);
  v_outcome := case
    when exists (select 1 from drey.token t where t.account = p_account and t.id = p_id) then 'deleted'
    else 'absent' end;
  if p_once.key is not null and v_outcome is distinct from p_outcome then
    return 'meanwhile';
  end if;
  perform drey.use_mark(p_mark, p_incarnation);
  delete from drey.token t where t.account = p_account and t.id = p_id;
  perform drey.keep_answer(p_once, 0);
  return v_outcome;
end $$;

create function drey.note_token_use(p_server text, p_tokens text[], p_used bigint[])
returns void language plpgsql volatile
as $$
begin
  perform drey.take_turn(p_server);
  update drey.token t set last_used_at = greatest(t.last_used_at, u.used)
  from unnest(p_tokens, p_used) as u (token, used)
  where t.id = u.token;
end $$;

-- Answers whether it was kept.
create function drey.remember_answer(
  p_server text, p_account bigint, p_key text, p_part integer, p_fingerprint bytea, p_version bigint,
  p_created_at bigint, p_content bytea)
returns boolean language plpgsql volatile
as $$
begin
  perform drey.take_turn(p_server);
  insert into drey.answer (account, key, part, fingerprint, version, created_at, content)
  values (p_account, p_key, p_part, p_fingerprint, p_version, p_created_at, p_content)
  on conflict do nothing;
  return found;
end $$;

create function drey.complete_answer(
  p_server text, p_account bigint, p_key text, p_part integer, p_fingerprint bytea, p_version bigint,
  p_created_at bigint, p_content bytea)
returns void language plpgsql volatile
as $$
begin
  perform drey.take_turn(p_server);
  insert into drey.answer (account, key, part, fingerprint, version, created_at, content)
  values (p_account, p_key, p_part, p_fingerprint, p_version, p_created_at, p_content)
  on conflict (account, key, part) do update
  set fingerprint = excluded.fingerprint, version = excluded.version, created_at = excluded.created_at,
    content = excluded.content;
  delete from drey.answer a where a.account = p_account and a.key = p_key and a.part > 0;
end $$;

create function drey.sweep_answers(p_server text, p_before bigint, p_limit integer)
returns integer language plpgsql volatile
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_removed integer;
begin
  perform drey.take_turn(p_server);
  delete from drey.answer a
  using (
    select o.account, o.key, o.part from drey.answer o where o.created_at < p_before order by o.created_at limit p_limit
  ) b
  where a.account = b.account and a.key = b.key and a.part = b.part;
  get diagnostics v_removed = row_count;
  return v_removed;
end $$;

-- Uploads go on beside the turn: nobody but the uploader knows the payload until a commit binds it, and that commit's
-- flush of the write-ahead log takes the chunks with it, so they need none of their own. The number of a payload is
-- flushed, so that it is not given twice.
create function drey.begin_upload(p_server text) returns void language plpgsql volatile
as $$
begin
  perform drey.check_server(p_server, t.identity) from drey.turn t;
  perform set_config('synchronous_commit', 'off', true);
end $$;

create function drey.begin_payload(p_server text, p_now bigint) returns bigint language plpgsql volatile
as $$
declare
  v_id bigint;
begin
  perform drey.check_server(p_server, t.identity) from drey.turn t;
  insert into drey.payload (size, chunks, touched_at, bound, refs) values (0, 0, p_now, 0, 0) returning id into v_id;
  return v_id;
end $$;

-- False when the payload is bound or gone or has another count of chunks.
create function drey.append_chunk(p_server text, p_id bigint, p_index integer, p_bytes bytea, p_now bigint)
returns boolean language plpgsql volatile
as $$
begin
  perform drey.begin_upload(p_server);
  update drey.payload p set size = p.size + length(p_bytes), chunks = p.chunks + 1, touched_at = p_now
  where p.id = p_id and p.bound = 0 and p.chunks = p_index and p.size >= 0;
  if not found then
    return false;
  end if;
  insert into drey.chunk (id, bytes) values (p_id << 20 | p_index, p_bytes);
  return true;
end $$;

create function drey.abandon_payload(p_server text, p_id bigint) returns void language plpgsql volatile
as $$
begin
  perform drey.begin_upload(p_server);
  update drey.payload p set touched_at = 0 where p.id = p_id and p.bound = 0;
end $$;

-- Picks a payload that may go, in the turn: without its size no commit can bind it any more. Answers its id, null when
-- there is none. One whose removal broke off is found again. Whatever a node takes the time to be, an hour of the
-- server's has passed for it.
create function drey.condemn_payload(p_server text, p_before bigint) returns bigint language plpgsql volatile
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_before bigint := least(p_before, drey.millis() - 3600000);
  v_id bigint;
begin
  perform drey.take_turn(p_server);
  loop
    select p.id into v_id from drey.payload p where p.bound = 0 and p.touched_at <= v_before limit 1;
    if v_id is null then
      select p.id into v_id from drey.payload p where p.unreferenced_at <= v_before limit 1;
    end if;
    if v_id is null then
      return null;
    end if;
    -- A chunk may come in between: then the row is not what it was.
    update drey.payload p set size = -1
    where p.id = v_id and (p.bound = 0 and p.touched_at <= v_before or p.unreferenced_at <= v_before);
    if found then
      return v_id;
    end if;
  end loop;
end $$;

-- Removes chunks of a condemned payload, the last ones first, beside the turn: there may be many and nobody can need
-- them. Answers whether the payload is gone with them.
create function drey.drop_chunks(p_server text, p_id bigint, p_most integer) returns boolean language plpgsql volatile
as $$
declare
  v_left integer;
begin
  perform drey.begin_upload(p_server);
  select greatest(p.chunks - p_most, 0) into v_left from drey.payload p where p.id = p_id and p.size = -1 for update;
  if not found then
    return true;
  end if;
  delete from drey.chunk c where c.id >= (p_id << 20 | v_left) and c.id < (p_id + 1) << 20;
  if v_left = 0 then
    delete from drey.payload p where p.id = p_id;
    return true;
  end if;
  update drey.payload p set chunks = v_left where p.id = p_id;
  return false;
end $$;

-- Counts those who no longer name these payloads, in the turn; null for none.
create function drey.release_payloads(p_payloads bigint[], p_now bigint) returns void language plpgsql volatile
as $$
begin
  if p_payloads is null then
    return;
  end if;
  update drey.payload p set refs = p.refs - r.refs,
    unreferenced_at = case when p.refs > r.refs then null else p_now end
  from (select u.id, count(*) as refs from unnest(p_payloads) as u (id) group by u.id) r
  where p.id = r.id;
end $$;

-- Removes some records of a closed space, in the turn; those that are buried leave a tombstone for history.
create function drey.remove_records(p_space bigint, p_bury boolean, p_most integer, p_now bigint)
returns integer language plpgsql volatile
as $$
declare
  v_removed integer;
  v_payloads bigint[];
begin
  with gone as (
    delete from drey.record r
    using (select o.key from drey.record o where o.space = p_space order by o.key limit p_most) b
    where r.space = p_space and r.key = b.key
    returning r.key, r.version, r.payload
  ), buried as (
    insert into drey.tombstone (space, key, position, alive)
    select p_space, g.key, g.version, 1 from gone g where p_bury
    on conflict (space, key) do update set position = excluded.position, alive = excluded.alive
  )
  select count(*), array_agg(g.payload) filter (where g.payload is not null) into v_removed, v_payloads from gone g;
  perform drey.release_payloads(v_payloads, p_now);
  return v_removed;
end $$;

-- Removes some of what the log tells of a deleted store, but for its deletion, in the turn; meta has how far that went.
create function drey.remove_log(p_store bigint, p_end bigint, p_most integer, p_now bigint)
returns integer language plpgsql volatile
as $$
declare
  v_removed integer;
  v_payloads bigint[];
  v_last bigint;
begin
  with gone as (
    delete from drey.log l
    using (
      select o.position from drey.log o where o.store = p_store and o.kind <> 6 and o.position < p_end
      order by o.position limit p_most
    ) b
    where l.position = b.position
    returning l.payload, l.position
  )
  select count(*), array_agg(g.payload) filter (where g.payload is not null), max(g.position)
  into v_removed, v_payloads, v_last from gone g;
  perform drey.release_payloads(v_payloads, p_now);
  insert into drey.meta as m (name, value) select 'removed', v_last where v_last is not null
  on conflict (name) do update set value = greatest(m.value, excluded.value);
  return v_removed;
end $$;

-- Gives back what closed spaces hold. Records of a cleared one become tombstones; a dropped one goes with all it holds,
-- and with the last space of a deleted store goes its log. Answers how many rows were removed.
create function drey.sweep_spaces(p_server text, p_now bigint, p_limit integer)
returns integer language plpgsql volatile
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_end bigint;
  v_space record;
  v_removed integer := 0;
  v_tombstones integer;
begin
  select t.last_position into v_end from drey.take_turn(p_server) t;
  -- An empty space costs little, but there may be many of them.
  for i in 1 .. 100 loop
    exit when v_removed >= p_limit;
    select p.space, p.store, p.state into v_space from drey.space p where p.state in (1, 3) order by p.space limit 1;
    exit when not found;
    v_removed := v_removed + drey.remove_records(v_space.space, v_space.state = 1, p_limit - v_removed, p_now);
    if v_space.state = 1 then
      if v_removed < p_limit then
        update drey.space p set state = 2 where p.space = v_space.space;
      end if;
      continue;
    end if;
    if v_removed < p_limit then
      delete from drey.tombstone t
      using (
        select o.key from drey.tombstone o where o.space = v_space.space order by o.key limit p_limit - v_removed
      ) b
      where t.space = v_space.space and t.key = b.key;
      get diagnostics v_tombstones = row_count;
      v_removed := v_removed + v_tombstones;
    end if;
    if v_removed < p_limit
      and not exists (select 1 from drey.store s where s.number = v_space.store)
      and not exists (select 1 from drey.space p where p.store = v_space.store and p.space <> v_space.space) then
      v_removed := v_removed + drey.remove_log(v_space.store, v_end, p_limit - v_removed, p_now);
    end if;
    if v_removed < p_limit then
      delete from drey.space p where p.space = v_space.space;
    end if;
  end loop;
  return v_removed;
end $$;

-- Where a reader of the log may begin, and its end.
create function drey.log_range(out first bigint, out last bigint) language sql stable
as $$
  select coalesce(j.after, m.trimmed + 1), drey.last_position()
  from (select coalesce((select value from drey.meta where name = 'trimmed'), 0) as trimmed) m
  left join drey.jump j on j.before = m.trimmed
$$;

-- Removes the oldest rows of the log, some at a time, with what only they led to; never the last. Answers how many.
create function drey.trim_log(
  p_server text, p_now bigint, p_before bigint, p_bytes_max bigint, p_rows integer, p_bytes bigint)
returns integer language plpgsql volatile
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_weight bigint;
  v_row record;
  v_trimmed bigint;
  v_first bigint;
  v_last bigint;
  v_removed integer := 0;
begin
  select t.last_weight into v_weight from drey.take_turn(p_server) t;
  v_trimmed := coalesce((select m.value from drey.meta m where m.name = 'trimmed'), 0);
  -- The end is looked up in the log itself: after a jump it is below the last position given.
  for v_row in
    select l.position, l.time, l.weight from drey.log l
    where l.position > v_trimmed and l.position < (select max(o.position) from drey.log o)
    order by l.position limit p_rows
  loop
    exit when v_row.time >= p_before and v_weight - v_row.weight <= p_bytes_max;
    v_first := coalesce(v_first, v_row.weight);
    exit when v_removed > 0 and v_row.weight - v_first > p_bytes;
    v_last := v_row.position;
    v_removed := v_removed + 1;
  end loop;
  if v_removed = 0 then
    return 0;
  end if;
  -- The clear is no longer told of, so nothing leads to the space that it closed.
  update drey.space p set state = 3
  from drey.log l
  where l.position > v_trimmed and l.position <= v_last and l.kind = 7
    and p.store = l.store and p.cleared_at = l.position;
  -- A tombstone of a key that a clear removed stays: it still tells of the clear.
  delete from drey.tombstone t
  using drey.log l
  where l.position > v_trimmed and l.position <= v_last and l.key is not null
    and t.space = l.space and t.key = l.key and t.position = l.position and t.alive = 0;
  perform drey.release_payloads(
    (select array_agg(l.payload) from drey.log l
      where l.position > v_trimmed and l.position <= v_last and l.payload is not null), p_now);
  delete from drey.log l where l.position > v_trimmed and l.position <= v_last;
  insert into drey.meta as m (name, value) values ('trimmed', v_last)
  on conflict (name) do update set value = excluded.value;
  return v_removed;
end $$;

-- Where the changes that these operations made stand, after a position. Fails where rows after it are gone and so
-- nobody can tell any more.
create function drey.positions(p_operations bigint[], p_after bigint)
returns table (operation_id bigint, "position" bigint) language plpgsql stable
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
  v_found bigint;
begin
  return query
  select l.operation_id, max(l.position) from drey.log l
  where l.position > p_after and l.operation_id = any (p_operations)
  group by l.operation_id;
  get diagnostics v_found = row_count;
  if v_found < (select count(distinct o) from unnest(p_operations) o)
    and exists (select 1 from drey.meta m where m.name in ('trimmed', 'removed') and m.value > p_after) then
    raise exception 'the log no longer tells what happened after %', p_after using errcode = 'DR005';
  end if;
end $$;

-- Follows one key back in time: through its chain in the current space, then, past each clear that took it away,
-- through those of the spaces before. Ends where the log has been trimmed.
create function drey.history(p_store bigint, p_key bytea, p_before bigint, p_limit integer)
returns setof drey.log language plpgsql stable
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  v_row drey.log;
  v_space record;
  v_version bigint;
  v_grave record;
  v_from bigint := 9223372036854775807;
  v_next bigint := 0;
  v_told boolean := false;
  v_left integer := p_limit;
begin
  if p_limit <= 0 or not exists (select 1 from drey.store s where s.number = p_store) then
    return;
  end if;
  -- A page that follows another begins at the row where that one ended, without the way there.
  select l.* into v_row from drey.log l where l.position = p_before and l.store = p_store;
  if v_row.kind = 7 then
    v_from := v_row.space;
    v_told := true;
  elsif v_row.key = p_key then
    v_from := v_row.space - 1;
    v_next := v_row.prior;
  end if;
  loop
    while v_next <> 0 loop
      select l.* into v_row from drey.log l where l.position = v_next;
      if v_row.position is null then
        return;
      end if;
      if v_row.position < p_before then
        return next v_row;
        v_left := v_left - 1;
        if v_left = 0 then
          return;
        end if;
      end if;
      v_next := v_row.prior;
    end loop;
    select p.space, p.cleared_at into v_space from drey.space p
    where p.store = p_store and p.state < 3 and p.space <= v_from order by p.space desc limit 1;
    if not found then
      return;
    end if;
    v_from := v_space.space - 1;
    select r.version into v_version from drey.record r where r.space = v_space.space and r.key = p_key;
    select t.position, t.alive into v_grave from drey.tombstone t where t.space = v_space.space and t.key = p_key;
    v_next := coalesce(v_version, v_grave.position, 0);
    if v_space.cleared_at is not null and not v_told and (v_version is not null or v_grave.alive = 1) then
      select l.* into v_row from drey.log l where l.position = v_space.cleared_at;
      if v_row.position is null then
        return;
      end if;
      if v_row.position < p_before then
        return next v_row;
        v_left := v_left - 1;
        if v_left = 0 then
          return;
        end if;
      end if;
    end if;
    v_told := false;
  end loop;
end $$;
